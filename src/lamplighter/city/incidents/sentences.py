"""The journal in plain sentences: one for each verb, with its codes in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lamplighter.city.dispatch.models import Assignment, BackupRequest, UnitKind
from lamplighter.city.field.models import Encounter, Help, Need
from lamplighter.city.intake.models import Channel, Incident, Responder

from .story import Told


@dataclass(frozen=True)
class Sentence:
    """How a verb reads: the sentence, what may follow it, and the sign beside it.

    What follows is said where the entry has every code that it names.
    """

    what: Any
    more: tuple[Any, ...] = ()
    icon: str = "history"
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the timeline, ready to be read."""

    told: Told
    what: str
    more: tuple[str, ...]
    icon: str
    tone: str


SENTENCES: Mapping[str, Sentence] = {
    "call taken": Sentence(
        _("Call taken: %(nature)s"),
        (_("It came by: %(channel)s."), "%(simulated)s"),
        icon="phone",
        tone="lit",
    ),
    "incident opened": Sentence(_("Incident opened: %(nature)s"), icon="flag"),
    "call joined incident": Sentence(_("Another call joined this incident"), icon="add"),
    "note added": Sentence(_("A note was added to the call"), icon="chat"),
    "nature changed": Sentence(
        _("What is happening was changed to: %(nature)s"), (_("It was: %(was)s."),), icon="edit"
    ),
    "call decided": Sentence(
        _("The policy decided: %(responder)s"),
        (
            _("Priority %(priority)s, help within %(target_minutes)s minutes."),
            _("Rules: %(rules)s."),
        ),
        icon="lamp",
        tone="lit",
    ),
    "decision overridden": Sentence(
        _("A person changed who goes: %(responder)s, not %(policy_says)s"),
        (_("Priority %(priority)s, help within %(target_minutes)s minutes."),),
        icon="edit",
        tone="danger",
    ),
    "unit assigned": Sentence(
        _("%(call_sign)s was sent (%(kind)s)"),
        (_("Not the team that was decided: %(other_kind_reason)s."),),
        icon="unit-sent",
    ),
    "unit accepted": Sentence(_("%(call_sign)s accepted"), icon="check"),
    "unit en route": Sentence(_("%(call_sign)s is on the way"), icon="unit-on-the-way"),
    "unit on scene": Sentence(_("%(call_sign)s arrived"), icon="unit-on-scene", tone="good"),
    "backup asked": Sentence(
        _("%(call_sign)s asked for backup: %(kind)s"),
        (_("Why: %(reason)s."),),
        icon="notifications_active",
        tone="danger",
    ),
    "encounter recorded": Sentence(
        _("%(call_sign)s recorded an encounter"),
        (
            "%(met)s. %(outcome)s.",
            _("Needs: %(needs)s."),
            _("Offered: %(offered)s."),
            _("Accepted: %(accepted)s."),
        ),
        icon="favorite_border",
        tone="good",
    ),
    "encounter looked at": Sentence(_("The name and the note were looked at"), icon="visibility"),
    "unit cleared": Sentence(
        _("%(call_sign)s ended its part: %(cleared_as)s"), icon="check_circle"
    ),
    "incident closed": Sentence(
        _("The incident closed: %(closed_as)s"), icon="check_circle", tone="good"
    ),
}

_CODES: Mapping[str, Any] = {
    "channel": Channel,
    "responder": Responder,
    "policy_says": Responder,
    "kind": UnitKind,
    "other_kind_reason": Assignment.OtherKind,
    "cleared_as": Assignment.Cleared,
    "closed_as": Incident.Closed,
    "reason": BackupRequest.Reason,
    "met": Encounter.Met,
    "outcome": Encounter.Outcome,
    "transport": Encounter.Transport,
    "needs": Need,
    "offered": Help,
    "accepted": Help,
}
_NATURES = frozenset({"nature", "was"})


def line_of(told: Told, natures: Mapping[str, str]) -> Line:
    """A journal entry in words; a verb without a sentence is shown as the verb itself."""
    sentence = SENTENCES.get(told.verb)
    words = {name: _words(name, value, natures) for name, value in told.data.items()}
    if sentence is None or (what := _filled(sentence.what, words)) is None:
        return Line(told, told.verb.capitalize(), (), "history", "")
    more = tuple(said for each in sentence.more if (said := _filled(each, words)) is not None)
    return Line(told, what, more, sentence.icon, sentence.tone)


def _filled(template: Any, words: Mapping[str, str]) -> str | None:
    """The sentence with its words; None where one of them is missing or empty."""
    present = {name: value for name, value in words.items() if value}
    try:
        return str(template) % present
    except KeyError:
        return None


def _words(name: str, value: Any, natures: Mapping[str, str]) -> str:
    if name == "simulated":
        return str(_("A simulated call.")) if value else ""
    if isinstance(value, list):
        return ", ".join(_words(name, each, natures) for each in value)
    if name in _NATURES:
        return natures.get(value, _spelled(value))
    choices = _CODES.get(name)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    return _spelled(value) if name in _CODES else str(value)


def _spelled(code: Any) -> str:
    return str(code).replace("_", " ")

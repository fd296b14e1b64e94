"""What a form holds, of a table, a fact, an answer or a promise: read from the text, or sent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from django.utils.translation import gettext as _

from lamplighter.city.refusal import Refusal
from lamplighter.policy.declarations import spoken
from lamplighter.policy.parts import Part, parts_of

LONGEST, MOST_VALUES = 20_000, 500
Kind: TypeAlias = Literal["input", "output", "promise", "table"]


@dataclass(frozen=True)
class Said:
    """A text in both languages; empty where there is none."""

    en: str = ""
    es: str = ""


@dataclass(frozen=True)
class Choice:
    """A value that may be chosen; `was` is its name in the text, empty for a new one."""

    value: str
    label: Said
    was: str = ""


@dataclass(frozen=True)
class Declared:
    """A fact that is asked for, or an answer of a table.

    `taken` is what a fact is taken for when nobody knows; `first` what every rule gives at first
    for an answer that is new; without `outcome` an answer is only a step on the way.
    """

    name: str
    label: Said
    type: str
    range: str = ""
    integer: bool = False
    values: tuple[Choice, ...] = ()
    ask: Said = Said()
    help: Said = Said()
    safety: bool = False
    known: bool = False
    taken: str = ""
    first: str = ""
    outcome: bool = True


@dataclass(frozen=True)
class Promised:
    """A promise; `parts` is None where its `never` is more than a list of tests."""

    name: str
    says: Said
    source: str
    never: str
    parts: tuple[Part, ...] | None = None


@dataclass(frozen=True)
class Tabled:
    """A table: what it is about, and which of its rules decide.

    `leaves` are the facts and earlier answers that none of its rules is to test any more.
    """

    name: str
    title: Said
    hit: str
    leaves: tuple[str, ...] = ()


Form: TypeAlias = Declared | Promised | Tabled


@dataclass(frozen=True)
class Change:
    """What somebody does with one of them: `keep` what the form says, `remove` it, or `move` it.

    `was` is its name in the text, empty for a new one; `table` that of an answer.
    """

    do: Literal["keep", "remove", "move"]
    kind: Kind
    was: str
    table: str
    by: int
    form: Form | None


def read_declared(name: str, told: Any) -> Declared:
    """What a text says of an input or an output, in plain values."""
    if isinstance(told, list):
        told = {"values": told}
    told = told if isinstance(told, dict) else {}
    values = told.get("values")
    if isinstance(values, list):
        values = {str(value): None for value in values}
    values = values if isinstance(values, dict) else {}
    return Declared(
        name=name,
        label=_said(told.get("label")),
        type=str(told.get("type") or ("choice" if values else "")),
        range=str(told.get("range") or ""),
        integer=told.get("integer") == "true",
        values=tuple(
            Choice(value, _said(label or spoken(value).en), value)
            for value, label in values.items()
        ),
        ask=_said(told.get("ask")),
        help=_said(told.get("help")),
        safety=told.get("safety") == "true",
        known=told.get("always known") == "true",
        taken=str(told.get("when unknown") or ""),
    )


def read_promised(told: Any) -> Promised:
    """What a text says of a promise."""
    told = told if isinstance(told, dict) else {}
    never = " ".join(str(told.get("never") or "").split())
    return Promised(
        str(told.get("id") or ""),
        _said(told.get("says")),
        str(told.get("source") or ""),
        never,
        parts_of(never),
    )


def read_tabled(name: str, told: Any) -> Tabled:
    """What a text says of a table, in plain values."""
    return Tabled(name, _said(told.get("title")), " ".join(str(told.get("hit") or "").split()))


def to_json(form: Form) -> dict[str, Any]:
    """For the page."""
    return asdict(form)


def read_change(sent: Any) -> Change:
    """What the page sent. Raises Refusal where it has another form."""
    try:
        do, kind, by = sent["do"], sent["kind"], sent.get("by", 0)
        if do not in ("keep", "remove", "move") or kind not in _SENT:
            raise _refuse()
        if by not in (-1, 0, 1):
            raise _refuse()
        form = _SENT[kind](sent["form"]) if do == "keep" else None
        return Change(do, kind, _text(sent, "was"), _text(sent, "table"), by, form)
    except (KeyError, TypeError, AttributeError):
        raise _refuse() from None


def _declared(sent: Mapping[str, Any]) -> Declared:
    values = sent.get("values", [])
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise _refuse()
    return Declared(
        name=_text(sent, "name"),
        label=_sent_words(sent, "label"),
        type=_text(sent, "type"),
        range=_text(sent, "range"),
        integer=sent.get("integer") is True,
        values=tuple(
            Choice(_text(one, "value"), _sent_words(one, "label"), _text(one, "was"))
            for one in values
        ),
        ask=_sent_words(sent, "ask"),
        help=_sent_words(sent, "help"),
        safety=sent.get("safety") is True,
        known=sent.get("known") is True,
        taken=_text(sent, "taken"),
        first=_text(sent, "first"),
        outcome=sent.get("outcome") is not False,
    )


def _promised(sent: Mapping[str, Any]) -> Promised:
    parts = sent.get("parts")
    return Promised(
        name=_text(sent, "name"),
        says=_sent_words(sent, "says"),
        source=_text(sent, "source"),
        never=_text(sent, "never"),
        parts=None if parts is None else tuple(_part(part) for part in parts[:100]),
    )


def _tabled(sent: Mapping[str, Any]) -> Tabled:
    leaves = sent.get("leaves", [])
    if not isinstance(leaves, list) or not all(isinstance(name, str) for name in leaves):
        raise _refuse()
    title = _sent_words(sent, "title")
    return Tabled(_text(sent, "name"), title, _text(sent, "hit"), tuple(leaves[:MOST_VALUES]))


_SENT: dict[str, Callable[[Mapping[str, Any]], Form]] = {
    "input": _declared,
    "output": _declared,
    "promise": _promised,
    "table": _tabled,
}


def _part(sent: Mapping[str, Any]) -> Part:
    sense, values = sent["sense"], sent.get("values", [])
    if sense not in ("known", "actual", "asked") or not isinstance(values, list):
        raise _refuse()
    if len(values) > MOST_VALUES or not all(isinstance(one, str) for one in values):
        raise _refuse()
    written = tuple(" ".join(value.split()) for value in values)
    return Part(_text(sent, "name"), sense, sent.get("holds") is True, written)


def _text(sent: Mapping[str, Any], name: str) -> str:
    found = sent.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST or "\0" in found:
        raise _refuse()
    return " ".join(found.split())


def _sent_words(sent: Mapping[str, Any], name: str) -> Said:
    words = sent.get(name, {})
    return Said(_text(words, "en"), _text(words, "es"))


def _said(told: Any) -> Said:
    if isinstance(told, dict):
        return Said(str(told.get("en") or ""), str(told.get("es") or ""))
    return Said(str(told or ""))


def _refuse() -> Refusal:
    return Refusal("not-a-form", _("What was sent is not a form of this page: load it again."))

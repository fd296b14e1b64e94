"""Teams put in the place of those in the form: an example, or what stood there before it."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.rehearsal.queries import histories
from lamplighter.city.rehearsal.teams.examples import example_teams
from lamplighter.city.rehearsal.teams.files import LONGEST_TEXT
from lamplighter.history import HistoryError
from lamplighter.rehearsal.example.bases import EXAMPLE
from lamplighter.rehearsal.teams_file.writing import shipped_text

# Texts that are carried along in the form.
MOST_BEFORE = 3


@dataclass(frozen=True)
class Standing:
    """The text that stands in the form, why there is no example, and what stood there before.

    before: what examples took the place of, the latest last
    """

    text: str
    before: tuple[str, ...] = ()
    trouble: str = ""


def replaced(said: QueryDict, text: str, policy: str | None) -> Standing:
    """What stands in the form after the button that was pressed, if it is one of these.

    text: the teams as they stand, with what was changed in their table
    policy: the text of the one that is chosen, if there is one
    """
    before = tuple(map(_whole, said.getlist("teams_before")[-MOST_BEFORE:]))
    change = said.get("change")
    if change == "put back" and before:
        return Standing(before[-1], before[:-1])
    if change != "example":
        return Standing(text, before)
    asked = said.get("history")
    history = next((one for one in histories() if str(one.pk) == asked), None)
    if history is None:
        return Standing(text, before, _("These calls are not here any more: choose others."))
    try:
        example = example_teams(history, policy)
    except HistoryError:
        return Standing(text, before, _damaged(history))
    return Standing(example, before if example == text else (*before, text)[-MOST_BEFORE:])


def first_teams(history: ImportedHistory | None, policy: str | None) -> Standing:
    """The example that stands there first; where these calls cannot be read, the one that ships."""
    try:
        return Standing(example_teams(history, policy))
    except HistoryError:
        assert history is not None, "without calls nothing is read"
        return Standing(shipped_text(EXAMPLE), trouble=_damaged(history))


def text_of(said: QueryDict) -> str:
    """The team file that a form sends."""
    return _whole(said.get("teams_text", ""))


def _whole(sent: str | None) -> str:
    return (sent or "").replace("\r\n", "\n")[:LONGEST_TEXT]


def _damaged(history: ImportedHistory) -> str:
    return _(
        "The file of “%(name)s” is missing or damaged: choose other calls, or have these brought "
        "in again."
    ) % {"name": history.name}

"""Teams put in the place of those in the form: an example, or what stood there before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.rehearsal.queries import histories
from lamplighter.city.rehearsal.teams.examples import example_teams
from lamplighter.city.rehearsal.teams.files import LONGEST_TEXT
from lamplighter.history import HistoryError
from lamplighter.rehearsal.example.bases import EXAMPLE
from lamplighter.rehearsal.teams_file.writing import shipped_text


@dataclass(frozen=True)
class Standing:
    """The text that stands in the form, what an example took the place of, why there is none."""

    text: str
    before: str = ""
    trouble: str = ""


def replaced(said: Mapping[str, Any], text: str, policy: str | None) -> Standing:
    """What stands in the form after the button that was pressed, if it is one of these.

    text: the teams as they stand, with what was changed in their table
    policy: the text of the one that is chosen, if there is one
    """
    before = text_of(said, "teams_before")
    change = said.get("change")
    if change == "put back" and before:
        return Standing(before)
    if change != "example":
        return Standing(text, before)
    asked = said.get("history")
    history = next((one for one in histories() if str(one.pk) == asked), None)
    if history is None:
        return Standing(text, before, _("These calls are not here any more: choose others."))
    try:
        return Standing(example_teams(history, policy), text)
    except HistoryError:
        return Standing(text, before, _damaged(history))


def first_teams(history: ImportedHistory | None, policy: str | None) -> Standing:
    """The example that stands there first; where these calls cannot be read, the one that ships."""
    try:
        return Standing(example_teams(history, policy))
    except HistoryError:
        assert history is not None, "without calls nothing is read"
        return Standing(shipped_text(EXAMPLE), trouble=_damaged(history))


def text_of(said: Mapping[str, Any], field: str) -> str:
    """A team file as a form sends it."""
    return str(said.get(field, "")).replace("\r\n", "\n")[:LONGEST_TEXT]


def _damaged(history: ImportedHistory) -> str:
    return _(
        "The file of “%(name)s” is missing or damaged: choose other calls, or have these brought "
        "in again."
    ) % {"name": history.name}

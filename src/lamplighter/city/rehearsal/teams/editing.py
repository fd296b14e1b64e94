"""Teams as somebody changes them, as a table or as text: what was changed last counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.rehearsal.teams_file.writing import with_costs, with_units

from .files import TeamsTold, read_team_text, tell_teams
from .table import TeamTable, changed_rows, hash_of, table_of


@dataclass(frozen=True)
class Edited:
    """The text as it now stands, its table (None: the text cannot be read), what is to be said.

    `by_table`: the table was changed last, so its fields stand as they are on the page.
    """

    text: str
    table: TeamTable | None
    told: TeamsTold
    by_table: bool = False


def edit_teams(text: str, data: Mapping[str, Any], language: str) -> Edited:
    """The teams of a form.

    A table names the text that it was made of. Where that is the text of the form, nobody has
    changed the text since: the table is put into it. Where it is not, the text was changed after
    the table, and counts. What cannot be read changes nothing, and is told beside its field.
    """
    teams = read_team_text(text).teams
    if teams is None or data.get("table_of") != hash_of(text):
        table = None if teams is None else table_of(text, teams, language)
        return Edited(text, table, tell_teams(text, language))
    filled = table_of(text, teams, language, data)
    if not filled.is_valid():
        says = _("Something in the table cannot be read: it is named beside its field.")
        return Edited(text, filled, TeamsTold(False, (says,)), by_table=True)
    rows = changed_rows(filled.unit_rows(), data.get("change", ""))
    changed = with_costs(with_units(text, rows), filled.cost_rows())
    told = tell_teams(changed, language)
    if not told.good:
        return Edited(text, filled, told, by_table=True)
    now = read_team_text(changed).teams
    assert now is not None, "it was read a line ago"
    return Edited(changed, table_of(changed, now, language), told, by_table=True)

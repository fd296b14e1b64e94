"""A team file as somebody types it: read by the library, told in words, or what is wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lamplighter.rehearsal.teams import Kind, Shift, Teams

if TYPE_CHECKING:
    from lamplighter.rehearsal.teams_file import TeamsError

# The text of a form is no file, and has no name.
WHERE = ""
LONGEST_TEXT = 200_000


@dataclass(frozen=True)
class ReadTeams:
    """The teams of a text, or what is wrong with it."""

    teams: Teams | None
    refused: "TeamsError | None" = None

    def problems(self, language: str) -> tuple[str, ...]:
        """One sentence for each thing that is wrong."""
        return () if self.refused is None else self.refused.in_language(language)


@dataclass(frozen=True)
class KindTold:
    """A kind of responder in words: who, how many units, how many hours on duty in a week."""

    name: str
    units: int
    hours: float
    says: str


@dataclass(frozen=True)
class TeamsTold:
    """What a team file says, for who writes it."""

    good: bool
    problems: tuple[str, ...] = ()
    name: str = ""
    kinds: tuple[KindTold, ...] = ()


@lru_cache(maxsize=32)
def read_team_text(text: str) -> ReadTeams:
    """Read a team file; whatever is wrong with it is told, and nothing is raised."""
    from lamplighter.rehearsal.teams_file import TeamsError, parse_teams

    try:
        return ReadTeams(parse_teams(text, WHERE))
    except TeamsError as error:
        return ReadTeams(None, error)


def tell_teams(text: str, language: str) -> TeamsTold:
    """What a text says of its teams, in the reader's language."""
    read = read_team_text(text)
    if read.teams is None:
        return TeamsTold(False, read.problems(language))
    teams = read.teams
    kinds = tuple(_kind(teams, kind, language) for kind in teams.kinds.values())
    return TeamsTold(True, name=teams.name, kinds=kinds)


def hours_a_week(shift: Shift) -> float:
    """How many hours of units a shift brings in a week."""
    begins = shift.begins.hour + shift.begins.minute / 60
    ends = shift.ends.hour + shift.ends.minute / 60 + (24 if shift.next_day else 0)
    return (ends - begins) * shift.number * len(shift.days)


def in_language(label: Mapping[str, str], language: str, name: str) -> str:
    """Words of a team file; where it has none, the name itself."""
    return label.get(language) or label.get("en") or name.replace("_", " ").capitalize()


def _kind(teams: Teams, kind: Kind, language: str) -> KindTold:
    units = [unit for unit in teams.units if unit.kind == kind.name]
    most = sum(max((shift.number for shift in unit.shifts), default=0) for unit in units)
    hours = sum(hours_a_week(shift) for unit in units for shift in unit.shifts)
    if kind.unlimited:
        says = _("There is always one; not what is rehearsed.")
    elif not units:
        says = _("Nobody: the file has no unit of this kind.")
    else:
        says = _("%(units)s at most at once, %(hours)s hours on duty in a week") % {
            "units": most,
            "hours": f"{hours:g}",
        }
    return KindTold(in_language(kind.label, language, kind.name), most, hours, says)

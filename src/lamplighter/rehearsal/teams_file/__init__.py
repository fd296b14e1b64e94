"""Team files: who the teams are, written so that a program manager can read and change it."""

from lamplighter.rehearsal.teams_file.errors import TeamsError
from lamplighter.rehearsal.teams_file.meeting import area_middles, settled, warnings_of
from lamplighter.rehearsal.teams_file.reading import parse_teams, read_teams, shipped_teams

__all__ = [
    "TeamsError",
    "area_middles",
    "parse_teams",
    "read_teams",
    "settled",
    "shipped_teams",
    "warnings_of",
]

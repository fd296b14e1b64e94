"""The example team file for the calls at hand: as many units as they ask for, where they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lamplighter.history import open_history
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.tally import main_output
from lamplighter.rehearsal.demand import calls_alone
from lamplighter.rehearsal.example.bases import EXAMPLE, based, places_of
from lamplighter.rehearsal.example.head import head_of
from lamplighter.rehearsal.example.sizes import sizes_of
from lamplighter.rehearsal.teams import Teams
from lamplighter.rehearsal.teams_file import parse_teams
from lamplighter.rehearsal.teams_file.meeting import said_by
from lamplighter.rehearsal.teams_file.writing import shipped_text, with_staffing, without_kinds


class ExampleError(ValueError):
    """The example fits no call of a policy: which, and what to do."""


def example_for(
    path: str | Path, policy: Policy, *, progress: Callable[[int, int], None] | None = None
) -> str:
    """The text of the example team file for the calls of a history, to be changed.

    It has the kinds that the policy sends, each with at least one unit, and as many as `sizes_of`
    finds for these calls. A kind has no more bases than units on duty. The target and what is
    assumed stand at its top, in English and in Spanish.

    Raises HistoryError as `calls_of`, and ExampleError where the policy sends no kind of it.
    """
    history = open_history(path)
    text = _of_policy(shipped_text(EXAMPLE), policy)
    places = places_of(history)
    calls = calls_alone(path, policy, progress=progress)
    everywhere = based(text, places)
    sizes = sizes_of(calls, parse_teams(everywhere))
    written = based(text, places, {size.kind.name: size.most for size in sizes})
    if written != everywhere:
        # From fewer bases the way is longer.
        sizes = sizes_of(calls, parse_teams(written))
    numbers = {key: number for size in sizes for key, number in size.numbers.items()}
    # What the shipped text says of its own city stands before its first empty remark.
    rest = with_staffing(written, numbers).partition("#\n")[2]
    return head_of(history.info.city, policy.name, sizes) + rest


def _of_policy(text: str, policy: Policy) -> str:
    """The text with those kinds alone that the policy sends, and those who take over from them."""
    teams, said = parse_teams(text), set(said_by(policy, main_output(policy)))
    having = {unit.kind for unit in teams.units}
    sent = {name for name in having if said & set(teams.kinds[name].answers)}
    if not sent:
        answers = sorted(answer for name in having for answer in teams.kinds[name].answers)
        raise ExampleError(
            f"the policy {policy.name} sends nobody whom the example has ({', '.join(answers)}): "
            "write a team file with the answers of its rules, as docs/team-files.md shows."
        )
    return without_kinds(text, having - _with_others(teams, sent))


def _with_others(teams: Teams, sent: set[str]) -> set[str]:
    """Kinds, and all that they name."""
    named = {
        other
        for kind in (teams.kinds[name] for name in sent)
        for other in (kind.takes_over, kind.together_with, kind.backup_kind)
        if other is not None
    }
    return sent if named <= sent else _with_others(teams, sent | named)

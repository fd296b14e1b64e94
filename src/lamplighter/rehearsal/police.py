"""Police minutes that other teams freed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Run
from lamplighter.rehearsal.simulator.durations import mean_minutes
from lamplighter.rehearsal.teams import Kind, Step, Teams

Array = npt.NDArray[Any]


def police_minutes_freed(calls: Calls, teams: Teams, run: Run) -> Array:
    """For each call the mean police minutes that it did not take, because another team came.

    A call frees `minutes_if_police` of the unarmed kind that came. It frees nothing where an
    armed unit went along from the start. Where the team asked for armed backup, the mean minutes
    of that backup on scene are taken off, and the result may be negative.
    """
    armed_partner = np.array(
        [
            *(_armed(teams, teams.second_unit.get(value)) for value in calls.backups),
            False,
        ]
    )[calls.backup]
    freed = np.zeros(len(calls))
    for number, name in enumerate(run.kinds):
        kind = teams.kinds[name]
        if kind.armed or kind.minutes_if_police is None or _armed(teams, kind.together_with):
            continue
        came = (run.kind == number) & ~armed_partner
        freed[came] = _means(kind.minutes_if_police, calls)[came]
        if _armed(teams, kind.backup_kind):
            asked = came & run.backup
            freed[asked] -= _means(kind.backup_on_scene, calls)[asked]
    return freed


def _armed(teams: Teams, name: str | None) -> bool:
    kind: Kind | None = teams.kinds.get(name) if name else None
    return kind is not None and kind.armed


def _means(step: Step, calls: Calls) -> Array:
    by_nature = [step.by_nature.get(name, step.usual) for name in calls.natures]
    return np.array([mean_minutes(one) for one in [*by_nature, step.usual]])[calls.nature]

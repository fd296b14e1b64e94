"""Minutes of steps as tables that the event loop draws from, and their means."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, isfinite

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.simulator.errors import SimulationError
from lamplighter.rehearsal.teams import Law, Minutes, Step

LAWS = tuple(Law)
# The event loop counts on it that no way and no work is without end.
LONGEST = 1e7
MOST_SIGMA = 20.0


def check_minutes(minutes: Minutes, where: str) -> None:
    """Refuse minutes that nothing can take: negative, endless, or percentiles out of order.

    Raises SimulationError, with `where` the minutes stand.
    """
    values, at = minutes.values, minutes.at
    lengths = {Law.FIXED: 1, Law.EXPONENTIAL: 1, Law.LOGNORMAL: 2}
    if not all(isfinite(value) for value in (*values, *at)):
        raise SimulationError(f"{where}: minutes must be finite numbers; it has {values}.")
    if any(value > LONGEST for value in values):
        raise SimulationError(
            f"{where}: minutes cannot be longer than {LONGEST:,.0f}; it has {max(values):g}."
        )
    if minutes.law is Law.LOGNORMAL and any(sigma > MOST_SIGMA for sigma in values[1:]):
        raise SimulationError(
            f"{where}: the sigma of lognormal minutes is at most {MOST_SIGMA:g}; it has {values}."
        )
    if any(value < 0 for value in values):
        raise SimulationError(f"{where}: minutes cannot be negative; it has {min(values):g}.")
    if minutes.law is Law.PERCENTILES:
        rising = all(a < b for a, b in pairwise(at))
        if len(at) != len(values) or len(at) < 2 or at[0] != 0 or at[-1] != 1 or not rising:
            raise SimulationError(
                f"{where}: percentiles need one value for each share, and shares that rise "
                f"from 0 to 1; it has shares {at} and values {values}."
            )
        if any(a > b for a, b in pairwise(values)):
            raise SimulationError(f"{where}: a higher percentile cannot be less; it has {values}.")
    elif len(values) != lengths[minutes.law]:
        raise SimulationError(
            f"{where}: {minutes.law} minutes take {lengths[minutes.law]} numbers, not {values}."
        )


def mean_minutes(minutes: Minutes) -> float:
    """The mean of the minutes of a step.

    >>> mean_minutes(Minutes(Law.PERCENTILES, (0.0, 10.0, 30.0), (0.0, 0.5, 1.0)))
    12.5
    """
    values, at = minutes.values, minutes.at
    match minutes.law:
        case Law.PERCENTILES:
            parts = zip(at, at[1:], values, values[1:], strict=False)
            return sum((to - start) * (low + high) / 2 for start, to, low, high in parts)
        case Law.LOGNORMAL:
            return values[0] * exp(values[1] ** 2 / 2)
        case _:
            return values[0]


@dataclass
class DrawTables:
    """All minutes of a scenario, each once: its law, and where its numbers stand in a row."""

    laws: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    known: dict[Minutes, int] = field(default_factory=dict)

    def number(self, minutes: Minutes, where: str) -> int:
        """The number of these minutes; the same minutes have the same number."""
        if minutes not in self.known:
            check_minutes(minutes, where)
            self.known[minutes] = len(self.laws)
            self.laws.append(LAWS.index(minutes.law))
            self.firsts.append(len(self.values))
            self.counts.append(len(minutes.values))
            self.values.extend(minutes.values)
            self.at.extend(minutes.at or (0.0,) * len(minutes.values))
        return self.known[minutes]

    def row(self, step: Step, natures: Sequence[str], where: str) -> npt.NDArray[np.int64]:
        """The number for calls without a nature, and then for each."""
        usual = self.number(step.usual, where)
        row = np.full(len(natures) + 1, usual, np.int64)
        for nature, minutes in step.by_nature.items():
            number = self.number(minutes, f"{where}, {nature}")
            if nature in natures:
                row[natures.index(nature) + 1] = number
        return row

"""The target that a staffing must meet, and how near a run comes to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import HOURS_OF_WEEK, Calls
from lamplighter.rehearsal.intervals import interval_of
from lamplighter.rehearsal.outcome import Interval, Reason, Run, Status

Places = npt.NDArray[np.intp]
NUMBER = r"(\d+(?:\.\d+)?)"
WORDS = re.compile(
    rf"\s*{NUMBER}\s*%\s*within\s*{NUMBER}\s*(?:min|minutes)?"
    rf"(?:\s*,?\s*at most\s*{NUMBER}\s*%\s*fall back)?\s*",
    re.IGNORECASE,
)


class StaffingError(ValueError):
    """A staffing that cannot be searched: what is wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """Calls that are the teams' to answer must be met so, by each kind of team that is staffed.

    share: at least this share of them is met by the right kind within `minutes` of the call
    fall_back: at most this share goes to another kind, is given up, or is met by nobody
    hours: the hours of week (0 is Monday from midnight to one) for which it is promised; None: all

    Both shares are of the same calls: all that the kind is to answer in these hours, but those to
    which police came first by themselves. A call that falls back is not within.
    """

    share: float = 0.9
    minutes: float = 20.0
    fall_back: float = 0.05
    hours: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if not (0 < self.share <= 1 and 0 <= self.fall_back <= 1 and 0 < self.minutes < inf):
            raise StaffingError(
                f"the target {self} cannot be: shares lie from 0 to 1, minutes are above 0"
            )
        if self.hours is not None and not (
            self.hours and all(0 <= hour < HOURS_OF_WEEK for hour in self.hours)
        ):
            raise StaffingError("the hours of a target are hours of week from 0 to 167, at least 1")

    def __str__(self) -> str:
        return (
            f"{self.share * 100:g} % within {self.minutes:g} minutes, "
            f"at most {self.fall_back * 100:g} % fall back"
        )


def parse_target(text: str) -> Target:
    """Read a target as people write it.

    StaffingError: it is not of this form.

    >>> parse_target("85 % within 30 minutes, at most 10 % fall back")
    Target(share=0.85, minutes=30.0, fall_back=0.1, hours=None)
    """
    found = WORDS.fullmatch(text)
    if found is None:
        raise StaffingError(
            f"the target {text!r} is not understood: "
            'write it as "90 % within 20 minutes, at most 5 % fall back"'
        )
    share, minutes, fall_back = found.groups()
    usual = Target()
    return Target(
        float(share) / 100,
        float(minutes),
        usual.fall_back if fall_back is None else float(fall_back) / 100,
    )


@dataclass(frozen=True, slots=True)
class Met:
    """Shares of calls that were within the minutes, and that fell back."""

    within: float
    fall_back: float


@dataclass(frozen=True, slots=True)
class Score:
    """How one run meets a target: all calls together, those of each kind, and how busy units were.

    busy: share of the minutes on duty of all units that are staffed
    """

    whole: Met
    kinds: tuple[Met, ...]
    busy: float


def counted_calls(calls: Calls, answers: frozenset[str], target: Target) -> Places:
    """The calls of which a target speaks, by their place; `answers` are those of a kind."""
    ours = np.array([*(name in answers for name in calls.responders), False])
    chosen = ours[calls.responder]
    if target.hours is not None:
        promised = np.zeros(HOURS_OF_WEEK, bool)
        promised[sorted(target.hours)] = True
        chosen = chosen & promised[calls.hour_of_week]
    return np.flatnonzero(chosen)


def score_of(
    calls: Calls, run: Run, counted: Sequence[Places], kinds: Sequence[str], target: Target
) -> Score:
    """The score of a run; `counted` are the calls of each kind."""
    units = np.array([kind in kinds for kind in run.unit_kinds], bool)
    duty = float(run.on_duty[units].sum())
    tallies = np.array([_tally(calls, run, its, target) for its in counted])
    return Score(
        whole=_met(tallies.sum(axis=0)),
        kinds=tuple(_met(tally) for tally in tallies),
        busy=float(run.busy[units].sum()) / duty if duty else 0.0,
    )


def _tally(calls: Calls, run: Run, counted: Places, target: Target) -> tuple[int, int, int]:
    """How many calls count, were served, and were served in time."""
    status, reason = run.status[counted], run.reason[counted]
    known = (reason != Reason.POLICE_FIRST) & (status != Status.NOT_REHEARSED)
    served = known & (status == Status.SERVED)
    minutes = run.arrived[counted] - calls.minute[counted]
    within = served & (minutes <= target.minutes)
    return int(known.sum()), int(served.sum()), int(within.sum())


def _met(tally: npt.NDArray[np.int64]) -> Met:
    """Without a call that counts every promise is kept."""
    known, served, within = (int(count) for count in tally)
    return Met(within / known, 1 - served / known) if known else Met(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class MetOver:
    """`Met`, over replications."""

    within: Interval
    fall_back: Interval

    def lack(self, target: Target) -> float:
        return max(target.share - self.within.mean, 0.0) + max(
            self.fall_back.mean - target.fall_back, 0.0
        )

    def confirms(self, target: Target) -> bool | None:
        if self.within.low >= target.share and self.fall_back.high <= target.fall_back:
            return True
        if self.within.high < target.share or self.fall_back.low > target.fall_back:
            return False
        return None


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one plan over its replications."""

    scores: tuple[Score, ...]

    @property
    def whole(self) -> MetOver:
        return _over([one.whole for one in self.scores])

    @property
    def kinds(self) -> tuple[MetOver, ...]:
        number = len(self.scores[0].kinds)
        return tuple(_over([one.kinds[kind] for one in self.scores]) for kind in range(number))

    @property
    def busy(self) -> Interval:
        return interval_of(np.array([one.busy for one in self.scores]))

    def lack(self, target: Target) -> float:
        """By how much the means of the kinds miss the target, in sum; 0: each meets it."""
        return sum(one.lack(target) for one in self.kinds)

    def confirms(self, target: Target) -> bool | None:
        """Whether each kind's 95 % intervals lie inside the target (True), one's outside (False).

        None: across it.
        """
        found = [one.confirms(target) for one in self.kinds]
        if False in found:
            return False
        return None if None in found else True


def _over(met: Sequence[Met]) -> MetOver:
    return MetOver(
        interval_of(np.array([one.within for one in met])),
        interval_of(np.array([one.fall_back for one in met])),
    )

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
            f"{self.share * 100:g}% within {self.minutes:g} minutes, "
            f"at most {self.fall_back * 100:g}% fall back"
        )


def parse_target(text: str) -> Target:
    """Read a target as people write it.

    StaffingError: it is not of this form.

    >>> parse_target("85% within 30 minutes, at most 10% fall back")
    Target(share=0.85, minutes=30.0, fall_back=0.1, hours=None)
    """
    found = WORDS.fullmatch(text)
    if found is None:
        raise StaffingError(
            f"the target {text!r} is not understood: "
            'write it as "90% within 20 minutes, at most 5% fall back"'
        )
    share, minutes, fall_back = found.groups()
    usual = Target()
    return Target(
        float(share) / 100,
        float(minutes),
        usual.fall_back if fall_back is None else float(fall_back) / 100,
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """Calls of one kind of team that count, that it served, and that it served in time."""

    calls: int
    served: int
    within: int


@dataclass(frozen=True, slots=True)
class Score:
    """How one run meets a target, by kind; `busy` is the share of all their minutes on duty."""

    kinds: tuple[Tally, ...]
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
    return Score(
        kinds=tuple(_tally(calls, run, its, target) for its in counted),
        busy=float(run.busy[units].sum()) / duty if duty else 0.0,
    )


def _tally(calls: Calls, run: Run, counted: Places, target: Target) -> Tally:
    status, reason = run.status[counted], run.reason[counted]
    known = (reason != Reason.POLICE_FIRST) & (status != Status.NOT_REHEARSED)
    served = known & (status == Status.SERVED)
    minutes = run.arrived[counted] - calls.minute[counted]
    within = served & (minutes <= target.minutes)
    return Tally(int(known.sum()), int(served.sum()), int(within.sum()))


@dataclass(frozen=True, slots=True)
class Met:
    """Shares of calls that were within the minutes, and that fell back, over replications."""

    within: Interval
    fall_back: Interval

    def lack(self, target: Target) -> float:
        """By how much the means miss the target; 0: they meet it."""
        return max(target.share - self.within.mean, 0.0) + max(
            self.fall_back.mean - target.fall_back, 0.0
        )

    def confirms(self, target: Target) -> bool | None:
        """Whether the 95 % intervals lie inside the target (True), outside, or across it (None)."""
        if self.within.low >= target.share and self.fall_back.high <= target.fall_back:
            return True
        if self.within.high < target.share or self.fall_back.low > target.fall_back:
            return False
        return None


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one plan over its replications."""

    scores: tuple[Score, ...]

    def met(self, *kinds: int) -> Met:
        """The shares of the calls of these kinds together; all are kept where there is no call."""
        tallies = np.array(
            [
                [(one.calls, one.served, one.within) for one in (score.kinds[k] for k in kinds)]
                for score in self.scores
            ],
            np.float64,
        ).sum(axis=1)
        calls, served, within = tallies.T
        some = np.maximum(calls, 1)
        return Met(
            interval_of(np.where(calls > 0, within / some, 1.0)),
            interval_of(np.where(calls > 0, 1 - served / some, 0.0)),
        )

    @property
    def busy(self) -> Interval:
        return interval_of(np.array([one.busy for one in self.scores]))

    def lack(self, target: Target, kinds: Sequence[int]) -> float:
        """By how much the means of these kinds miss the target, in sum; 0: each meets it."""
        return sum(self.met(kind).lack(target) for kind in kinds)

    def confirms(self, target: Target, kinds: Sequence[int]) -> bool | None:
        """Whether the intervals of each kind lie inside the target; False: those of one do not."""
        found = [self.met(kind).confirms(target) for kind in kinds]
        if False in found:
            return False
        return None if None in found else True

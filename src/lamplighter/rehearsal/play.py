"""Playing a history: its calls come to a running city, one after another, faster or slower."""

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from lamplighter.history import CallRow, StartedBy
from lamplighter.rehearsal.caller import Caller, MadeCall
from lamplighter.rehearsal.city_api import CityRefused
from lamplighter.rehearsal.durations import Durations, draw_minutes
from lamplighter.rehearsal.team import SentUnit, Teams

# Without a good token nothing of a play can be done, so it ends.
NOT_LET_IN = frozenset({401, 403})
TRY_AGAIN_MINUTES = 4.0


@dataclass
class PlayReport:
    """What a play has done so far; `skipped` and `refused` are counted by reason."""

    calls: int = 0
    questions: int = 0
    moved: int = 0
    units_sent: int = 0
    cleared: int = 0
    responders: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Pace:
    """How fast a play goes.

    A minute of the history lasts `60 / speed` seconds, and one of the teams' work
    `60 / team_speed`. The first `begin_with` calls come at once, on an empty board. Calls come no
    closer than `most_a_second`, however fast a play is asked to be, and where `longest_gap` is
    given, none is waited for longer than so many seconds.
    """

    speed: float
    team_speed: float
    begin_with: int = 0
    most_a_second: float = 5.0
    longest_gap: float | None = None


class Player:
    """Feeds a history to a city in its own order and rhythm.

    One thing happens at a time, so that a play never floods a city: where it cannot keep up, calls
    come later.

    clock: the time now, with its zone; sleep: wait so many seconds. Both are given, so that a test
    plays a year in a moment.
    """

    def __init__(
        self,
        caller: Caller,
        teams: Teams | None,
        *,
        pace: Pace,
        durations: Durations,
        generator: random.Random,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        tell: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._caller = caller
        self._teams = teams
        self._pace = pace
        self._at_once = pace.begin_with
        self._durations = durations
        self._generator = generator
        self._clock = clock
        self._sleep = sleep
        self._tell = tell
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._start = clock()
        self.report = PlayReport()

    def play(self, rows: Iterable[CallRow]) -> PlayReport:
        """Play all rows, then until the last team has cleared; gives what was done."""
        calls = self._worth_calling(rows)
        self._next_call(calls, None)
        while self._events:
            due, _number, happen = heapq.heappop(self._events)
            if (wait := due - self._elapsed()) > 0:
                self._sleep(wait)
            happen()
        return self.report

    def _worth_calling(self, rows: Iterable[CallRow]) -> Iterator[CallRow]:
        for row in rows:
            if row.started_by is StartedBy.OFFICER:
                self.report.skipped["started by officers"] += 1
            elif row.nature is None:
                self.report.skipped["no nature of ours"] += 1
            else:
                yield row

    def _next_call(self, calls: Iterator[CallRow], before: CallRow | None) -> None:
        row = next(calls, None)
        if row is None:
            return
        gap = 0.0
        if before is not None and not self._at_once:
            gap = (row.time - before.time).total_seconds() / self._pace.speed
            gap = min(gap, self._pace.longest_gap or gap)
        self._at_once = max(0, self._at_once - 1)
        self._after(max(gap, 1 / self._pace.most_a_second), lambda: self._call(row, calls))

    def _call(self, row: CallRow, calls: Iterator[CallRow]) -> None:
        self._next_call(calls, row)
        try:
            made = self._caller.call(row, self._clock())
        except CityRefused as refusal:
            if refusal.status in NOT_LET_IN:
                raise
            self.report.refused[refusal.code] += 1
            self._tell(f"refused: {refusal.sentence}")
            return
        self.report.calls += 1
        self.report.questions += made.questions
        self.report.moved += made.moved
        self.report.responders[made.responder] += 1
        self._tell(_said(made))
        if self._teams is not None:
            wait = draw_minutes(self._durations.request_to_dispatch, self._generator)
            self._after_work(wait, lambda: self._send(made.incident_id))

    def _send(self, incident_id: UUID, *, stand_ins: bool = False) -> None:
        assert self._teams is not None
        try:
            sent = self._teams.send(incident_id, stand_ins=stand_ins)
        except CityRefused as refusal:
            self.report.refused[refusal.code] += 1
            return
        for unit in sent.units:
            self.report.units_sent += 1
            self._plan(unit)
        if sent.still_missing:
            # The next time somebody of the next best kind goes.
            self._after_work(TRY_AGAIN_MINUTES, lambda: self._send(incident_id, stand_ins=True))

    def _plan(self, unit: SentUnit) -> None:
        ride = draw_minutes(self._durations.dispatch_to_arrival, self._generator)
        work = draw_minutes(self._durations.arrival_to_departure, self._generator)
        # Accepting and setting out are the first part of the time to arrival; shares assumed.
        self._after_work(ride * 0.1, lambda: self._step(unit, "accepted"))
        self._after_work(ride * 0.2, lambda: self._step(unit, "en_route"))
        self._after_work(ride, lambda: self._step(unit, "on_scene"))
        self._after_work(ride + work, lambda: self._finish(unit))

    def _step(self, unit: SentUnit, step: str) -> None:
        assert self._teams is not None
        self._teams.step(unit, step)

    def _finish(self, unit: SentUnit) -> None:
        assert self._teams is not None
        if self._teams.finish(unit):
            self.report.cleared += 1
            self._tell(f"{unit.call_sign} cleared")

    def _after_work(self, minutes: float, happen: Callable[[], None]) -> None:
        self._after(minutes * 60 / self._pace.team_speed, happen)

    def _after(self, seconds: float, happen: Callable[[], None]) -> None:
        due = self._elapsed() + seconds
        heapq.heappush(self._events, (due, next(self._numbers), happen))

    def _elapsed(self) -> float:
        return (self._clock() - self._start).total_seconds()


def _said(made: MadeCall) -> str:
    nature, responder = made.nature.replace("_", " "), made.responder.replace("_", " ")
    return f"{nature}: {responder}, target {made.target_minutes} min, {made.questions} questions"

"""The last day of the sample city: calls that were taken, answered and closed before it opens.

Every step goes through the same verbs as a person's, at the time that it would have been taken.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import assign_unit, clear_assignment, take_step
from lamplighter.city.dispatch.models import Unit
from lamplighter.city.dispatch.needs import decided_kinds
from lamplighter.city.field.actions import NewEncounter, record_encounter
from lamplighter.city.intake.actions import NewCall, take_call
from lamplighter.city.policies.interview import decide_or_ask
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.history import CallRow
from lamplighter.policy import UNKNOWN, Decision
from lamplighter.rehearsal.answers import Answer, Rates, load_rates
from lamplighter.rehearsal.durations import Durations, draw_minutes
from lamplighter.rehearsal.encounters import CLEARED_AS, draw_encounter

from .staff import crew_of

# Between the last of these calls and the opening of the city every one of them has been closed.
QUIET = timedelta(minutes=100)
LONGEST_STEP = timedelta(minutes=30)
TRY_AGAIN = timedelta(minutes=4)
# The percentiles are those of mobile crisis teams, taken as the pace of a call with a target of an
# hour; more urgent ones are answered faster in proportion: assumed.
MINUTES_AT_THAT_PACE = 60


@dataclass
class _Past:
    """What happened, in order of time: the journal is written as it would have been."""

    desk: User
    until: datetime
    generator: random.Random
    rates: Rates = field(default_factory=load_rates)
    durations: Durations = field(default_factory=Durations)
    units: dict[str, list[Unit]] = field(default_factory=dict)
    crews: dict[str, User] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    events: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def at(self, when: datetime, happen: Callable[[datetime], None]) -> None:
        heapq.heappush(self.events, (when, next(self.numbers), happen))

    def minutes(self, percentiles: tuple[float, ...], pace: float = 1.0) -> timedelta:
        drawn = timedelta(minutes=pace * draw_minutes(percentiles, self.generator))
        return min(drawn, LONGEST_STEP)


def take_past_calls(rows: Iterable[CallRow], *, desk: User, now: datetime, seed: int) -> int:
    """Take the calls of a history as if they had come just before `now`; gives how many."""
    calls = list(rows)
    if not calls:
        return 0
    past = _Past(desk, now, random.Random(seed))  # noqa: S311 (a sample, not a secret)
    people = {user.username: user for user in User.objects.all()}
    for unit in Unit.objects.filter(retired_at=None):
        past.units.setdefault(unit.kind, []).append(unit)
        if crew := crew_of(unit):
            past.crews[str(unit.pk)] = people[crew[0]]
    shift = now - QUIET - calls[-1].time
    # One transaction: either the whole day is there or none of it, and the disk waits once.
    with transaction.atomic():
        for row in calls:
            past.at(row.time + shift, lambda when, row=row: _call(past, row, when))
        while past.events:
            when, _number, happen = heapq.heappop(past.events)
            happen(when)
    return len(calls)


def _call(past: _Past, row: CallRow, when: datetime) -> None:
    taken = take_call(
        NewCall(
            id=uuid7(),
            channel="911",
            received_at=when,
            facts=_facts(past, row, when),
            address=row.place or "",
            latitude=row.latitude,
            longitude=row.longitude,
            simulated=True,
        ),
        by=past.desk,
        now=when + timedelta(seconds=past.generator.randint(35, 150)),
    )
    pace = min(1.0, taken.decision.target_minutes / MINUTES_AT_THAT_PACE)
    wait = past.minutes(past.durations.request_to_dispatch, pace)
    for kind in sorted(decided_kinds([taken.decision])):
        past.at(
            taken.call.taken_at + wait,
            lambda at, kind=kind: _send(past, taken.call.incident_id, kind, pace, at),
        )


def _facts(past: _Past, row: CallRow, when: datetime) -> dict[str, Answer]:
    """The answers to the questions that the policy asks, one after another."""
    policy = in_force(FIRST_RESPONSE, when).policy
    facts: dict[str, Answer] = {"nature": str(row.nature)}
    while True:
        known = {name: UNKNOWN if v == "unknown" else v for name, v in facts.items()}
        said = decide_or_ask(policy, known)
        if isinstance(said, Decision):
            return facts
        facts[said.ask] = past.rates.answer(str(row.nature), said.ask, past.generator)


def _send(past: _Past, incident_id: UUID, kind: str, pace: float, when: datetime) -> None:
    free = [unit for unit in past.units.get(kind, []) if str(unit.pk) not in past.busy]
    if when > past.until - 2 * LONGEST_STEP:
        return  # too late to be done before the city opens: it is closed as not served
    if not free:
        past.at(when + TRY_AGAIN, lambda at: _send(past, incident_id, kind, pace, at))
        return
    unit = past.generator.choice(free)
    if unit.one_at_a_time:
        past.busy.add(str(unit.pk))
    sent = assign_unit(
        assignment_id=uuid7(), incident_id=incident_id, unit_id=unit.pk, by=past.desk, now=when
    )
    by = past.crews.get(str(unit.pk), past.desk)
    arrives = when + past.minutes(past.durations.dispatch_to_arrival, pace)
    leaves = arrives + past.minutes(past.durations.arrival_to_departure)

    def step(name: str) -> Callable[[datetime], None]:
        return lambda at: take_step(sent.pk, name, by=by, now=at)

    ride = arrives - when
    past.at(when + ride * 0.1, step("accepted"))
    past.at(when + ride * 0.2, step("en_route"))
    past.at(arrives, step("on_scene"))
    past.at(leaves, lambda at: _finish(past, sent.pk, unit, by, at))


def _finish(past: _Past, assignment_id: UUID, unit: Unit, by: User, when: datetime) -> None:
    drawn = draw_encounter(past.generator)
    if by is not past.desk:
        record_encounter(
            NewEncounter(
                id=uuid7(),
                assignment_id=assignment_id,
                met=drawn.met,
                outcome=drawn.outcome,
                needs=drawn.needs,
                offered=drawn.offered,
                accepted=drawn.accepted,
                transport=drawn.transport,
            ),
            by=by,
            now=when,
        )
    clear_assignment(assignment_id, CLEARED_AS[drawn.met], by=by, now=when)
    past.busy.discard(str(unit.pk))

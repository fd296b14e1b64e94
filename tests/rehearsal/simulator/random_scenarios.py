"""Small, busy cities that use everything a team file can say.

A city comes from a number: drawing some hundreds of values one by one would take Hypothesis longer
than the slow loop takes to play them, and it draws many that are 0, so that nobody meets. How many
calls there are Hypothesis draws, so that it finds the smallest number at which something is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from random import Random
from typing import Any

from hypothesis import strategies as st

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.teams import (
    Kind,
    Law,
    Minutes,
    Share,
    Shift,
    Step,
    Teams,
    Travel,
    Units,
)
from tests.rehearsal.simulator.scenarios import make_calls

AREAS = ("north", "south", "west")
NATURES = ("welfare_check", "fight")
BACKUPS = ("none", "with_team")
KINDS = ("van", "officer", "medic")
POINTS = [(41.0, -87.0), (41.02, -87.01), (41.05, -87.06), (40.97, -86.95), (41.011, -87.033)]
NOWHERE = (float("nan"), float("nan"))
CALLS = 20, 40  # how many


@dataclass(frozen=True)
class City:
    """Calls, teams, and the seed with which they are played."""

    calls: Calls
    teams: Teams
    seed: int


cities = st.builds(
    lambda number, count: city(Random(number), count),
    st.integers(0, 2**32),
    st.integers(*CALLS),
)


def city(luck: Random, count: int) -> City:
    days = luck.choice([1.0, 1.5, 3.0])
    # Calls come within some hours: in the morning, around noon, and as the period ends.
    begins = luck.choice([0, 420, 690, 690, 690, days * 1440 - 150])
    return City(all_calls(luck, count, days, begins), all_teams(luck, begins), luck.randrange(4))


def some(luck: Random, most: int) -> float:
    """Whole minutes, so that things happen at the same moment; and others."""
    return float(luck.randint(0, most)) if luck.random() < 0.7 else luck.uniform(0, most)


def minutes(luck: Random, most: int) -> Minutes:
    law = luck.choice([Law.FIXED, Law.FIXED, Law.PERCENTILES, Law.EXPONENTIAL])
    if law is Law.PERCENTILES:
        return Minutes(law, tuple(sorted(some(luck, most) for _ in range(3))), (0, 0.4, 1))
    return Minutes(law, (some(luck, most),))


def step(luck: Random, most: int) -> Step:
    own = {"fight": minutes(luck, most)} if luck.random() < 0.3 else {}
    return Step(minutes(luck, most), own)


def share(luck: Random) -> Share:
    shares = [0.0, 0.0, 0.3, 1.0]
    return Share(luck.choice(shares), {"fight": luck.choice(shares)} if luck.random() < 0.3 else {})


def kind(luck: Random, name: str) -> Kind:
    others = [one for one in (*KINDS, "police") if one != name]
    after = {"van": ["officer", "police"], "officer": ["medic", "police"], "medic": ["police"]}
    asks, armed = luck.random() < 0.4, name == "officer"
    return Kind(
        name,
        {},
        (name,),
        armed=armed,
        together_with=luck.choice([None] * 6 + others),
        takes_over=luck.choice([None, *after[name]]),
        waits_at_most=luck.choice([float("inf"), float("inf"), 0.0, 5.0, 20.0, 60.0]),
        patience=luck.choice([None, minutes(luck, 90)]),
        to_leave=step(luck, 6),
        on_scene=step(luck, 40),
        write_up=step(luck, 10),
        transport_share=share(luck),
        transport=step(luck, 30),
        backup_share=share(luck) if asks else Share(),
        backup_kind=luck.choice(others) if asks else None,
        backup_on_scene=step(luck, 30),
        stands_down_share=Share() if armed else share(luck),
    )


def shift(luck: Random, begins: float) -> Shift:
    """Most are on duty while calls come, with a break among these."""
    first = int(begins / 60) % 24
    hour = luck.choice([first, first, first, max(first - 1, 0), (first + 1) % 24, 9, 20])
    ends = hour + luck.choice([1, 3, 9, 9, 23])
    every_day = frozenset(range(7))
    return Shift(
        luck.choice([every_day, every_day, every_day, frozenset(range(6)), frozenset({6})]),
        time(hour, luck.choice([0, 30])),
        time(ends % 24, 45),
        next_day=ends >= 24,
        number=luck.choice([0, 1, 1, 1, 2, 2, 3]),
        break_minutes=luck.choice([0.0, 10.0, 30.0]),
        break_after=luck.choice([0.0, 30.0, 60.0, 90.0]),
    )


def units(luck: Random, number: int, begins: float) -> Units:
    return Units(
        f"unit {number}",
        KINDS[number] if number < len(KINDS) else luck.choice(["van", *KINDS]),
        tuple(shift(luck, begins) for _ in range(luck.choice([1, 1, 2]))),
        base=luck.choice([None, *POINTS]),
        areas=luck.choice(
            [None, None, None, None, frozenset({"north"}), frozenset({"north", "west"})]
        ),
        roams=luck.random() < 0.4,
        skills=luck.choice([frozenset(), frozenset({"spanish"}), frozenset({"spanish"})]),
    )


def all_teams(luck: Random, begins: float) -> Teams:
    police = Kind(
        "police",
        {},
        ("police",),
        unlimited=luck.random() < 0.7,
        armed=luck.random() < 0.7,
        to_arrive=step(luck, 15),
        on_scene=step(luck, 20),
    )
    with_matrix = luck.random() < 0.5
    travel = Travel(
        speed_km_h=tuple(20.0 + hour for hour in range(24)),
        unknown_minutes=minutes(luck, 20),
        areas=("north", "south") if with_matrix else (),
        matrix=((3.0, 11.0), (11.5, 4.0)) if with_matrix else (),
    )
    return Teams(
        "drawn",
        "",
        {one.name: one for one in (*(kind(luck, name) for name in KINDS), police)},
        tuple(units(luck, number, begins) for number in range(luck.randint(3, 7))),
        travel,
        needs=luck.choice([{}, {}, {"fight": frozenset({"spanish"})}]),
        second_unit=luck.choice([{}, {"with_team": "medic"}, {"with_team": "police"}]),
    )


def all_calls(luck: Random, count: int, days: float, begins: float) -> Calls:
    def column(values: list[Any]) -> list[Any]:
        return luck.choices(values, k=count)

    spread = luck.choice([30, 90, 150])
    minute = sorted(min(begins + some(luck, spread), days * 1440 - 1) for _ in range(count))
    places = column([NOWHERE, *POINTS, *POINTS])
    # Clocks change on the second Sunday of March and the first of November.
    start = luck.choice(
        [datetime(2026, 3, 7, 6, tzinfo=UTC), datetime(2026, 10, 31, 5, tzinfo=UTC)]
    )
    return make_calls(
        minute,
        days,
        start=start,
        time_zone="America/Chicago",
        nature=column([-1, 0, 0, 1]),
        area=column([-1, 0, 0, 1, 2]),
        latitude=[one[0] for one in places],
        longitude=[one[1] for one in places],
        responder=column([0, 0, 0, 0, 1, 1, 2, 3, 4]),
        priority=column([1, 2, 3]),
        backup=column([-1, 0, 1]),
        natures=NATURES,
        areas=AREAS,
        responders=(*KINDS, "police", "nobody we know"),
        backups=BACKUPS,
    )

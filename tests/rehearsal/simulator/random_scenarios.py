"""Small scenarios that use everything a team file can say, drawn by Hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, time
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

# Whole minutes, so that things happen at the same moment; and others.
numbers = st.one_of(st.integers(0, 40).map(float), st.floats(0, 40, width=32))
shares = st.sampled_from([0.0, 0.0, 0.3, 1.0])


@st.composite
def minutes(draw: Any) -> Minutes:
    law = draw(st.sampled_from([Law.FIXED, Law.FIXED, Law.PERCENTILES, Law.EXPONENTIAL]))
    if law is Law.PERCENTILES:
        return Minutes(law, tuple(sorted(draw(st.tuples(numbers, numbers, numbers)))), (0, 0.4, 1))
    return Minutes(law, (draw(numbers),))


@st.composite
def steps(draw: Any) -> Step:
    own = {"fight": draw(minutes())} if draw(st.booleans()) else {}
    return Step(draw(minutes()), own)


@st.composite
def share(draw: Any) -> Share:
    return Share(draw(shares), {"fight": draw(shares)} if draw(st.booleans()) else {})


@st.composite
def kind(draw: Any, name: str, answers: tuple[str, ...]) -> Kind:
    others = [one for one in (*KINDS, "police") if one != name]
    after = {"van": ["officer", "police"], "officer": ["medic", "police"], "medic": ["police"]}
    asks = draw(st.booleans())
    armed = name == "officer"
    return Kind(
        name,
        {},
        answers,
        armed=armed,
        together_with=draw(st.sampled_from([None, None, None, None, None, *others])),
        takes_over=draw(st.sampled_from([None, *after[name]])),
        waits_at_most=draw(st.sampled_from([float("inf"), 0.0, 5.0, 20.0, 90.0])),
        patience=draw(st.one_of(st.none(), minutes())),
        to_leave=draw(steps()),
        on_scene=draw(steps()),
        write_up=draw(steps()),
        transport_share=draw(share()),
        transport=draw(steps()),
        backup_share=draw(share()) if asks else Share(),
        backup_kind=draw(st.sampled_from(others)) if asks else None,
        backup_on_scene=draw(steps()),
        stands_down_share=Share() if armed else draw(share()),
    )


@st.composite
def shift(draw: Any) -> Shift:
    # Most shifts meet the calls, which come around noon or at night.
    begins = draw(st.sampled_from([0, 4, 9, 11, 20]))
    ends = begins + draw(st.sampled_from([1, 4, 9, 23]))
    return Shift(
        frozenset(draw(st.sampled_from([range(7), range(7), range(5), (6,)]))),
        time(begins, draw(st.sampled_from([0, 30]))),
        time(ends % 24, 45),
        next_day=ends >= 24,
        number=draw(st.sampled_from([0, 1, 1, 2, 3])),
        break_minutes=draw(st.sampled_from([0.0, 30.0])),
        break_after=draw(st.sampled_from([0.0, 60.0, 240.0])),
    )


@st.composite
def units(draw: Any, number: int) -> Units:
    return Units(
        f"unit {number}",
        draw(st.sampled_from(["van", "van", *KINDS])),
        tuple(draw(st.lists(shift(), min_size=1, max_size=2))),
        base=draw(st.sampled_from([None, *POINTS])),
        areas=draw(
            st.sampled_from([None, None, frozenset({"north"}), frozenset({"north", "west"})])
        ),
        roams=draw(st.booleans()),
        skills=draw(st.sampled_from([frozenset(), frozenset({"spanish"})])),
    )


@st.composite
def all_teams(draw: Any) -> Teams:
    police = Kind(
        "police",
        {},
        ("police",),
        unlimited=draw(st.booleans()),
        armed=draw(st.booleans()),
        to_arrive=draw(steps()),
        on_scene=draw(steps()),
    )
    kinds = [draw(kind(name, (name,))) for name in KINDS]
    with_matrix = draw(st.booleans())
    travel = Travel(
        speed_km_h=tuple(20.0 + hour for hour in range(24)),
        unknown_minutes=draw(minutes()),
        areas=("north", "south") if with_matrix else (),
        matrix=((3.0, 11.0), (11.5, 4.0)) if with_matrix else (),
    )
    return Teams(
        "drawn",
        "",
        {one.name: one for one in (*kinds, police)},
        tuple(draw(units(number)) for number in range(draw(st.integers(2, 6)))),
        travel,
        needs=draw(st.sampled_from([{}, {"fight": frozenset({"spanish"})}])),
        second_unit=draw(st.sampled_from([{}, {"with_team": "officer"}, {"with_team": "police"}])),
    )


@st.composite
def all_calls(draw: Any) -> Calls:
    count = draw(st.integers(0, 20))
    days = draw(st.sampled_from([1.0, 1.5, 3.0]))

    def column(values: Any) -> list[Any]:
        return draw(st.lists(values, min_size=count, max_size=count))

    # Calls come close together, so that they meet; clocks change on the second Sunday.
    late = draw(st.sampled_from([0, 90, 600, 690, 1150, int(days * 1440) - 330]))
    spread = draw(st.sampled_from([1, 3, 7]))
    minute = sorted(late + one * spread for one in column(numbers))
    places = column(st.sampled_from([(float("nan"), float("nan")), *POINTS]))
    start = draw(
        st.sampled_from(
            [datetime(2026, 3, 7, 6, tzinfo=UTC), datetime(2026, 10, 31, 5, tzinfo=UTC)]
        )
    )
    return make_calls(
        minute,
        days,
        start=start,
        time_zone="America/Chicago",
        nature=column(st.integers(-1, 1)),
        area=column(st.integers(-1, 2)),
        latitude=[one[0] for one in places],
        longitude=[one[1] for one in places],
        responder=column(st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4])),
        priority=column(st.integers(1, 3)),
        backup=column(st.integers(-1, 1)),
        natures=NATURES,
        areas=AREAS,
        responders=(*KINDS, "police", "nobody we know"),
        backups=BACKUPS,
    )

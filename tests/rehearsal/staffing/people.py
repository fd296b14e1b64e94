"""A team file and a summary, made by hand, that the tests of costs and staffing share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from lamplighter.rehearsal.outcome import Group, Interval, Summary, UnitUse, Waits
from lamplighter.rehearsal.teams import Assumed, Kind, Law, Minutes, Shift, Step, Teams, Units

EVERY_DAY = frozenset(range(7))


def fixed(minutes: float) -> Step:
    return Step(Minutes(Law.FIXED, (minutes,)))


def exactly(value: float) -> Interval:
    return Interval(value, value, value)


def assumed(name: str, value: float, low: float, high: float, unit: str = "") -> Assumed:
    return Assumed(name, value, low, high, unit, "stated by hand for this test")


def stated(**numbers: tuple[float, float, float, str]) -> dict[str, Assumed]:
    return {name: assumed(name, *one) for name, one in numbers.items()}


POLICE = Kind("police", {"en": "Police", "es": "Policía"}, ("police",), unlimited=True, armed=True)
COMMUNITY = Kind(
    "community",
    {"en": "Community team", "es": "Equipo comunitario"},
    ("community",),
    takes_over="police",
    waits_at_most=60.0,
    on_scene=fixed(30.0),
)


def make_teams(costs: Mapping[str, Assumed], *shifts: Shift) -> Teams:
    units = Units("van", "community", shifts or (Shift(EVERY_DAY, time(10), time(18)),))
    return Teams(
        "by hand",
        "",
        {"community": COMMUNITY, "police": POLICE},
        (units,),
        costs=costs,
    )


HALF, THOUSAND = exactly(0.5), exactly(1000.0)


def make_summary(
    *,
    days: float = 365.0,
    calls: float = 4000.0,
    community: Interval = HALF,
    hours: float = 2920.0,
    freed: Interval = THOUSAND,
) -> Summary:
    """A summary of one van: only what a cost reads is more than a place-holder."""
    none = exactly(0.0)
    waits = Waits(none, none, none, none, none, none)
    whole = Group(
        label="all",
        calls=calls,
        served=community,
        taken_over=none,
        nobody=none,
        by_kind={"community": community, "police": exactly(1 - community.mean)},
        unserved={},
        to_dispatch=waits,
        to_arrival=waits,
    )
    unit = UnitUse("van 1", "community", hours, exactly(2000.0), exactly(0.4), (0.4,) * 24)
    return Summary(days, 20, 1, 0, whole, {}, (unit,), freed)

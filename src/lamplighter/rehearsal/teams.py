"""The teams of a rehearsal: who they are, when they work, how fast they are, what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from math import inf
from pathlib import Path

Point = tuple[float, float]  # latitude, longitude in degrees


class Law(StrEnum):
    """How the minutes of a step are spread."""

    FIXED = "fixed"
    PERCENTILES = "percentiles"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"


@dataclass(frozen=True, slots=True)
class Minutes:
    """How long one step takes.

    fixed: `values` is (minutes,)
    percentiles: `values` are minutes at the shares `at` (0 first, 1 last), linear between them
    exponential: `values` is (mean,)
    lognormal: `values` is (median, sigma), sigma that of the logarithm
    """

    law: Law
    values: tuple[float, ...]
    at: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a response, with natures that take longer or shorter than the rest."""

    usual: Minutes
    by_nature: Mapping[str, Minutes] = field(default_factory=dict)


NOTHING = Step(Minutes(Law.FIXED, (0.0,)))


@dataclass(frozen=True, slots=True)
class Share:
    """A share of calls, from 0 to 1, with natures that differ."""

    usual: float = 0.0
    by_nature: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of responder.

    answers: the values of the policy's `responder` that it takes
    unlimited: there is always one of it (it is not what is rehearsed); it takes `to_arrive`
    armed: police; an unarmed kind stands down where it arrives after one
    together_with: another kind of which a unit must come along, from the same moment (co-response)
    takes_over: a call of this kind that waits longer than `waits_at_most` goes to that kind
    patience: how long a caller waits for dispatch before the call is withdrawn; None: for ever
    backup_share: share of its calls in which it asks on scene for a unit of `backup_kind`
    transport_share: share of its calls that end with a ride, which takes `transport` more
    minutes_if_police: what an officer would have spent on such a call, for "police minutes freed"
    """

    name: str
    label: Mapping[str, str]
    answers: tuple[str, ...]
    unlimited: bool = False
    armed: bool = False
    together_with: str | None = None
    takes_over: str | None = None
    waits_at_most: float = inf
    patience: Minutes | None = None
    to_arrive: Step = NOTHING
    to_leave: Step = NOTHING
    on_scene: Step = NOTHING
    write_up: Step = NOTHING
    transport_share: Share = Share()
    transport: Step = NOTHING
    backup_share: Share = Share()
    backup_kind: str | None = None
    backup_on_scene: Step = NOTHING
    stands_down_share: Share = Share()
    minutes_if_police: Step | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """When units work, on local clocks: `days` are 0 (Monday) to 6; past midnight if `next_day`.

    A break is taken once a shift, `break_minutes` long, `break_after` minutes from its start, as
    soon as the unit is free.
    """

    days: frozenset[int]
    begins: time
    ends: time
    next_day: bool = False
    number: int = 1
    break_minutes: float = 0.0
    break_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one kind with one base.

    The number on duty is that of the shifts. `areas` are where they go; None: everywhere. A unit
    that `roams` waits where its last call was, others drive back to `base` (from where they can
    be sent again). `skills` are matched with what natures need (`Teams.needs`). A `base_area` that
    is named in place of a base becomes its middle once the areas are known (`teams_file.settled`).
    """

    name: str
    kind: str
    shifts: tuple[Shift, ...]
    base: Point | None = None
    areas: frozenset[str] | None = None
    roams: bool = False
    skills: frozenset[str] = frozenset()
    base_area: str | None = None


@dataclass(frozen=True, slots=True)
class Travel:
    """How units get about: straight distance times `street_factor`, at a speed by hour of day.

    With `matrix`, minutes from area to area (rows from, columns to, in the order of `areas`) are
    used where both areas are known. A call without a place takes `unknown_minutes`.
    """

    street_factor: float = 1.3
    speed_km_h: tuple[float, ...] = (32.0,) * 24
    unknown_minutes: Minutes = Minutes(Law.FIXED, (15.0,))
    areas: tuple[str, ...] = ()
    matrix: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number that somebody stated: its range, its source, and how it is called."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Teams:
    """A team file, read: kinds of responder, units, travel and what was assumed of cost.

    needs: skills that a nature needs, of which a unit must have all
    second_unit: for each value of the policy's `backup`, the kind that comes along from the start
    assumed: numbers that the file leaves out and the library took, with their source
    lines: where the file says what, for sentences about it
    """

    name: str
    about: str
    kinds: Mapping[str, Kind]
    units: tuple[Units, ...]
    travel: Travel = Travel()
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    second_unit: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[str, Assumed] = field(default_factory=dict)
    content_hash: str = ""
    path: Path | None = None
    assumed: tuple[Assumed, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

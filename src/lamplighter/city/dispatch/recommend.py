"""Who should go: the three best units for an incident, each with its reason in words."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import inf

from django.db.models import OuterRef, Subquery
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lamplighter.city.intake.models import Incident, Neighborhood
from lamplighter.city.intake.places import bounds, distance_km

from .board import Board, BoardIncident, BoardUnit, read_board
from .models import Assignment, Unit, UnitKind
from .needs import best_first

HOW_MANY = 3
# A first estimate until a city has its own: 25 km/h along the straight line, the detours of
# streets and a minute to set out included.
KM_PER_MINUTE = 25 / 60
MINUTES_TO_SET_OUT = 1
LONG_IDLE = 180  # minutes; longer than this nobody asks how long


@dataclass(frozen=True)
class Recommended:
    """A unit that can go now; `needs_reason` when it is of another kind than was decided."""

    unit_id: uuid.UUID
    call_sign: str
    kind: str
    right_kind: bool
    needs_reason: bool
    distance_km: float | None
    minutes: int | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class Recommendation:
    """The best units for an incident; `advice` says it when a kind that is needed has none free."""

    incident_id: uuid.UUID
    missing: tuple[str, ...]
    units: tuple[Recommended, ...]
    advice: tuple[str, ...]


def recommended_units(
    incident: Incident, now: datetime, board: Board | None = None
) -> Recommendation:
    """The three best units that are on shift and free.

    Ordered by kind (what is missing, then who could stand in), then by distance, then by how long
    they have been idle. Where two kinds are missing, the best of each comes first. `board` is the
    whole board where it has been read already.
    """
    board = board or read_board(now)
    placed = next((each for each in board.incidents if each.id == incident.pk), None)
    if placed is None or not placed.missing:
        return Recommendation(incident.pk, (), (), ())
    ranks = best_first(frozenset(placed.missing))
    point = _point_of(placed, incident)
    there_already = {sent.unit_id for sent in placed.assignments if sent.cleared_at is None}
    can_go = [
        unit
        for unit in board.units
        if unit.kind in ranks and unit.state == "free" and unit.id not in there_already
    ]
    idle_since = _idle_since(can_go)

    def order(unit: BoardUnit) -> tuple[int, float, int, float, str]:
        distance = _distance(unit, point)
        idle = idle_since.get(unit.id)
        return (
            ranks[unit.kind],
            inf if distance is None and unit.one_at_a_time else distance or 0.0,
            len(unit.incidents),
            idle.timestamp() if idle else 0.0,
            unit.call_sign,
        )

    in_order = _best_of_each_kind_first(sorted(can_go, key=order), placed.missing)
    return Recommendation(
        incident_id=incident.pk,
        missing=placed.missing,
        units=tuple(
            _recommended(unit, placed, _distance(unit, point), idle_since.get(unit.id), now)
            for unit in in_order[:HOW_MANY]
        ),
        advice=tuple(_none_free(kind, board.units) for kind in _without_units(placed, can_go)),
    )


def _best_of_each_kind_first(units: list[BoardUnit], missing: tuple[str, ...]) -> list[BoardUnit]:
    """Moves the first unit of every missing kind to the front; the rest keep their order."""
    first = [unit for kind in missing if (unit := next((u for u in units if u.kind == kind), None))]
    first.sort(key=units.index)
    return first + [unit for unit in units if unit not in first]


def _point_of(placed: BoardIncident, incident: Incident) -> tuple[float, float] | None:
    """The incident's point; else the middle of its neighbourhood; else nothing is known."""
    if placed.latitude is not None and placed.longitude is not None:
        return placed.latitude, placed.longitude
    if incident.neighborhood_id is None:
        return None
    outline = Neighborhood.objects.get(pk=incident.neighborhood_id).outline
    if (box := bounds([outline])) is None:
        return None
    west, south, east, north = box
    return (south + north) / 2, (west + east) / 2


def _idle_since(units: list[BoardUnit]) -> dict[uuid.UUID, datetime]:
    """When each unit's last assignment ended: one look at the end of an index for each unit."""
    last = (
        Assignment.objects.filter(unit=OuterRef("pk"), cleared_at__isnull=False)
        .order_by("-cleared_at", "-id")
        .values("cleared_at")[:1]
    )
    ids = [unit.id for unit in units]
    found = Unit.objects.filter(pk__in=ids).annotate(last_cleared=Subquery(last))
    return {pk: at for pk, at in found.values_list("pk", "last_cleared") if at}


def _distance(unit: BoardUnit, point: tuple[float, float] | None) -> float | None:
    if point is None or unit.latitude is None or unit.longitude is None:
        return None
    return distance_km(unit.latitude, unit.longitude, *point)


def _recommended(
    unit: BoardUnit,
    placed: BoardIncident,
    distance: float | None,
    idle_since: datetime | None,
    now: datetime,
) -> Recommended:
    right_kind = unit.kind in placed.missing
    why = [_kind_words(unit, right_kind=right_kind), _free_words(unit, idle_since, now)]
    minutes = None
    if distance is not None:
        minutes = MINUTES_TO_SET_OUT + round(distance / KM_PER_MINUTE)
        why.append(_far_words(distance))
    elif unit.one_at_a_time:
        why.append(_("Distance not known"))
    return Recommended(
        unit_id=unit.id,
        call_sign=unit.call_sign,
        kind=unit.kind,
        right_kind=right_kind,
        needs_reason=unit.kind not in placed.needed,
        distance_km=None if distance is None else round(distance, 2),
        minutes=minutes,
        why=tuple(why),
    )


def _kind_words(unit: BoardUnit, *, right_kind: bool) -> str:
    kind = {"kind": UnitKind(unit.kind).label}
    if right_kind:
        return _("Right kind: %(kind)s") % kind
    return _("%(kind)s, not the kind that was decided") % kind


def _far_words(distance: float) -> str:
    if distance < 0.1:
        return _("Less than 100 m away")
    return _("%(km)s km away") % {"km": number_format(distance, 1)}


def _free_words(unit: BoardUnit, idle_since: datetime | None, now: datetime) -> str:
    if unit.incidents:  # a desk takes many calls at once
        count = len(unit.incidents)
        return ngettext("%(n)s call now", "%(n)s calls now", count) % {"n": count}
    if idle_since is None:
        return _("Free")
    idle = max(0, round((now - idle_since).total_seconds() / 60))
    if idle > LONG_IDLE:
        return _("Free for a long time")
    return ngettext("Free for %(n)s minute", "Free for %(n)s minutes", idle) % {"n": idle}


def _without_units(placed: BoardIncident, can_go: list[BoardUnit]) -> list[str]:
    free_kinds = {unit.kind for unit in can_go}
    return [kind for kind in placed.missing if kind not in free_kinds]


def _none_free(kind: str, units: tuple[BoardUnit, ...]) -> str:
    """No unit of a kind is free: say so, and where they are."""
    of_kind = [unit for unit in units if unit.kind == kind]
    name = UnitKind(kind).label
    if not of_kind:
        return _("The city has no unit of this kind: %(kind)s.") % {"kind": name}
    count = Counter("off_shift" if unit.state == "off_shift" else "busy" for unit in of_kind)
    return _("%(kind)s: none is free now (%(busy)s on calls, %(off)s off shift).") % {
        "kind": name,
        "busy": count["busy"],
        "off": count["off_shift"],
    }

"""What may be seen of calls and incidents, and what is near a place."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians

from django.db import connection
from django.db.models import F, Prefetch, QuerySet
from psycopg import sql

from lamplighter.city.accounts.models import Role, User

from .models import Call, Decision, Incident, Neighborhood
from .places import Box, bounds, contains, distance_km

NEAR_KM = 0.4
# A little less than a degree of latitude has anywhere, so that the box is never too small.
KM_A_DEGREE = 110.5


def visible_incidents(user: User) -> QuerySet[Incident]:
    """The incidents that a person may see, from nothing: those who answer and run calls see all."""
    if user.has_role(Role.CALL_TAKER, Role.DISPATCHER, Role.MANAGER, Role.ADMINISTRATOR):
        return Incident.objects.all()
    if user.has_role(Role.RESPONDER):
        # A responder sees the incidents that they were sent to, on shift.
        return Incident.objects.filter(
            assignments__unit__shifts__crew=user,
            assignments__unit__shifts__starts_at__lte=F("assignments__assigned_at"),
            assignments__unit__shifts__ends_at__gt=F("assignments__assigned_at"),
        ).distinct()
    return Incident.objects.none()


def with_calls(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """The same incidents, with calls and standing decisions loaded in two queries."""
    standing = Decision.objects.filter(superseded_by=None)
    return incidents.select_related("neighborhood").prefetch_related(
        Prefetch(
            "calls",
            Call.objects.order_by("received_at", "id").prefetch_related(
                Prefetch("decisions", standing, to_attr="standing")
            ),
        )
    )


def most_urgent_decision(incident: Incident) -> Decision:
    """Of an incident loaded by `with_calls`: the most urgent decision, which says who goes."""
    return leading_of([decision for call in incident.calls.all() for decision in call.standing])


def leading_of(standing: Collection[Decision]) -> Decision:
    """The decision that says who goes: the most urgent, the earlier of two as urgent."""
    return min(standing, key=lambda decision: decision.urgency)


@dataclass(frozen=True)
class Area:
    """A neighbourhood with its outline and the box around it."""

    neighborhood: Neighborhood
    box: Box


def neighborhood_at(latitude: float, longitude: float) -> Neighborhood | None:
    """The neighbourhood that contains a point; None outside the city."""
    for area in areas():
        west, south, east, north = area.box
        if (
            west <= longitude <= east
            and south <= latitude <= north
            and contains(area.neighborhood.outline, latitude, longitude)
        ):
            return area.neighborhood
    return None


def areas() -> tuple[Area, ...]:
    """All neighbourhoods, kept in the process; one small query tells whether any has changed."""
    return _areas(outlines_stamp())


def outlines_stamp() -> tuple[object, ...]:
    """Something that changes whenever a neighbourhood is made, changed or removed."""
    return _stamp("intake_neighborhood")


def streets_stamp() -> tuple[object, ...]:
    """Something that changes whenever the city's own row, which has the streets, changes."""
    return _stamp("intake_city")


def _stamp(table: str) -> tuple[object, ...]:
    """Of a small table: which versions of its rows there are. PostgreSQL tells each version by
    the transaction that wrote it (xmin) and the place where it stands (ctid)."""
    query = sql.SQL(
        "SELECT current_database(), md5(string_agg(xmin::text || ctid::text, '' ORDER BY ctid))"
        " FROM {}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query.format(sql.Identifier(table)))
        return cursor.fetchone()


@lru_cache(maxsize=2)
def _areas(_stamp: tuple[object, ...]) -> tuple[Area, ...]:
    return tuple(
        Area(neighborhood, box)
        for neighborhood in Neighborhood.objects.all()
        if (box := bounds([neighborhood.outline]))
    )


@dataclass(frozen=True)
class NearbyIncident:
    incident: Incident
    metres: int


def open_incidents_near(
    user: User, latitude: float, longitude: float, within_km: float = NEAR_KM
) -> list[NearbyIncident]:
    """Open incidents within reach of a point, nearest first: perhaps the same happening."""
    north = within_km / KM_A_DEGREE
    east = north / max(cos(radians(latitude)), 0.01)  # meridians draw together towards the poles
    nearby = visible_incidents(user).filter(
        closed_at=None,
        latitude__range=(latitude - north, latitude + north),
        longitude__range=(longitude - east, longitude + east),
    )
    found = [
        NearbyIncident(
            incident,
            round(1000 * distance_km(latitude, longitude, incident.latitude, incident.longitude)),
        )
        for incident in nearby
    ]
    return sorted(
        (near for near in found if near.metres <= within_km * 1000), key=lambda near: near.metres
    )

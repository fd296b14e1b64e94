"""The city itself, for programs: its name, its clock and its map."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from lamplighter.city.intake.models import City
from lamplighter.city.intake.places import bounds
from lamplighter.city.intake.queries import areas
from lamplighter.city.refusal import Refusal

from .room import ALL, Room

room = Room("city")


class NeighborhoodOut(BaseModel):
    id: int
    name: str
    outline: dict[str, Any] = Field(description="GeoJSON, longitude first.")


class CityOut(BaseModel):
    name: str
    time_zone: str
    is_sample: bool = Field(description="Whether the city, its people and its calls are invented.")
    bounds: list[float] = Field(description="West, south, east, north; in degrees.")
    neighborhoods: list[NeighborhoodOut]
    streets: dict[str, Any] = Field(description="GeoJSON of the streets, for a map.")


@room.get("/city", roles=ALL, answer=CityOut, summary="The city: its name, clock and map")
def see_city(request: HttpRequest) -> CityOut:
    city = City.objects.first()
    if city is None:
        raise Http404
    found = areas()
    box = bounds([area.neighborhood.outline for area in found])
    if box is None:
        raise Refusal(
            "no-map",
            _("This city has no neighborhoods yet: draw them before calls are taken."),
            status=409,
        )
    return CityOut(
        name=city.name,
        time_zone=city.time_zone,
        is_sample=city.is_sample,
        bounds=list(box),
        neighborhoods=[
            NeighborhoodOut(
                id=area.neighborhood.pk,
                name=area.neighborhood.name,
                outline=area.neighborhood.outline,
            )
            for area in found
        ],
        streets=city.streets,
    )

"""The city's own map for the pages that draw it: outlines and streets, as GeoJSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import condition, require_GET

from lamplighter.city.accounts.access import opens_to_signed_in

from .models import City
from .places import bounds
from .queries import areas, outlines_stamp, streets_stamp


def map_data() -> dict[str, Any]:
    """What a page gives its map: the city's bounds, and where the drawing is to be had."""
    return {
        "bounds": bounds([area.neighborhood.outline for area in areas()]),
        "neighborhoods": reverse("intake:neighborhoods"),
        "streets": reverse("intake:streets"),
    }


@opens_to_signed_in
@require_GET
@condition(etag_func=lambda _request: _etag(outlines_stamp()))
def neighborhoods(_request: HttpRequest) -> HttpResponse:
    """The outlines of the neighbourhoods, each with its name."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": area.neighborhood.name},
            "geometry": area.neighborhood.outline,
        }
        for area in areas()
    ]
    return _drawing({"type": "FeatureCollection", "features": features})


@opens_to_signed_in
@require_GET
@condition(etag_func=lambda _request: _etag(streets_stamp()))
def streets(_request: HttpRequest) -> HttpResponse:
    """The streets, as the city's own file has them."""
    city = City.objects.only("streets").first()
    return _drawing(city.streets if city and city.streets else _EMPTY)


def _etag(stamp: tuple[object, ...]) -> str:
    return '"{}"'.format("-".join(map(str, stamp)))


_EMPTY = {"type": "FeatureCollection", "features": []}


def _drawing(content: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(content, content_type="application/geo+json")
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response

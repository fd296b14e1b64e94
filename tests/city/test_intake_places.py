"""Where a point lies: cheap for every call, and never out of date."""

import pytest

from lamplighter.city.intake.models import Incident, Neighborhood
from lamplighter.city.intake.queries import neighborhood_at, open_incidents_near

pytestmark = pytest.mark.django_db


def square(west: float, south: float, size: float = 0.01) -> dict:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_a_point_lies_in_the_neighborhood_whose_outline_contains_it(city):
    assert neighborhood_at(40.005, -100.005) == city.west_side
    assert neighborhood_at(40.005, -99.995) == city.east_side
    assert neighborhood_at(41.0, -100.0) is None


def test_a_hole_is_outside(city):
    outline = square(-99.0, 40.0, 0.03)
    outline["coordinates"].append(square(-98.99, 40.01)["coordinates"][0])
    ring = Neighborhood.objects.create(name="Ring Road", outline=outline)
    assert neighborhood_at(40.005, -98.995) == ring
    assert neighborhood_at(40.015, -98.985) is None


def test_outlines_are_read_once_and_one_small_query_asks_whether_they_changed(
    city, django_assert_num_queries
):
    neighborhood_at(*city.inside)
    with django_assert_num_queries(1):
        neighborhood_at(*city.inside)


def test_a_changed_map_is_noticed(city):
    neighborhood_at(*city.inside)
    city.west_side.outline = square(-100.5, 40.0)
    city.west_side.save()
    assert neighborhood_at(*city.inside) is None
    north = Neighborhood.objects.create(name="North Side", outline=square(-100.01, 40.0))
    assert neighborhood_at(*city.inside) == north
    north.delete()
    assert neighborhood_at(*city.inside) is None


def test_an_incident_within_reach_is_near_in_a_northern_city_too(people, now):
    to_the_east = Incident.objects.create(
        nature="welfare_check", opened_at=now, latitude=61.2, longitude=-149.9
    )
    (found,) = open_incidents_near(people.call_taker, 61.2, -149.907)
    assert found.incident == to_the_east
    assert found.metres < 400


def test_incidents_near_a_point_stand_nearest_first(a_call, people):
    near = a_call(latitude=40.005, longitude=-100.005).call.incident
    nearer = a_call(latitude=40.006, longitude=-100.005).call.incident
    a_call(latitude=40.0099, longitude=-99.991)  # over a kilometre away
    found = open_incidents_near(people.call_taker, 40.007, -100.005)
    assert [one.incident for one in found] == [nearer, near]
    assert [one.metres for one in found] == [111, 222]


def test_the_map_is_sent_once_and_again_only_when_it_changed(client, people, city):
    client.force_login(people.call_taker)
    first = client.get("/calls/map/neighborhoods.json")
    names = [feature["properties"]["name"] for feature in first.json()["features"]]
    assert names == ["East Side", "West Side"]
    tag = {"headers": {"if-none-match": first.headers["ETag"]}}
    assert client.get("/calls/map/neighborhoods.json", **tag).status_code == 304
    Neighborhood.objects.create(name="North Side", outline=square(-100.01, 40.01))
    assert client.get("/calls/map/neighborhoods.json", **tag).status_code == 200
    assert client.get("/calls/map/streets.json").json()["features"] == []

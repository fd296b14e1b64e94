"""The city as a program finds it: its name, its clock and its map."""

import pytest

from lamplighter.city.intake.models import City, Neighborhood

pytestmark = pytest.mark.django_db


def test_it_tells_the_name_the_clock_the_bounds_and_the_neighborhoods(people, api_of):
    answer = api_of(people.call_taker).get("/city")
    assert answer.status_code == 200
    city = answer.json()
    assert (city["name"], city["time_zone"]) == ("Testville", "America/Denver")
    assert city["is_sample"] is True
    assert city["bounds"] == pytest.approx([-100.01, 40.0, -99.99, 40.01])
    assert [each["name"] for each in city["neighborhoods"]] == ["East Side", "West Side"]


def test_it_tells_the_streets(people, api_of):
    streets = {"type": "FeatureCollection", "features": []}
    City.objects.update(streets=streets)
    assert api_of(people.responder).get("/city").json()["streets"] == streets


def test_a_city_without_neighborhoods_says_what_to_do(people, api_of):
    Neighborhood.objects.all().delete()
    answer = api_of(people.manager).get("/city")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-map")


def test_before_there_is_a_city_nothing_is_there(people, api_of):
    City.objects.all().delete()
    assert api_of(people.administrator).get("/city").status_code == 404

"""Who is at the door of the live streams: their units are found for all of them at once."""

from datetime import timedelta

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.actions import assign_unit
from lamplighter.city.live.door import visitors

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in():
    def sign_in(person):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client.session.session_key

    return sign_in


def test_crews_hear_of_their_unit_on_shift_and_of_a_call_that_they_still_have(
    a_call, units, people, now, signed_in
):
    crew, officer = signed_in(people.responder), signed_in(people.officer)
    assign_unit(
        assignment_id=uuid7(),
        incident_id=a_call().call.incident_id,
        unit_id=units.van_1.pk,
        by=people.dispatcher,
        now=now,
    )

    on_shift = visitors({crew, officer}, now)
    assert on_shift[crew].unit_ids == {units.van_1.pk}
    assert on_shift[officer].unit_ids == {units.car_1.pk}

    units.van_1.shifts.update(ends_at=now + timedelta(minutes=1))
    units.car_1.shifts.update(ends_at=now + timedelta(minutes=1))
    after = visitors({crew, officer}, now + timedelta(minutes=2))
    assert after[crew].unit_ids == {units.van_1.pk}
    assert after[officer].unit_ids == set()


def test_it_asks_the_database_no_more_often_for_many(
    units, people, now, signed_in, django_assert_num_queries
):
    one = {signed_in(people.responder)}
    many = one | {signed_in(people.officer), signed_in(people.dispatcher)}
    for keys in (one, many):
        with django_assert_num_queries(4):
            visitors(keys, now)

"""The steps of an assignment: first taps count, order holds, whatever is tapped when."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplighter.city.dispatch.actions import STEPS, ask_backup, clear_assignment, take_step
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.journal.models import Entry
from lamplighter.city.refusal import Refusal

from .sending import send


@pytest.fixture
def sent(a_call, people, units, now):
    return send(a_call().call.incident, units.van_1, by=people.dispatcher, now=now)


def test_a_step_tapped_twice_keeps_its_first_time(sent, people, now):
    take_step(sent.pk, "accepted", by=people.responder, now=now + timedelta(minutes=1))
    again = take_step(sent.pk, "accepted", by=people.responder, now=now + timedelta(minutes=9))

    assert again.accepted_at == now + timedelta(minutes=1)
    assert Entry.objects.filter(verb="unit accepted").count() == 1


def test_an_earlier_step_after_a_later_one_is_refused_because_its_time_is_lost(sent, people, now):
    take_step(sent.pk, "on_scene", by=people.responder, now=now)

    with pytest.raises(Refusal) as refused:
        take_step(sent.pk, "en_route", by=people.responder, now=now + timedelta(minutes=1))

    assert refused.value.code == "step-passed"
    sent.refresh_from_db()
    assert sent.en_route_at is None


def test_a_step_of_somebody_elses_call_is_refused(sent, people, now):
    with pytest.raises(Refusal) as refused:
        take_step(sent.pk, "accepted", by=people.officer, now=now)
    assert refused.value.code == "no-assignment"


def test_an_unknown_step_is_refused(sent, people, now):
    with pytest.raises(Refusal) as refused:
        take_step(sent.pk, "cleared", by=people.responder, now=now)
    assert refused.value.code == "unknown-step"


def test_nothing_happens_to_a_call_that_was_cleared(sent, people, now):
    clear_assignment(sent.pk, "helped", by=people.responder, now=now)

    for act in (
        lambda: take_step(sent.pk, "on_scene", by=people.responder, now=now),
        lambda: clear_assignment(sent.pk, "declined", by=people.responder, now=now),
        lambda: ask_backup(
            request_id=sent.pk,
            assignment_id=sent.pk,
            kind="police",
            reason="weapon",
            by=people.responder,
            now=now,
        ),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert (refused.value.code, refused.value.status) == ("assignment-cleared", 409)
    sent.refresh_from_db()
    assert sent.cleared_as == "helped"


def test_an_unknown_disposition_is_refused(sent, people, now):
    with pytest.raises(Refusal) as refused:
        clear_assignment(sent.pk, "lost", by=people.responder, now=now)
    assert (refused.value.code, refused.value.field) == ("unknown-disposition", "cleared_as")


TAPS = st.lists(
    st.tuples(
        st.sampled_from([*STEPS, "clear", "recall", "send again"]),
        # Phones and servers disagree about the time: a tap may seem to come before the last.
        st.integers(min_value=-5, max_value=20),
    ),
    max_size=12,
)


@given(taps=TAPS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_tapped_times_are_in_order_and_a_unit_does_one_thing(
    taps, a_call, people, units, now
):
    with transaction.atomic():
        incident = a_call().call.incident
        current, at = send(incident, units.van_1, by=people.dispatcher, now=now), now
        for tap, minutes in taps:
            at += timedelta(minutes=minutes)
            before = as_they_are()
            try:
                if tap in STEPS:
                    take_step(current.pk, tap, by=people.responder, now=at)
                elif tap == "clear":
                    clear_assignment(current.pk, "helped", by=people.responder, now=at)
                elif tap == "recall":
                    clear_assignment(current.pk, "recalled", by=people.dispatcher, now=at)
                else:
                    current = send(incident, units.van_1, by=people.dispatcher, now=at)
            except Refusal:
                assert as_they_are() == before
            for key, after in as_they_are().items():
                assert_in_order(after)
                assert_kept(before.get(key, {}), after)
            assert Assignment.objects.filter(unit=units.van_1, cleared_at=None).count() <= 1
        transaction.set_rollback(True)


TIMES = ("assigned_at", "accepted_at", "en_route_at", "on_scene_at", "cleared_at")


def as_they_are():
    return {row["id"]: row for row in Assignment.objects.values()}


def assert_in_order(row):
    times = [row[name] for name in TIMES if row[name]]
    assert times == sorted(times)


def assert_kept(before, after):
    """A time that was set never changes."""
    for name in TIMES:
        assert before.get(name) in (None, after[name])

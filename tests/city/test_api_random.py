"""Whatever a program sends as a call: it is saved whole, or refused in our shape."""

import json
import logging
import uuid

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lamplighter.city.intake.models import Call, Decision, Incident
from lamplighter.city.journal.models import Entry
from tests.city.conftest import WELFARE_CHECK

pytestmark = pytest.mark.django_db

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
TIMES = st.datetimes(timezones=st.timezones() | st.none()).map(lambda at: at.isoformat())
FACTS = st.dictionaries(
    st.sampled_from([*WELFARE_CHECK, "colour"]),
    st.sampled_from(["unknown", "none", "now", True, False, "welfare_check", "fire", 1, 0.5]),
)
FIELDS = {
    "id": st.uuids().map(str),
    "channel": st.sampled_from(["911", "988", "app", "pigeon"]),
    "received_at": TIMES,
    "facts": FACTS | FACTS.map(lambda facts: {"nature": "welfare_check", **facts}),
    "address": st.text(max_size=210),
    "latitude": st.floats(39.99, 40.02) | st.floats(allow_nan=False),
    "longitude": st.floats(-100.02, -99.98) | st.floats(allow_nan=False),
    "neighborhood_id": st.integers(),
    "callback": st.text(max_size=45),
    "narrative": st.text(max_size=100),
    "simulated": st.booleans(),
    "join_incident": st.uuids().map(str),
    "override_responder": st.sampled_from(["", "police", "nobody"]),
    "override_reason": st.text(max_size=20),
}
ALMOST_A_CALL = st.fixed_dictionaries(
    {}, optional={name: field | ANYTHING for name, field in FIELDS.items()}
)
# A good call with one or two fields that are not.
NEARLY_GOOD = st.fixed_dictionaries(
    {}, optional={name: FIELDS[name] | ANYTHING for name in FIELDS if name != "id"}
).map(lambda changes: {**GOOD, "id": str(uuid.uuid4()), **dict(list(changes.items())[:2])})
GOOD = {
    "channel": "911",
    "received_at": "2026-06-01T12:00:00Z",
    "facts": WELFARE_CHECK,
    "address": "12 Lantern Street",
}


@pytest.fixture
def api(api_of, people):
    return api_of(people.call_taker)


def _good(**changes):
    return {**GOOD, "id": str(uuid.uuid4()), **changes}


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=ANYTHING | ALMOST_A_CALL | NEARLY_GOOD)
@example(sent=_good())
@example(sent=_good(narrative="\0"))
@example(sent=_good(narrative="\ud800"))
@example(sent=_good(latitude=float("nan"), longitude=0))
@example(sent=_good(received_at="0001-01-01T00:00:00+14:00"))
@example(sent=_good(received_at=1_800_000_000))
@example(sent=_good(neighborhood_id=10**30))
@example(sent=_good(neighborhood_id=999_999))
@example(sent=_good(facts={**WELFARE_CHECK, "weapon": 10**400}))
@example(sent=_good(facts={"nature": "unknown"}))
def test_a_call_is_saved_whole_or_refused(api, sent):
    answer = api.post("/calls", json.dumps(sent).encode())
    if answer.status_code == 201:
        assert Call.objects.filter(pk=answer.json()["id"]).exists()
    else:
        assert answer.status_code in {400, 404, 409, 422}, answer.json()
        assert set(answer.json()) == {"code", "sentence", "field", "data"}
    connection.check_constraints()
    calls = Call.objects.count()
    assert Decision.objects.filter(supersedes=None).count() == calls
    assert Entry.objects.filter(verb="call taken").count() == calls
    assert not Incident.objects.filter(calls=None).exists()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=st.binary(max_size=60))
@example(sent=b'{"id": NaN}')
@example(sent=b"[" * 30_000)
@example(sent=b"\xff\xfe{}")
def test_what_is_not_json_is_refused(api, sent):
    answer = api.post("/calls", sent)
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"code", "sentence", "field", "data"}


def test_a_large_body_is_refused_before_it_is_read(api):
    answer = api.post("/calls", _good(narrative="x" * 70_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_no_answer_and_no_log_line_repeats_what_was_said(api, monkeypatch, caplog, capsys):
    from lamplighter.city.api import calls
    from lamplighter.city.logs import PrivateFormatter

    said = "my neighbor Sam Lantern"
    for sent in (
        _good(narrative=said * 1000),
        _good(**{said: 1}),
        _good(facts={said: said}),
        _good(facts={"nature": said}),
        _good(channel=said),
        _good(id=said),
    ):
        assert said not in api.post("/calls", sent).content.decode()

    def broken(*_arguments, **_more):
        raise RuntimeError(f"Failing row contains ({said})")

    monkeypatch.setattr(calls, "take_call", broken)
    answer = api.post("/calls", _good(narrative=said))
    assert (answer.status_code, answer.json()["code"]) == (500, "failed-here")
    written = "\n".join(PrivateFormatter("%(message)s").format(each) for each in caplog.records)
    assert "RuntimeError" in written
    assert said not in written
    handlers = [type(each.formatter) for each in logging.getLogger().handlers if each.formatter]
    assert PrivateFormatter in handlers

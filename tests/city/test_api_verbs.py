"""The verbs of the pages, through the API: from a call to an encounter and its story."""

import pytest
from uuid_utils.compat import uuid7

from lamplighter.city.intake.models import Call
from tests.city.conftest import WELFARE_CHECK

pytestmark = pytest.mark.django_db


def _new(**body):
    return {"id": str(uuid7()), **body}


def test_a_program_can_follow_a_call_to_its_outcome(api_of, people, units, a_call):
    dispatcher, responder = api_of(people.dispatcher), api_of(people.responder)
    incident = a_call().call.incident_id
    board = dispatcher.get("/board").json()
    assert [each["id"] for each in board["incidents"]] == [str(incident)]
    assert board["incidents"][0]["missing"] == ["community_team"]

    best = dispatcher.get(f"/incidents/{incident}/recommended-units").json()["units"][0]
    assert best["call_sign"] == "VAN-1"
    assert best["right_kind"] is True
    sent = dispatcher.post("/assignments", _new(incident_id=str(incident), unit_id=best["unit_id"]))
    assert sent.status_code == 201
    assignment = sent.json()["id"]

    for step in ("accepted", "en_route", "on_scene"):
        taken = responder.post(f"/assignments/{assignment}/steps", {"step": step})
        assert taken.json()["status"] == step
    met = responder.post(
        "/encounters",
        _new(
            assignment_id=assignment,
            met="engaged",
            outcome="stayed",
            needs=["shelter"],
            offered=["talk", "ride"],
            accepted=["talk"],
            person_name="Sam Lantern",
            note="Afraid of dogs.",
        ),
    )
    assert met.status_code == 201
    assert "Sam" not in met.content.decode()
    ended = responder.post(f"/assignments/{assignment}/clear", {"cleared_as": "helped"})
    assert ended.json()["cleared_as"] == "helped"

    whole = dispatcher.get(f"/incidents/{incident}").json()
    assert (whole["closed_as"], whole["encounters"][0]["outcome"]) == ("helped", "stayed")
    assert whole["encounters"][0]["needs"] is None
    verbs = [told["verb"] for told in whole["story"]]
    assert verbs[0] in {"incident opened", "call taken"}
    assert verbs[-1] == "incident closed"
    for told in ("Sam", "dogs"):
        assert told not in str(whole)
        assert told not in str(responder.get(f"/incidents/{incident}").json())


def test_it_tells_who_was_second(api_of, people, units, a_call):
    api = api_of(people.dispatcher)
    first, second = a_call().call.incident_id, a_call().call.incident_id
    van = str(units.van_1.pk)
    assert api.post("/assignments", _new(incident_id=str(first), unit_id=van)).status_code == 201
    late = api.post("/assignments", _new(incident_id=str(second), unit_id=van))
    assert (late.status_code, late.json()["code"]) == (409, "unit-taken")
    off = api.post("/assignments", _new(incident_id=str(second), unit_id=str(units.van_3.pk)))
    assert (off.status_code, off.json()["code"]) == (400, "unit-off-shift")


def test_a_responder_acts_for_their_own_unit_only(api_of, people, units, a_call):
    incident = str(a_call().call.incident_id)
    sent = api_of(people.dispatcher).post(
        "/assignments", _new(incident_id=incident, unit_id=str(units.van_1.pk))
    )
    path = f"/assignments/{sent.json()['id']}/steps"
    assert api_of(people.officer).post(path, {"step": "accepted"}).status_code == 404
    assert api_of(people.officer).get(f"/incidents/{incident}").status_code == 404
    assert api_of(people.responder).get(f"/incidents/{incident}").status_code == 200


def test_it_asks_for_backup_and_closes_what_nobody_can_be_sent_to(api_of, people, units, a_call):
    api = api_of(people.dispatcher)
    incident = str(a_call().call.incident_id)
    sent = api.post("/assignments", _new(incident_id=incident, unit_id=str(units.van_1.pk))).json()
    asked = api_of(people.responder).post(
        f"/assignments/{sent['id']}/backup", _new(kind="police", reason="weapon")
    )
    assert asked.status_code == 201
    assert api.get("/board").json()["incidents"][0]["missing"] == ["police"]
    busy = api.post(f"/incidents/{incident}/close", {"closed_as": "helped"})
    assert (busy.status_code, busy.json()["code"]) == (409, "units-still-there")
    other = str(a_call().call.incident_id)
    closed = api.post(f"/incidents/{other}/close", {"closed_as": "not_served"})
    assert closed.json()["closed_as"] == "not_served"


def test_it_decides_again_and_keeps_the_first_decision(api_of, people, a_call):
    api = api_of(people.call_taker)
    taken = a_call()
    weapon = {"facts": {"weapon": True, "violence": "threat"}}
    made = api.post(f"/calls/{taken.call.id}/facts", weapon).json()
    assert made["responder"] in {"police", "co_response"}
    assert made["facts"]["nature"] == "welfare_check"
    assert Call.objects.get().decisions.count() == 2


def test_an_override_needs_a_reason(api_of, people, a_call):
    api = api_of(people.call_taker)
    path = f"/calls/{a_call().call.id}/override"
    without = api.post(path, {"responder": "co_response", "reason": ""})
    assert (without.status_code, without.json()["field"]) == (400, "override_reason")
    made = api.post(path, {"responder": "co_response", "reason": "They asked for an officer."})
    assert (made.json()["responder"], made.json()["policy_says"]) == (
        "co_response",
        "community_team",
    )


def test_what_was_said_is_for_those_who_answer(api_of, people, a_call):
    path = f"/calls/{a_call(narrative='My neighbor Sam sits outside.').call.id}"
    heard = api_of(people.dispatcher).get(path)
    assert "Sam" in heard.json()["narrative"]
    assert heard.headers["Cache-Control"] == "no-store"
    assert api_of(people.administrator).get(path).json()["narrative"] == ""
    assert api_of(people.responder).get(path).status_code == 404


def test_it_asks_the_fewest_questions(api_of, people, city):
    api = api_of(people.call_taker)
    asked = api.post("/questions", {"facts": {"nature": "welfare_check"}}).json()
    assert asked["decided"] is False
    assert asked["question"]["en"].endswith("?")
    assert asked["ask"] == asked["can_matter"][0]
    assert len(asked["possible"]) > 1
    told = api.post("/questions", {"facts": WELFARE_CHECK}).json()
    assert told["decided"] is True
    assert told["outcome"]["responder"] == "community_team"
    assert api.post("/questions", {"facts": {}}).json()["ask"] == "nature"


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"colour": "blue"}, "unknown-fact"), ({"weapon": "a big one"}, "fact-not-understood")],
)
def test_a_fact_that_the_policy_does_not_know_is_refused(api_of, people, city, facts, code):
    refused = api_of(people.call_taker).post("/questions", {"facts": facts})
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert "big one" not in refused.content.decode()


def test_it_gives_the_policy_in_force(api_of, people):
    policy = api_of(people.responder).get("/policies/in-force").json()
    assert policy["name"] == "first response"
    assert policy["text"].startswith("policy: first response")
    assert len(policy["content_hash"]) == 64


def test_it_lists_incidents_page_by_page(api_of, people, a_call):
    made = [str(a_call().call.incident_id) for _ in range(5)]
    api, seen, cursor = api_of(people.manager), [], ""
    for _page in range(3):
        page = api.get(f"/incidents?limit=2&cursor={cursor}").json()
        seen += [each["id"] for each in page["incidents"]]
        cursor = page["next_cursor"]
    assert (sorted(seen), cursor) == (sorted(made), "")
    assert api.get("/incidents?state=closed").json()["incidents"] == []
    assert api.get("/incidents?cursor=nonsense").json()["code"] == "not-a-cursor"
    assert api.get("/incidents?limit=1000").json()["field"] == "limit"
    assert api.get("/incidents/nonsense").json()["field"] == "incident_id"


def test_a_shift_has_a_crew_of_responders(api_of, people, units, now):
    body = {
        "unit_id": str(units.van_3.pk),
        "starts_at": "2026-12-01T08:00:00-07:00",
        "ends_at": "2026-12-01T16:00:00-07:00",
        "crew": [people.responder.username],
    }
    made = api_of(people.manager).post("/shifts", body)
    assert made.json()["starts_at"] == "2026-12-01T15:00:00Z"
    wrong = {**body, "crew": [people.manager.username]}
    refused = api_of(people.manager).post("/shifts", wrong)
    assert (refused.status_code, refused.json()["field"]) == (400, "crew")

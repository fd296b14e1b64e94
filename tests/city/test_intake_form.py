"""The call form: what a call taker posts, and what comes of it."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from lamplighter.city.intake.models import Call, Decision, Incident
from lamplighter.city.policies.answers import written
from lamplighter.city.policies.models import Activation
from lamplighter.policy import UNKNOWN, read_policy, shipped_policy

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"HTTP_X_REQUESTED_WITH": "lamplighter"}


@pytest.fixture
def call_taker(client: Client, people) -> Client:
    client.force_login(people.call_taker)
    return client


@pytest.fixture
def typed(now):
    """A call as the form sends it: an address, what is happening, nothing else known."""

    def form(**more):
        return {
            "id": str(uuid7()),
            "opened_at": now.isoformat(),
            "channel": "911",
            "address": "12 Lantern Street",
            "fact-nature": "welfare_check",
            "do": "save",
        } | {name.replace("__", "-"): value for name, value in more.items()}

    return form


def test_a_call_is_saved_and_its_incident_shown(call_taker, typed):
    form = typed(callback="720-555-0119", narrative="Sits on the steps.", fact__weapon="false")
    answer = call_taker.post("/calls/new/", form, follow=True)
    call = Call.objects.get(pk=form["id"])
    assert answer.redirect_chain == [(f"/incidents/{call.incident_id}/", 302)]
    assert (call.address, call.callback, call.narrative) == (
        "12 Lantern Street",
        "720-555-0119",
        "Sits on the steps.",
    )
    assert call.decisions.get().facts == {"nature": "welfare_check", "weapon": False}
    page = answer.content.decode()
    assert "The call is saved." in page
    assert '<a href="/calls/new/">Take another call</a>' in page


def test_every_opened_form_has_its_own_identifier(call_taker):
    forms = [call_taker.get("/calls/new/").context["form"] for _ in range(2)]
    assert forms[0]["id"].value() != forms[1]["id"].value()


def test_a_pressed_answer_brings_the_next_question_and_saves_nothing(call_taker, typed):
    first = call_taker.post("/calls/new/", typed(do="ask")).context["questions"]
    form = typed(do="ask", answer=f"{first.asked.name}={first.asked.answers[0].value}")
    second = call_taker.post("/calls/new/", form).context["questions"]
    assert [question.name for question in second.answered] == [first.asked.name]
    assert second.asked.name not in (None, first.asked.name)
    assert not Call.objects.exists()


def test_an_answer_that_is_taken_back_is_asked_again(call_taker, typed):
    form = typed(do="ask", fact__injured="serious", answer="injured=")
    questions = call_taker.post("/calls/new/", form).context["questions"]
    assert questions.answered == ()


def test_no_question_is_asked_that_cannot_change_the_answer(call_taker, typed):
    form = typed(do="ask", fact__nature="fire")
    page = call_taker.post("/calls/new/", form)
    questions, standing = page.context["questions"], page.context["standing"]
    if questions.asked is None:
        assert standing.settled
        assert "No more questions" in page.content.decode()
    else:
        assert not standing.settled


def test_every_reason_leads_to_its_rule_on_the_public_page(call_taker, client, typed):
    standing = call_taker.post("/calls/new/", typed(do="ask")).context["standing"]
    public = Client().get(standing.policy_url).content.decode()
    for reason in standing.explained.reasons:
        assert f'id="rule-{reason.rule}"' in public


def test_the_pages_script_gets_only_the_parts_that_change(call_taker, typed):
    answer = call_taker.post("/calls/new/", typed(do="ask"), **BY_SCRIPT).content.decode()
    assert 'id="decision"' in answer
    assert "<html" not in answer
    assert 'name="address"' not in answer


def test_the_pages_script_is_told_where_to_go_after_saving(call_taker, typed):
    answer = call_taker.post("/calls/new/", typed(), **BY_SCRIPT)
    assert answer.json() == {"go": f"/incidents/{Incident.objects.get().pk}/"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"address": ""}, "The call has no place: write an address or set the pin on the map."),
        (
            {"latitude": "41.0", "longitude": "-100.0"},
            "The place is outside the city: check the pin, or hand the call to that city.",
        ),
        (
            {"fact-nature": "dragon"},
            "What is happening is not said: choose it from the list.",
        ),
        ({"fact-nature": ""}, "What is happening is not said: choose it from the list."),
        (
            {"fact-weapon": "perhaps"},
            "The answer to “Weapon” is not one that the policy knows: answer it again.",
        ),
        (
            {"override_responder": "police"},
            "The override has no reason: write why somebody else goes.",
        ),
        (
            {"narrative": "x" * 4001},
            "The text is longer than the 4000 characters that can be kept: shorten it.",
        ),
    ],
)
def test_bad_input_is_told_in_one_sentence_and_nothing_typed_is_lost(
    call_taker, typed, wrong, sentence
):
    form = typed(callback="720-555-0119", narrative="Sits on the steps.", fact__injured="minor")
    form |= wrong
    answer = call_taker.post("/calls/new/", form)
    assert answer.status_code == 422
    assert [problem.sentence for problem in answer.context["problems"]] == [sentence]
    page = answer.content.decode()
    for name in ("id", "callback", "address", "narrative", "latitude", "override_responder"):
        assert str(answer.context["form"][name].value() or "") == form.get(name, "")
        assert form.get(name, "") in page
    assert "injured" in [question.name for question in answer.context["questions"].answered]
    assert not Call.objects.exists()


def test_a_call_from_the_future_is_told_in_one_sentence(call_taker, typed, now):
    tomorrow = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    answer = call_taker.post("/calls/new/", typed(received_at=tomorrow))
    assert [problem.sentence for problem in answer.context["problems"]] == [
        "The time of the call is in the future: check the time."
    ]
    assert tomorrow in answer.content.decode()


def test_a_call_written_down_earlier_keeps_its_time(call_taker, typed):
    call_taker.post("/calls/new/", typed(received_at="2026-03-02T04:05"))
    assert Call.objects.get().received_at.isoformat() == "2026-03-02T11:05:00+00:00"  # Denver


def test_the_hour_that_comes_twice_can_be_written(call_taker, typed):
    call_taker.post("/calls/new/", typed(received_at="2025-11-02T01:30"))
    assert Call.objects.get().received_at.isoformat() == "2025-11-02T07:30:00+00:00"


def test_pressing_send_twice_saves_once(call_taker, typed):
    form = typed()
    first = call_taker.post("/calls/new/", form)
    second = call_taker.post("/calls/new/", form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Call.objects.count() == 1


def test_a_changed_form_that_was_saved_before_leads_to_the_saved_call(call_taker, typed):
    form = typed()
    call_taker.post("/calls/new/", form)
    answer = call_taker.post("/calls/new/", form | {"address": "Elsewhere 3"})
    assert answer.status_code == 422
    [problem] = answer.context["problems"]
    assert problem.url == f"/calls/{form['id']}/"
    assert call_taker.get(problem.url).status_code == 302
    assert Call.objects.get().address == "12 Lantern Street"


def test_the_pin_tells_the_neighborhood(call_taker, typed, city):
    latitude, longitude = city.inside
    form = typed(do="ask", latitude=str(latitude), longitude=str(longitude))
    assert call_taker.post("/calls/new/", form).context["place"].neighborhood_id == (
        city.west_side.pk
    )


def test_a_pin_outside_the_city_is_told_at_once(call_taker, typed):
    form = typed(do="ask", latitude="41.0", longitude="-100.0")
    assert "The pin is outside the city" in call_taker.post("/calls/new/", form).content.decode()


def test_an_open_incident_near_by_is_offered_and_joined(call_taker, typed, a_call):
    first = a_call(facts={"nature": "fight"}, latitude=40.005, longitude=-100.005)
    form = typed(latitude="40.006", longitude="-100.005")
    page = call_taker.post("/calls/new/", form | {"do": "ask"})
    [near] = page.context["place"].nearby
    assert (near.nature, near.metres) == ("Fight", 111)
    assert "111 m away" in page.content.decode()
    call_taker.post("/calls/new/", form | {"join_incident": near.incident_id})
    assert Call.objects.get(pk=form["id"]).incident_id == first.call.incident_id


def test_who_joins_need_not_say_again_what_is_happening(call_taker, typed, a_call):
    first = a_call(facts={"nature": "fight"})
    form = typed(join_incident=str(first.call.incident_id)) | {"fact-nature": ""}
    call_taker.post("/calls/new/", form)
    assert Call.objects.get(pk=form["id"]).nature == "fight"


def test_a_closed_incident_is_not_offered(call_taker, typed, a_call, now):
    a_call()
    Incident.objects.update(closed_at=now, closed_as="helped")
    form = typed(do="ask", latitude="40.006", longitude="-100.005")
    assert call_taker.post("/calls/new/", form).context["place"].nearby == ()


def test_what_is_shown_is_what_is_saved(call_taker, typed):
    """For random answers: the decision beside the questions is the one that sending saves."""
    policy = read_policy(shipped_policy("first_response"))
    dice = random.Random(1869)
    for _ in range(40):
        facts = {}
        for declared in policy.inputs.values():
            values = [*(declared.domain.values or (True, False)), None]
            values += [] if declared.always_known else [UNKNOWN]
            value = dice.choice(values[:-2] if declared.always_known else values)
            if value is not None:
                facts[f"fact-{declared.name}"] = written(value)
        form = typed() | facts
        standing = call_taker.post("/calls/new/", form | {"do": "ask"}).context["standing"]
        assert call_taker.post("/calls/new/", form).status_code == 302
        saved = Decision.objects.get(call_id=form["id"])
        results = standing.explained.results
        for name in ("responder", "risk", "priority", "target_minutes", "backup", "handover"):
            assert results[name].value == getattr(saved, name), facts
        assert [r.rule for r in standing.explained.reasons] == [h["rule"] for h in saved.hits]


def test_a_policy_that_is_missing_is_told_in_one_sentence(client, people, typed):
    Activation.objects.all().delete()
    client.force_login(people.call_taker)
    answer = client.get("/calls/new/")
    assert answer.status_code == 503
    assert "No policy is in force for this" in answer.content.decode()


def test_the_form_speaks_spanish(call_taker, typed):
    page = call_taker.post("/calls/new/", typed(do="ask"), headers={"accept-language": "es"})
    assert page.context["questions"].nature.label == "Ver si alguien está bien"
    keys = [answer.key for answer in page.context["questions"].asked.answers]
    assert keys[0] in ("s", "1")

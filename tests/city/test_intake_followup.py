"""New information about a saved call, and somebody else than the policy says: the pages."""

import pytest
from django.test import Client

from lamplighter.city.intake.actions import override_decision, redecide
from lamplighter.city.intake.models import Call, Decision, Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(client: Client, people) -> Client:
    client.force_login(people.dispatcher)
    return client


def answers_of(page) -> dict[str, str]:
    """The form as it stands on the page: what is hidden in it and what is chosen."""
    questions = page.context["questions"]
    return {
        "based_on": str(page.context["form"]["based_on"].value()),
        "fact-nature": questions.nature.value,
    } | {f"fact-{question.name}": question.given for question in questions.answered}


def test_it_opens_with_what_is_known(dispatcher, a_call):
    taken = a_call()
    page = dispatcher.get(f"/calls/{taken.call.pk}/facts/")
    assert answers_of(page)["fact-weapon"] == "false"
    assert page.context["before"].responder.value == "community_team"
    assert "With this: the same goes" in page.content.decode()


def test_a_new_fact_shows_what_would_change_before_it_is_saved(dispatcher, a_call):
    address = f"/calls/{a_call().call.pk}/facts/"
    form = answers_of(dispatcher.get(address)) | {"fact-injured": "serious", "do": "ask"}
    page = dispatcher.post(address, form)
    assert page.context["before"].responder.value == "community_team"
    assert page.context["standing"].responder.value != "community_team"
    assert "With this: somebody else goes" in page.content.decode()
    assert Decision.objects.count() == 1


def test_saving_decides_again_and_says_what_changed(dispatcher, a_call, people):
    call = a_call().call
    address = f"/calls/{call.pk}/facts/"
    form = answers_of(dispatcher.get(address))
    form |= {"fact-injured": "serious", "note": "She fell.", "do": "save"}
    shown = dispatcher.post(address, form | {"do": "ask"}).context["standing"]
    page = dispatcher.post(address, form, follow=True)
    assert page.redirect_chain == [(f"/incidents/{call.incident_id}/", 302)]
    made = call.decisions.get(superseded_by=None)
    assert (made.responder, made.made_by) == (shown.responder.value, people.dispatcher)
    assert "goes, instead of" in page.content.decode()
    assert Call.objects.get().narrative.endswith("She fell.")


def test_a_fact_that_is_taken_back_becomes_unknown(dispatcher, a_call):
    call = a_call().call
    address = f"/calls/{call.pk}/facts/"
    form = answers_of(dispatcher.get(address)) | {"answer": "weapon=", "do": "save"}
    dispatcher.post(address, form)
    assert call.decisions.get(superseded_by=None).facts["weapon"] == "unknown"


def test_what_another_person_learned_meanwhile_stays(dispatcher, a_call, people, now):
    call = a_call().call
    address = f"/calls/{call.pk}/facts/"
    form = answers_of(dispatcher.get(address)) | {"fact-substance_use": "true", "do": "save"}
    redecide(call, {"weapon": True}, by=people.call_taker, now=now)
    dispatcher.post(address, form)
    facts = call.decisions.get(superseded_by=None).facts
    assert (facts["weapon"], facts["substance_use"]) == (True, True)


def test_a_wrong_answer_is_told_and_what_was_typed_is_kept(dispatcher, a_call):
    address = f"/calls/{a_call().call.pk}/facts/"
    form = answers_of(dispatcher.get(address))
    form |= {"fact-nature": "dragon", "note": "She fell.", "do": "save"}
    page = dispatcher.post(address, form)
    assert page.status_code == 422
    assert [problem.sentence for problem in page.context["problems"]] == [
        "What is happening is not said: choose it from the list."
    ]
    assert "She fell." in page.content.decode()
    assert Decision.objects.count() == 1


def test_an_override_stands_unless_it_is_given_up_here(dispatcher, a_call, people, now):
    call = a_call().call
    override_decision(call, "police", "He asked for an officer.", by=people.dispatcher, now=now)
    address = f"/calls/{call.pk}/facts/"
    page = dispatcher.get(address)
    assert "He asked for an officer." in page.content.decode()
    form = answers_of(page) | {"fact-substance_use": "true", "do": "save"}
    dispatcher.post(address, form)
    assert call.decisions.get(superseded_by=None).sent_responder == "police"
    form = answers_of(dispatcher.get(address)) | {"drop_override": "on", "do": "save"}
    dispatcher.post(address, form)
    assert call.decisions.get(superseded_by=None).sent_responder == "community_team"


def test_somebody_else_is_sent_for_a_reason(dispatcher, a_call):
    call = a_call().call
    form = {"override_responder": "ems", "override_reason": "She is 80.", "do": "save"}
    page = dispatcher.post(f"/calls/{call.pk}/override/", form, follow=True)
    assert page.redirect_chain == [(f"/incidents/{call.incident_id}/", 302)]
    made = call.decisions.get(superseded_by=None)
    assert (made.sent_responder, made.override_reason) == ("ems", "She is 80.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"override_responder": "ems"},
            "The override has no reason: write why somebody else goes.",
        ),
        (
            {"override_reason": "She is 80."},
            "The override names nobody to send: choose who goes instead.",
        ),
    ],
)
def test_half_an_override_is_refused_and_kept(dispatcher, a_call, typed, sentence):
    page = dispatcher.post(f"/calls/{a_call().call.pk}/override/", typed | {"do": "save"})
    assert page.status_code == 422
    assert [problem.sentence for problem in page.context["problems"]] == [sentence]
    for name, value in typed.items():
        assert page.context["form"][name].value() == value
    assert Decision.objects.count() == 1


def test_the_policy_can_be_followed_again(dispatcher, a_call, people, now):
    call = a_call().call
    override_decision(call, "police", "He asked for an officer.", by=people.dispatcher, now=now)
    address = f"/calls/{call.pk}/override/"
    assert "Follow the policy again" in dispatcher.get(address).content.decode()
    dispatcher.post(address, {"do": "follow"})
    assert call.decisions.get(superseded_by=None).sent_responder == "community_team"


@pytest.mark.parametrize("page", ["facts", "override"])
def test_a_closed_incident_is_shown_instead(dispatcher, a_call, now, page):
    call = a_call().call
    Incident.objects.update(closed_at=now, closed_as="helped")
    answer = dispatcher.get(f"/calls/{call.pk}/{page}/", follow=True)
    assert answer.redirect_chain == [(f"/incidents/{call.incident_id}/", 302)]
    assert "That incident is closed" in answer.content.decode()

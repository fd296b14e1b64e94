"""A policy by which calls are answered is put in force only with all that the city needs of it."""

import re
from types import SimpleNamespace

import pytest

from lamplighter.city.intake.models import Call, Decision, Responder
from lamplighter.city.policies import queries
from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.interview import interview
from lamplighter.city.policies.models import Activation, PolicyVersion
from lamplighter.city.policies.needed import LONGEST, LONGEST_FACT, OUTPUTS, RESPONDERS
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.refusal import Refusal
from lamplighter.policy import diagram as diagrams

SMALL = """
policy: first response
version: "1"
title: {en: "A small one", es: "Una pequeña"}
about: {en: "For answering.", es: "Para responder."}
inputs:
  nature:
    type: choice
    label: {en: "What", es: "Qué"}
    ask: {en: "What is it?", es: "¿Qué es?"}
    always known: true
    values: {noise: {en: "Noise", es: "Ruido"}, fire: {en: "Fire", es: "Fuego"}}
tables:
  answer:
    title: {en: "Answer", es: "Respuesta"}
    hit: first
    outputs:
      risk: {label: {en: "Risk", es: "Riesgo"}, values: {low: {en: "Low", es: "Bajo"}}}
      responder: {label: {en: "Who", es: "Quién"}, values: {police: {en: "Police", es: "Policía"}}}
      priority: {label: {en: "Priority", es: "Prioridad"}, type: number, range: "[1..5]"}
      target_minutes: {label: {en: "Target", es: "Meta"}, type: number, range: "[0..240]"}
      backup: {label: {en: "Backup", es: "Apoyo"}, values: {none: {en: "No", es: "No"}}}
      handover: {label: {en: "After", es: "Después"}, values: {none: {en: "No", es: "No"}}}
    rules:
      - id: all
        when: {}
        then:
          risk: low
          responder: police
          priority: 3
          target_minutes: 30
          backup: none
          handover: none
        because: {en: "The only one.", es: "El único."}
        source: "Invented for this test."
"""

HOW_LOUD = (
    "tables:",
    """  loud:
    type: boolean
    label: {en: "Loud", es: "Fuerte"}
    ask: {en: "Is it loud?", es: "¿Es fuerte?"}
tables:""",
    1,
)
LOUD = """
      - id: loud
        when: {loud: "true"}
        then:
          risk: low
          responder: police
          priority: 1
          target_minutes: 30
          backup: none
          handover: none
        because: {en: "It is loud.", es: "Es fuerte."}
        source: "Invented for this test."
"""


@pytest.fixture
def put_in_force(db, now):
    return lambda text: activate(text, by=None, from_at=now, now=now)


def test_a_small_policy_with_all_that_is_needed_is_put_in_force(put_in_force):
    assert put_in_force(SMALL).name == FIRST_RESPONSE


def test_what_is_too_large_to_be_followed_is_put_in_force_and_asked(put_in_force, now, monkeypatch):
    monkeypatch.setattr(diagrams, "_MOST_STEPS", 0)
    monkeypatch.setattr(diagrams, "_MOST_STEPS_ALONE", 0)
    put_in_force(
        SMALL.replace("      - id: all\n", LOUD + "      - id: all\n", 1).replace(*HOW_LOUD)
    )
    policy = in_force(FIRST_RESPONSE, now).policy
    opened = interview(policy, {"nature": "noise"})
    assert not policy.engine.diagram.fits([0], 1)
    assert [question.name for question in (opened.question, *opened.can_matter)] == ["loud"]
    assert interview(policy, {"nature": "noise", "loud": True}).decision.outcome["priority"] == 1


def test_its_questions_are_made_ready_once_a_process(put_in_force, now, monkeypatch):
    begun = []

    def thread(target, args, daemon):
        return SimpleNamespace(start=lambda: begun.append(args[0].engine))

    monkeypatch.setattr(queries, "_made_ready", set())
    monkeypatch.setattr(queries, "Thread", thread)
    put_in_force(SMALL)
    for _ in range(3):
        ready = in_force(FIRST_RESPONSE, now).policy
    assert begun == [ready.engine]

    # Many versions were read meanwhile: what is compiled anew is made ready anew.
    monkeypatch.setattr(queries, "_KEPT", 0)
    queries._compiled.pop(ready.content_hash)
    anew = in_force(FIRST_RESPONSE, now).policy
    assert begun == [ready.engine, anew.engine]


@pytest.mark.parametrize("name", ["nature", *OUTPUTS])
def test_it_names_what_a_policy_lacks_and_stores_nothing(put_in_force, name):
    with pytest.raises(Refusal) as refused:
        put_in_force(re.sub(rf"\b{name}:", f"my_{name}:", SMALL))
    assert refused.value.code == "policy-lacks"
    assert refused.value.data == {"missing": [name]}
    assert f"({name})" in refused.value.sentence
    assert not PolicyVersion.objects.exists()
    assert not Activation.objects.exists()


def test_what_is_decided_on_the_way_but_not_answered_is_lacking_too(put_in_force):
    answered = [name for name in OUTPUTS if name not in {"risk", "backup"}]
    with pytest.raises(Refusal) as refused:
        put_in_force(f"{SMALL}outcome: [{', '.join(answered)}]\n")
    assert refused.value.data == {"missing": ["backup"]}


def test_it_names_whom_the_city_cannot_send(put_in_force):
    with pytest.raises(Refusal) as refused:
        put_in_force(SMALL.replace("police", "night_watch"))
    assert refused.value.code == "policy-sends-unknown"
    assert "(night_watch)" in refused.value.sentence
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize(
    ("changed", "unfit"),
    [
        ({"hit: first": "hit: collect"}, list(OUTPUTS)),
        ({"hit: first": "hit: rule order"}, list(OUTPUTS)),
        ({"priority: 3": "priority: 4.5"}, ["priority"]),
        ({"priority: 3": "priority: 0", "[1..5]": "[0..5]"}, ["priority"]),
        ({"target_minutes: 30": "target_minutes: 7.5"}, ["target_minutes"]),
        ({"low": "lower_than_anything_seen"}, ["risk"]),
        ({"noise": "a_noise_that_goes_on_and_on_all_the_night"}, ["nature"]),
    ],
)
def test_it_names_what_could_not_be_saved_with_a_call(put_in_force, changed, unfit):
    """Else every call taken under it would fail, and nobody could be sent."""
    text = SMALL
    for old, new in changed.items():
        text = text.replace(old, new)
    with pytest.raises(Refusal) as refused:
        put_in_force(text)
    assert refused.value.data == {"unfit": unfit}
    assert not PolicyVersion.objects.exists()


def test_the_policies_room_knows_the_responders_of_intake():
    assert set(Responder.values) == RESPONDERS


def test_the_policies_room_knows_what_fits_a_call():
    longest = {name: Decision._meta.get_field(name).max_length for name in LONGEST}
    assert longest == LONGEST
    assert Call._meta.get_field("nature").max_length == LONGEST_FACT
    assert Decision._meta.get_field("unknown").base_field.max_length == LONGEST_FACT


def test_a_policy_of_another_name_may_decide_what_it_likes(put_in_force):
    other = SMALL.replace("first response", "noise at night").replace("police", "night_watch")
    assert put_in_force(other).name == "noise at night"

"""Every verb of the journal about an incident has its sentence; an unknown one is still shown."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation

from lamplighter import city
from lamplighter.city.incidents.sentences import SENTENCES, line_of
from lamplighter.city.incidents.story import Told

# Verbs that belong to no incident, so that no incident's story can hold them.
ELSEWHERE = {"shift set", "policy activated"}


def told(verb, **data):
    return Told(
        seq=1,
        at=datetime(2026, 6, 1, tzinfo=UTC),
        minutes=0,
        actor="",
        verb=verb,
        call_id=None,
        unit_id=None,
        subject_id="",
        data=data,
    )


def recorded_verbs():
    """What the rooms that work on incidents write in the journal, read from their code."""
    rooms = ("intake", "dispatch", "field")
    root = Path(city.__file__).parent
    for room in rooms:
        for source in (root / room).glob("*.py"):
            text = source.read_text(encoding="utf-8")
            yield from re.findall(r'done\.record\(\s*"([^"]+)"', text)
            yield from re.findall(r'"(decision overridden|call decided)"', text)
    yield from ("unit accepted", "unit en route", "unit on scene")


def test_every_verb_has_a_sentence():
    verbs = set(recorded_verbs())

    assert len(verbs) > 10
    assert verbs - ELSEWHERE - set(SENTENCES) == set()


def test_codes_are_said_in_words():
    line = line_of(told("unit cleared", call_sign="VAN-1", cleared_as="no_person_found"), {})

    assert line.what == "VAN-1 ended its part: Nobody found"


def test_natures_are_said_as_the_policy_says_them():
    line = line_of(told("call taken", nature="noise", channel="311"), {"noise": "Loud party"})

    assert (line.what, line.more) == (
        "Call taken: Loud party",
        ("It came by: 311 or non-emergency line.",),
    )


def test_a_simulated_call_is_said_to_be_one():
    line = line_of(told("call taken", nature="noise", channel="app", simulated=True), {})

    assert line.more[-1] == "A simulated call."


def test_what_the_reader_may_not_see_is_left_out_of_the_sentence():
    full = line_of(
        told("encounter recorded", call_sign="VAN-1", met="engaged", outcome="stayed", needs=[]),
        {},
    )
    little = line_of(told("encounter recorded", call_sign="VAN-1"), {})

    assert full.more == ("Met and talked. Stayed in the community.",)
    assert (little.what, little.more) == ("VAN-1 recorded an encounter", ())


@pytest.mark.parametrize(
    ("verb", "data"),
    [("bell rung", {"times": 3}), ("unit cleared", {}), ("call taken", {"channel": "pigeon"})],
)
def test_a_verb_or_entry_without_its_sentence_is_shown_as_the_verb(verb, data):
    assert line_of(told(verb, **data), {}).what == verb.capitalize()


def test_a_code_of_a_later_version_is_shown_as_it_is():
    line = line_of(told("incident closed", closed_as="moved_to_the_moon"), {})

    assert line.what == "The incident closed: moved to the moon"


def test_every_sentence_is_in_spanish_too():
    with translation.override("es"):
        for verb, sentence in SENTENCES.items():
            spanish = str(sentence.what)
            with translation.override("en"):
                assert str(sentence.what) != spanish, verb

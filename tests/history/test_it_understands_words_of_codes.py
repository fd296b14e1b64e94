"""Codes in other words, with slips, denials, remarks, or in Spanish; all are invented."""

import pytest

from lamplighter.history.describing.codes import meaning_of

TOLD = (
    # What is denied is not what the code is about.
    ("FIGHT NO WEAPONS", "fight"),
    ("SICK PERSON NO OVERDOSE", "illness_or_injury"),
    ("ALARM NO FIRE", "alarm"),
    ("ACCIDENT NON INJURY", "crash_no_injury"),  # but what is named with its denial is
    # A slip in a long word.
    ("BURGALRY IN PROGRESS", "burglary"),
    ("TRESSPASSING", "trespass"),
    # A remark after the words, and an ending of a word.
    ("DISTURBANCE - UNHOUSED", "disorderly_conduct"),
    ("CORONER'S CASE", "death"),
    # Somebody who sells at the door is no sex worker.
    ("SOLICITOR AT DOOR", "suspicious_activity"),
    # Words of Spanish speakers, as such or with their accents and plurals.
    ("Violencia familiar", "domestic_violence"),
    ("PERSONAS LESIONADAS EN ACCIDENTE DE TRÁNSITO", "crash_injury"),
    ("Intento de suicidio", "suicidal_person"),
    ("Persona en estado de ebriedad", "intoxicated_person"),
    ("RIÑA CALLEJERA", "fight"),
    ("Robo a casa habitación sin violencia", "burglary"),
)


@pytest.mark.parametrize(("written", "nature"), TOLD)
def test_a_code_is_understood_as_a_dispatcher_reads_it(written: str, nature: str) -> None:
    found = meaning_of(written)

    assert found is not None
    assert (found.nature, found.started_by) == (nature, "public")

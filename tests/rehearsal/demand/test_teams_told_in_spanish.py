"""What is wrong with a team file is said in English and in Spanish, with the same things in it."""

import re
import string
from pathlib import Path

import pytest

import lamplighter.rehearsal.teams_file
from lamplighter.rehearsal.teams_file import TeamsError, parse_teams, read_teams, settled
from lamplighter.rehearsal.teams_file.sentence_texts import TEXTS

from .test_teams_file import TEAMS

HOME = Path(lamplighter.rehearsal.teams_file.__file__).parent


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_each_sentence_is_said_in_both_languages_about_the_same_things(code: str) -> None:
    assert places(TEXTS[code]["en"]) == places(TEXTS[code]["es"])


def test_every_code_is_used_and_every_code_that_is_used_is_there() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in HOME.glob("*.py"))
    used = set(re.findall(r'(?:say\(\s*|else )"([a-z.-]+)"', source))
    assert set(TEXTS) == used


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("to leave: 2", "to leave: -2",
         "línea 10, columna 17: to leave del tipo team en minutos: es -2 y tiene que ser al menos "
         "0; corríjalo."),
        ("kind: team", "kind: teem",
         "One no es de un tipo conocido: no hay tipo teem; ¿quiso decir team?"),
        (' next day"', '"',
         "el turno 22:00-06:00 termina antes de empezar; escriba \"22:00-06:00 next day\""),
        ("teams: Small", "team: Small", "el archivo de equipos no tiene el campo team"),
        ("share: 0.01", "share: 1.5", "tiene que ser de 0 a 1"),
        ("travel:", "  travel:", "esto no es YAML:"),
    ],
)  # fmt: skip
def test_the_commonest_faults_are_told_in_spanish(was: str, now: str, says: str) -> None:
    with pytest.raises(TeamsError) as refused:
        parse_teams(TEAMS.replace(was, now), "mi.yaml")
    told = " ".join(refused.value.in_language("es"))
    assert says in told
    assert "mi.yaml, línea" in told
    assert refused.value.in_language("en") == refused.value.problems


def test_teams_of_another_city_are_told_of_in_spanish() -> None:
    with pytest.raises(TeamsError) as refused:
        settled(read_teams("example_teams"), {"Downtown": (36.16, -86.78)})
    (said,) = refused.value.in_language("es")
    assert "km de la más cercana de estas zonas, como las de 6 unidades más" in said

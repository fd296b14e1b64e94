"""The catalogue of natures and the policy speak of the same calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from lamplighter.history import natures
from lamplighter.policy import Policy

APCO = Path(__file__).parents[3] / "shared/data/standards/eido/NIEMComponents/apco.yaml"


def test_the_policy_and_the_catalogue_have_the_same_natures(policy: Policy) -> None:
    in_policy = [choice.value for choice in policy.inputs["nature"].values]
    assert in_policy == [nature.code for nature in natures()]


def test_every_nature_has_enough_words_to_be_found() -> None:
    for nature in natures():
        for words in (nature.words_en, nature.words_es):
            assert 8 <= len(words) <= 15, nature.code
            assert len(set(words)) == len(words), nature.code


@pytest.mark.parametrize(
    ("said", "nature"),
    [
        ("passed out", "person_down"),
        ("won't leave", "unwanted_person"),
        ("needle", "needles_found"),
        ("wants to die", "suicidal_person"),
        ("hearing voices", "mental_health_crisis"),
        ("se desmayó", "person_down"),
        ("no se quiere ir", "unwanted_person"),
        ("aguja", "needles_found"),
        ("quiere morir", "suicidal_person"),
        ("oye voces", "mental_health_crisis"),
    ],
)
def test_what_a_caller_says_is_among_the_words(said: str, nature: str) -> None:
    found = {n.code for n in natures() if said in n.words_en or said in n.words_es}
    assert nature in found


@pytest.mark.real_data
def test_every_code_is_an_apco_common_incident_type() -> None:
    if not APCO.exists():
        pytest.skip(f"the EIDO schemas are not there: {APCO}")
    schemas = YAML(typ="safe").load(APCO)["components"]["schemas"]
    codes = {str(code) for code in schemas["apcoIncidentCategoryCodeSimpleType"]["enum"]}
    for nature in natures():
        assert nature.apco, nature.code
        assert set(nature.apco) <= codes, nature.code

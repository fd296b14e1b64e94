"""What is wrong with a policy is said in English and in Spanish, with the same things in it."""

import re
import string
from pathlib import Path

import pytest

import lamplighter.policy
from lamplighter.policy import PolicyError, parse_policy, shipped_policy
from lamplighter.policy.sentence_texts import TEXTS

SHIPPED = shipped_policy("first_response").read_text(encoding="utf-8")
HOME = Path(lamplighter.policy.__file__).parent


def places(text):
    """The names of what stands in a sentence."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})


@pytest.mark.parametrize("code", TEXTS)
def test_each_sentence_is_said_in_both_languages_about_the_same_things(code):
    texts = TEXTS[code]
    assert texts.keys() == {"en", "es"}
    # What a value must be is said in English by its kind; in Spanish it may go without saying.
    assert set(places(texts["es"])) - set(places(texts["en"])) == set()
    assert set(places(texts["en"])) - set(places(texts["es"])) <= {"kind"}


def test_every_code_is_used_and_every_code_that_is_used_is_there():
    source = "\n".join(path.read_text(encoding="utf-8") for path in HOME.rglob("*.py"))
    used = set(re.findall(r'(?:say\(|Said\(|else )\s*"([a-z.-]+)"', source))
    used |= {code for code in TEXTS if code.startswith("kind.")}
    assert set(TEXTS) - used == set()
    assert set(re.findall(r'say\(\s*"([a-z.-]+)"', source)) - set(TEXTS) == set()


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("crime_now: 'false, unknown'", "crime_now: 'perhaps'",
         "perhaps no es una prueba; crime_now es true o false"),
        ("nature: '\"fire\"'", "nature: '\"fyre\"'",
         '"fyre" no es un valor de nature; ¿quiso decir fire?'),
        ("nature: '\"fire\"'", "natur: '\"fire\"'",
         "no hay ningún dato ni respuesta natur; ¿quiso decir nature?"),
        ("then: {risk: immediate}", "then: {}", "la regla no dice risk; agregue risk: … en then"),
        ("when unknown: threat", "when unknown: thread",
         "lo que se toma cuando no se sabe el dato violence no puede ser thread; "
         "¿quiso decir threat?"),
        ("violence != \"now\"", "violence != \"nou\"",
         "nou no es un valor de violence; ¿quiso decir now?"),
        ("not asked(weapon)", "not asked(responder)",
         "asked(…) habla de un dato, y responder es una respuesta; nombre un dato"),
        ('range: "[1..5]"', 'range: "[5..1]"',
         "el rango de la respuesta priority no se puede leer: [5..1] no contiene nada; "
         "escriba primero el extremo menor"),
    ],
)  # fmt: skip
def test_the_commonest_faults_are_told_in_spanish(was, now, says):
    with pytest.raises(PolicyError) as refused:
        parse_policy(SHIPPED.replace(was, now, 1))
    problem = refused.value.problems[0]
    assert problem.said.in_language("es") == says
    assert problem.said.in_language("en") == problem.message

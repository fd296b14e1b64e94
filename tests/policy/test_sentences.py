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


HITS = (
    "first, unique, any, priority, rule order, output order, collect, collect sum, collect min, "
    "collect max, collect count"
)
OUTPUTS = "risk, responder, priority, target_minutes, backup, handover"


@pytest.mark.parametrize(
    ("was", "now", "english", "spanish"),
    [
        ("hit: first", "hit: collect",
         "risk is a list, because table risk has hit: collect, and cannot be tested; "
         "add it up there (collect count) or test something else",
         "risk es una lista, porque la tabla risk tiene hit: collect, y no se puede probar; "
         "haga de ella un número allí (collect count) o mire otra cosa"),
        ("hit: first", "hit:", f"this is not a hit policy; use one of {HITS}",
         f"esto no es una manera de decidir (hit); use uno de {HITS}"),
        ("hit: first", "hit: [first]", f"this is not a hit policy; use one of {HITS}",
         f"esto no es una manera de decidir (hit); use uno de {HITS}"),
        ("hit: first", "hit: true", f"true is not a hit policy; use one of {HITS}",
         f"true no es una manera de decidir (hit); use uno de {HITS}"),
        ("\ntables:", "\noutcome: [[risk]]\ntables:",
         f"outcome names this, which no table decides; use one of {OUTPUTS}",
         f"outcome nombra esto, que no decide ninguna tabla; use uno de {OUTPUTS}"),
        ("\ntables:", "\noutcome: [true]\ntables:",
         f"outcome names true, which no table decides; use one of {OUTPUTS}",
         f"outcome nombra true, que no decide ninguna tabla; use uno de {OUTPUTS}"),
        ("\ninputs:", "\ninputs: {}\nx:", "the policy has no inputs; declare at least one",
         "la política no tiene datos; declare al menos uno"),
        ("policy: first response", "policy: []",
         "the policy's name must be a text that is not empty; write it here",
         "el nombre de la política tiene que ser un texto que no esté vacío; escríbalo aquí"),
        ('version: "2026-11-01"', "version: ''",
         "the version must be a text that is not empty; write it here",
         "la versión tiene que ser un texto que no esté vacío; escríbalo aquí"),
        ('en: "Who answers a call for help"', "en: ''",
         "the title in English must be a text that is not empty; write it here",
         "el título en inglés tiene que ser un texto que no esté vacío; escríbalo aquí"),
        ("\nabout:\n", "\nabout: ''\nx:\n", "about must be a text that is not empty; write it here",
         "lo que dice about tiene que ser un texto que no esté vacío; escríbalo aquí"),
        ("type: boolean", "type: []",
         "this is not a type of input breathing_and_awake; "
         "use one of choice, boolean, number, date, duration, period",
         "esto no es un tipo del dato breathing_and_awake; "
         "use uno de choice, boolean, number, date, duration, period"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy_as_a_whole_is_told_in_both(was, now, english, spanish):
    with pytest.raises(PolicyError) as refused:
        parse_policy(SHIPPED.replace(was, now, 1))
    told = [one for one in refused.value.problems if "field x" not in one.message]
    assert told[0].message == english
    assert told[0].said.in_language("es") == spanish
    assert all(one.said for one in refused.value.problems)

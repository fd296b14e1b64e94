"""A DMN file that wants to do harm, or is broken, gives one sentence and nothing else."""

from pathlib import Path

import pytest

from lamplighter.policy import PolicyError
from lamplighter.policy.dmn import policy_from_dmn, read_model

DESK = Path("tests/policy/models/desk.dmn").read_text(encoding="utf-8")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = DESK.removeprefix(HEAD)
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.fixture
def refused(tmp_path):
    """The one sentence with which both ways of reading refuse a content, without the path."""

    def run(content):
        path = tmp_path / "model.dmn"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = set()
        for read in (read_model, policy_from_dmn):
            with pytest.raises(PolicyError) as caught:
                read(path)
            said.add(str(caught.value))
        (sentence,) = said
        assert "\n" not in sentence
        return sentence.removeprefix(str(path)).removeprefix(", ")

    return run


DOCTYPE = "line 2: the file has a DOCTYPE, which a model never needs; remove it."


def test_it_opens_no_other_file(refused, tmp_path):
    (tmp_path / "secret").write_text("secret")
    doctype = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{tmp_path}/secret">]>\n'
    assert refused(HEAD + doctype + BODY.replace('"police"', "&x;")) == DOCTYPE


def test_it_asks_no_other_machine(refused):
    assert refused(HEAD + '<!DOCTYPE d SYSTEM "http://192.0.2.1/d.dtd">\n' + BODY) == DOCTYPE


@pytest.mark.timeout(120)
def test_it_does_not_expand_entities(refused):
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "ha">{BOMB}]>\n'
    assert refused(HEAD + bomb + BODY.replace("desk", "&e11;")) == DOCTYPE


@pytest.mark.parametrize("before", ["\n", "<!-- a model -->", "<?a b?> <!-- c -->", " \n\t"])
def test_it_finds_a_doctype_behind_anything(refused, before):
    assert "DOCTYPE" in refused(HEAD + before + '<!DOCTYPE d [<!ENTITY x "y">]>' + BODY)
    assert "DOCTYPE" in refused((HEAD + before + "<!DOCTYPE d>" + BODY).encode("utf-16"))


def test_it_reads_no_entity_that_nobody_declared(refused):
    sentence = refused(DESK.replace('"police"', "&x;", 1))
    assert "this is not whole XML (Entity 'x' not defined" in sentence


def test_it_does_not_go_deeper_than_a_model_does(refused):
    nested = "<list>" * 5000 + "</list>" * 5000
    sentence = refused(DESK.replace("<decisionTable", f"{nested}<decisionTable", 1))
    assert sentence.endswith("the file is nested more than 150 levels deep.")


def test_it_does_not_go_deeper_than_an_expression_does(refused):
    deep = "(" * 3000 + "true" + ")" * 3000
    sentence = refused(DESK.replace("<text>true, null</text>", f"<text>{deep}</text>"))
    assert sentence.endswith("is not FEEL: the expression is nested more than 60 levels deep.")


def test_it_reads_no_huge_attribute(refused):
    sentence = refused(DESK.replace('name="desk"', f'name="{"x" * 2_000_000}"'))
    assert sentence.endswith("a text or an attribute is far too long.")


def test_it_reads_no_huge_file(refused):
    assert refused(b" " * 20_000_001) == (
        ": the file has more than 20 MB, more than any model needs."
    )


def test_it_reads_what_the_encoding_says(refused, tmp_path):
    said = refused(DESK.replace("police", "polic\xeda").encode("latin-1"))
    assert said == "line 5: this line is not UTF-8; save the file as UTF-8."
    said = refused(DESK.replace("UTF-8", "UTF-7"))
    assert said == "line 1: the encoding utf-7 is not read; save the file as UTF-8."
    path = tmp_path / "latin.dmn"
    text = DESK.replace("UTF-8", "ISO-8859-1").replace("police", "polic\xeda")
    path.write_bytes(text.encode("latin-1"))
    assert read_model(path).decide("responder", {}) == "polic\xeda"


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_it_reads_no_part_of_a_file(refused, share):
    assert refused(DESK[: int(len(DESK) * share)].rstrip(">\n"))


def test_it_reads_no_other_xml(refused):
    assert refused("<html><body/></html>") == (
        "line 1: <html> is not the definitions of DMN 1.1, 1.2, 1.3, 1.4, 1.5; "
        "export the model as one."
    )


def test_it_has_a_sentence_for_a_file_that_is_not_there(tmp_path):
    with pytest.raises(PolicyError, match="there is no such file; check the path"):
        read_model(tmp_path / "none.dmn")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "<inputData",
            '<import name="money" namespace="x"/><inputData',
            "line 7: <import>: the model imports money; put the DMN file with the namespace x "
            "beside it.",
        ),
        (
            "<inputData",
            '<import name="money" importType="http://www.dmg.org/PMML-4_2"/><inputData',
            "line 7: <import>: money is not a DMN model; only those are imported.",
        ),
        (
            '<decisionTable hitPolicy="FIRST">',
            '<decisionTable hitPolicy="LAST">',
            "line 11: in decision responder, <decisionTable>: LAST is not a hit policy; "
            "use one of UNIQUE, ANY, PRIORITY, "
            "FIRST, RULE ORDER, OUTPUT ORDER, COLLECT.",
        ),
        (
            'href="#weapon"',
            'href="#arm"',
            "line 10: <requiredInput>: there is no element #arm in the file.",
        ),
        (
            "<text>true, null</text>",
            "<text>true,,</text>",
            "line 16: in decision responder, <inputEntry>: true,, is not FEEL: , at character 6 "
            "stands where a value should be.",
        ),
        (
            "<typeRef>string</typeRef>",
            "<typeRef>tResponder</typeRef>",
            "line 3: <itemDefinition>: the type tResponder is made of itself; take that out.",
        ),
        (
            "<decisionTable hit",
            "<pmml/><decisionTable hit",
            "line 11: in decision responder, <pmml>: this part of a decision is not read.",
        ),
    ],
)
def test_it_names_what_it_does_not_read(tmp_path, old, new, sentence):
    path = tmp_path / "model.dmn"
    path.write_text(DESK.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        read_model(path)
    assert str(caught.value) == f"{path}, {sentence}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "expression",
    [
        "for i in 1..1000000000 return i",
        "count(for i in 1..1000, j in 1..1000, k in 1..1000 return i)",
        "(function(f) f(f))(function(f) f(f))",
        "{f: function(n) f(n + 1), r: f(0)}.r",
        'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "((a+)+)+$")',
        '{d: function(s, n) if n = 0 then s else d(s + s, n - 1), r: d("x", 50)}.r',
        "every x in 1..100000, y in 1..100000 satisfies x + y > 0",
        "for i in 1..100000 return count(partial)",
    ],
)
def test_no_expression_runs_away(expression):
    from lamplighter.policy.feel import Evaluator, parse_expression

    assert Evaluator().run(parse_expression(expression)) in (None, False)

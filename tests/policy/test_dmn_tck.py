"""The program that runs a folder of DMN test cases, and the folder that is shared."""

import subprocess
import sys
from pathlib import Path

import pytest

MODELS = Path(__file__).parent / "models"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "standards" / "dmn"

CASES = """\
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <modelName>{model}</modelName>
  <testCase id="armed">
    <inputNode name="weapon"><value xsi:type="xsd:boolean">{weapon}</value></inputNode>
    <resultNode name="responder" type="decision">
      <expected><value xsi:type="xsd:string">{expected}</value></expected>
    </resultNode>
  </testCase>
  <testCase id="nobody knows">
    <inputNode name="weapon"><value xsi:nil="true"/></inputNode>
    <resultNode name="responder"><expected><value>police</value></expected></resultNode>
  </testCase>
</testCases>
"""


def run(folder, *options):
    done = subprocess.run(
        [sys.executable, "tools/dmn_tck.py", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path):
    def make(name, **values):
        inner = tmp_path / "deep" / name
        inner.mkdir(parents=True)
        (inner / "desk.dmn").write_bytes((MODELS / "desk.dmn").read_bytes())
        facts = {"model": "desk.dmn", "weapon": "true", "expected": "police"} | values
        (inner / "desk-test-01.xml").write_text(CASES.format(**facts), encoding="utf-8")
        return inner

    make.root = tmp_path
    return make


def test_it_counts_what_passes_at_any_depth(folder):
    folder("a")
    folder("b")
    assert run(folder.root) == (
        0,
        ["deep/a: passed 2 of 2", "deep/b: passed 2 of 2", "passed 4 of 4"],
    )


def test_it_shows_what_fails(folder):
    folder("a", weapon="false")
    assert run(folder.root, "--verbose") == (
        1,
        [
            "deep/a: passed 1 of 2",
            '  armed, responder: "team" instead of "police"',
            "passed 1 of 2",
        ],
    )


@pytest.mark.parametrize(
    ("old", "new", "passed", "reason"),
    [
        ("<definitions", "<definition", 0, "this is not whole XML"),
        ('<text>"police"</text>', "<text>police,,</text>", 0, "police,, is not FEEL"),
        ("<inputData", '<import name="money"/><inputData', 1, "the model imports money"),
    ],
)
def test_what_is_not_read_is_named_where_cases_fail(folder, old, new, passed, reason):
    inner = folder("a", expected="team" if passed else "police")
    model = inner / "desk.dmn"
    text = model.read_text(encoding="utf-8")
    model.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, lines = run(folder.root)
    said = f"passed {passed} of 2"
    assert (code, lines[0], lines[-1]) == (1, f"deep/a: {said}", said)
    assert reason in lines[1]


def test_a_value_without_a_type_is_one_of_the_type_that_is_wanted(folder):
    inner = folder("a")
    cases = inner / "desk-test-01.xml"
    untyped = cases.read_text(encoding="utf-8").replace('<value xsi:type="xsd:boolean">', "<value>")
    cases.unlink()
    (inner / "cases.xml").write_text(untyped, encoding="utf-8")
    assert run(folder.root)[1][-1] == "passed 2 of 2"


def test_it_reads_what_older_files_say(folder):
    inner = folder("a")
    cases = inner / "desk-test-01.xml"
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace("expected>", "computed>"), encoding="utf-8")
    assert run(folder.root)[1][-1] == "passed 2 of 2"
    cases.write_text(text.replace("expected>", "wanted>"), encoding="utf-8")
    assert run(folder.root)[1][-1] == "passed 0 of 2"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<modelName>desk.dmn</modelName>", "", "the test file names no model"),
        ("<resultNode", "<!--", "armed: it expects nothing"),
    ],
)
def test_a_case_that_tests_nothing_has_not_passed(folder, old, new, says):
    inner = folder("a")
    cases = inner / "desk-test-01.xml"
    text = cases.read_text(encoding="utf-8").replace(old, new, 1)
    if new:
        text = text.replace("</resultNode>", "</resultNode>-->", 1)
    cases.write_text(text, encoding="utf-8")
    code, lines = run(folder.root, "--verbose")
    assert code == 1
    assert any(says in line for line in lines)


def test_a_test_file_may_be_in_utf_16(folder):
    inner = folder("a")
    cases = inner / "desk-test-01.xml"
    cases.write_text(cases.read_text(encoding="utf-8"), encoding="utf-16")
    assert run(folder.root)[1][-1] == "passed 2 of 2"


SERVICE = """\
<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <modelName>main.dmn</modelName>
  <testCase id="both" type="decisionService" invocableName="both">
    <inputNode name="beds" namespace="urn:inn"><value xsi:type="xsd:decimal">2</value></inputNode>
    <resultNode name="inn.price" type="decision">
      <expected><value xsi:type="xsd:decimal">6</value></expected>
    </resultNode>
    <resultNode name="price" type="decision">
      <expected><value xsi:type="xsd:decimal">{price}</value></expected>
    </resultNode>
  </testCase>
</testCases>
"""


@pytest.mark.parametrize(("price", "passed"), [("1", 1), ("6", 0)])
def test_a_service_gives_what_other_models_decide(tmp_path, price, passed):
    start = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace='
    needed = '<informationRequirement><requiredInput href="#beds"/></informationRequirement>'
    formula = "<literalExpression><text>3 * beds</text></literalExpression>"
    (tmp_path / "inn.dmn").write_text(
        f'{start}"urn:inn"><inputData id="beds" name="beds"/><decision id="p" name="price">'
        f"{needed}{formula}</decision></definitions>"
    )
    (tmp_path / "main.dmn").write_text(
        f'{start}"urn:main"><import name="inn" namespace="urn:inn"/>'
        '<decisionService id="both" name="both"><outputDecision href="urn:inn#p"/>'
        '<outputDecision href="#q"/><inputData href="urn:inn#beds"/></decisionService>'
        '<decision id="q" name="price"><literalExpression><text>1</text></literalExpression>'
        "</decision></definitions>"
    )
    (tmp_path / "cases.xml").write_text(SERVICE.format(price=price))
    assert run(tmp_path)[1][-1] == f"passed {passed} of 1"


def test_a_part_that_is_named_twice_says_nothing_of_others():
    sys.path.insert(0, "tools")
    try:
        from dmn_tck import is_same, read_value
    finally:
        sys.path.remove("tools")
    from lxml import etree

    from lamplighter.policy.feel import evaluate

    part = '<component name="{}"><value xsi:type="xsd:boolean">true</value></component>'
    space = "http://www.w3.org/2001/XMLSchema-instance"

    def expected(*names):
        parts = "".join(part.format(name) for name in names)
        return read_value(etree.fromstring(f'<expected xmlns:xsi="{space}">{parts}</expected>'))

    found = evaluate("{a: true, b: true, c: true}")
    assert is_same(found, expected("a", "b", "c"))
    assert not is_same(found, expected("a", "b"))
    assert is_same(found, expected("a", "b", "b"))
    assert not is_same(found, expected("a", "d", "d"))


def test_a_folder_without_cases_does_not_pass(tmp_path):
    assert run(tmp_path) == (1, ["passed 0 of 0"])


def test_numbers_are_the_same_to_eight_decimals():
    sys.path.insert(0, "tools")
    try:
        from dmn_tck import Untyped, is_same
    finally:
        sys.path.remove("tools")
    from lamplighter.policy.feel import evaluate

    def same(found, expected):
        return is_same(evaluate(found), evaluate(expected))

    assert same("1 / 3", "0.333333333")
    assert not same("1 / 3", "0.3333333")
    assert same("{a: [1, null]}", "{a: [1.0, null]}")
    assert not same("{a: 1}", "{a: 1, b: null}")
    assert not same("[1]", "1")
    assert not same("null", "false")
    assert not same("1", "true")
    assert same('@"P1D"', '@"PT24H"')
    assert is_same(evaluate("1 / 3"), Untyped("0.333333333"))
    assert not is_same(evaluate("1 / 3"), Untyped("0.3333333"))
    assert not is_same(False, Untyped("no"))


@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason=f"there are no DMN test cases in {SHARED}")
def test_the_shared_folder_passes_whole():
    code, lines = run(SHARED)
    assert (code, lines[-1]) == (0, "passed 41 of 41")

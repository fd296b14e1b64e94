"""A policy that is read from a model of another tool decides every fact as the model does."""

from html import escape

import pytest

from lamplighter.policy import UNKNOWN, PolicyError, decide, parse_policy
from lamplighter.policy.check import check
from lamplighter.policy.dmn import policy_from_dmn, policy_to_dmn, read_model
from lamplighter.policy.feel import evaluate
from lamplighter.policy.sheet import parse_csv, policy_to_csv
from lamplighter.policy.writer import policy_to_yaml

MODEL = """
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <itemDefinition name="tFact"><typeRef>{kind}</typeRef>{allowed}</itemDefinition>
  <inputData id="fact" name="fact"><variable name="fact" typeRef="tFact"/></inputData>
  <decision id="d" name="d"><variable name="d" typeRef="boolean"/>
    <informationRequirement><requiredInput href="#fact"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression><text>fact</text></inputExpression></input><output/>
      <rule><inputEntry><text>{cell}</text></inputEntry>
        <outputEntry><text>true</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>false</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
# Of each kind what is allowed, and some facts as FEEL writes them.
KINDS = {
    "number": ("[0..10]", ["0", "4", "5", "6", "10"]),
    "string": ('"a", "b", "c"', ['"a"', '"b"', '"c"']),
    "boolean": ("", ["true", "false"]),
    "date": (
        '[date("2020-01-01")..date("2030-01-01")]',
        ['@"2020-01-01"', '@"2025-05-05"', '@"2026-01-01"'],
    ),
}
CELLS = {
    "number": [
        *("5", "= 5", "not(5)", "!= 5", "not(!= 5)", "null, != 5", "5, != 5", "null", "not(null)"),
        *("!= null", "< 5", "not(< 5)", "not(< 5, null)", "not([1..5], 7)", "5, null", "]4..6["),
    ],
    "string": [
        *('"a"', '"a", null', 'not("a")', 'not("a", "b")', 'not("a", null)', 'not("a", "b", "c")'),
        *('!= "a"', '!= "a", "a"', 'not(!= "a")', "!= null", "not(null)"),
    ],
    "boolean": ["true", "not(true)", "!= true", "false, null", "not(true, false)", "not(null)"],
    "date": [
        *('@"2025-05-05"', 'not(@"2025-05-05")', '!= @"2025-05-05"', '< date("2025-05-05")'),
        *('not(>= date("2025-05-05"))', "null", "not(null)"),
    ],
}


def written(folder, kind, cell):
    allowed = KINDS[kind][0]
    path = folder / "model.dmn"
    values = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    text = MODEL.format(kind=kind, allowed=values, cell=escape(cell, quote=False))
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("kind", "cell"), [(kind, cell) for kind, cells in CELLS.items() for cell in cells]
)
def test_it_decides_as_the_model_does(tmp_path, kind, cell):
    path = written(tmp_path, kind, cell)
    model, policy = read_model(path), policy_from_dmn(path)
    for fact in ["null", *KINDS[kind][1]]:
        plain = {"true": True, "false": False, "null": UNKNOWN}
        value = int(fact) if fact.isdigit() else plain.get(fact, fact.strip('@"'))
        decision = decide(policy, {"fact": value}, final=True)
        assert decision.outcome["d"] == model.decide("d", {"fact": evaluate(fact)}), fact


@pytest.mark.parametrize("cell", ["!= null, 5", "not(!= null)", "< null", "not(not(5))"])
def test_what_a_policy_has_no_cell_for_is_named(tmp_path, cell):
    with pytest.raises(PolicyError, match="cell fact, <inputEntry>: "):
        policy_from_dmn(written(tmp_path, "number", cell))


@pytest.mark.parametrize(
    ("kind", "cell", "facts"),
    [
        ("number", "> 5", {-1e9: False, 6: True, 1e9: True}),
        ("date", '< @"2026-01-01"', {"0001-01-01": True, "2026-01-01": False}),
        ("dayTimeDuration", '>= @"P1D"', {"-P9D": False, "P900D": True}),
        ("yearMonthDuration", '@"P1Y"', {"P12M": True, "P900Y": False}),
    ],
)
def test_what_has_no_bounds_in_a_model_has_none_in_the_policy(tmp_path, kind, cell, facts):
    path = written(tmp_path, "boolean", cell)
    path.write_text(
        path.read_text("utf-8").replace("boolean</typeRef>", f"{kind}</typeRef>"), "utf-8"
    )
    policy = policy_from_dmn(path)
    assert str(policy.inputs["fact"].range) == "-"
    for fact, expected in facts.items():
        assert decide(policy, {"fact": fact}).outcome["d"] is expected
    assert check(policy).passed
    (tmp_path / "again.dmn").write_text(policy_to_dmn(policy), "utf-8")
    again = policy_from_dmn(tmp_path / "again.dmn")
    assert again.content_hash == policy.content_hash
    for text in (policy_to_yaml(policy), policy_to_csv(policy)):
        read = parse_policy if text.startswith("policy:") else parse_csv
        assert read(text).content_hash == policy.content_hash

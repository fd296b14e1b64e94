"""Models without input data, as Camunda's modeler draws them, and what they leave unsaid."""

from functools import partial

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.policy.dmn import policy_from_dmn, read_model
from lamplighter.policy.feel import evaluate, show

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
SEASON = """
  <decision id="season" name="Season">
    <decisionTable hitPolicy="FIRST">
      <input label="Degrees">
        <inputExpression typeRef="integer"><text>degrees</text></inputExpression></input>
      <output name="season_now" typeRef="string"/>
      <rule><inputEntry><text>&gt; 25</text></inputEntry>
        <outputEntry><text>"summer"</text></outputEntry></rule>
      <rule><inputEntry><text/></inputEntry><outputEntry><text>"winter"</text></outputEntry></rule>
    </decisionTable>
  </decision>"""
DISH = """
  <decision id="dish" name="What to eat">
    <informationRequirement><requiredDecision href="#season"/></informationRequirement>
    <decisionTable>
      <input><inputExpression typeRef="string"><text>season_now</text></inputExpression></input>
      <input><inputExpression><text>number of guests + children</text></inputExpression></input>
      <input><inputExpression><text>number of guests</text></inputExpression></input>
      <output name="dish"/>
      <rule><inputEntry><text>"summer"</text></inputEntry>
        <inputEntry><text>&gt; 3</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"salad"</text></outputEntry></rule>
    </decisionTable>
  </decision>"""


@pytest.fixture
def model(tmp_path):
    def make(body):
        path = tmp_path / "model.dmn"
        text = f'<definitions xmlns="{DMN_13}" name="m" namespace="urn:m">{body}</definitions>'
        path.write_text(text, encoding="utf-8")
        return path

    return make


def test_what_a_column_names_and_nothing_declares_is_an_input(model):
    read = read_model(model(SEASON))
    assert [(one.name, str(one.type)) for one in read.inputs] == [("degrees", "number")]
    assert read.decide("Season", {"degrees": evaluate("30")}) == "summer"
    assert read.decide("Season", {}) == "winter"


def test_a_table_is_known_by_its_output_where_it_has_no_variable(model):
    read = read_model(model(DISH.replace("number of guests", "guests") + SEASON))
    assert [one.name for one in read.inputs] == ["children", "guests", "degrees"]
    facts = {"degrees": "30", "guests": "3", "children": "1"}
    answer = read.answer("dish", {name: evaluate(fact) for name, fact in facts.items()})
    assert (answer.value, answer.reasons) == ("salad", ())


def test_a_table_is_known_by_its_id_where_it_has_no_variable(model):
    body = SEASON.replace("season_now", "x") + DISH.replace("season_now", "season")
    read = read_model(model(body.replace("number of guests", "guests")))
    assert "season" not in [one.name for one in read.inputs]


def test_an_undeclared_name_of_several_words_is_a_whole_column(model):
    column = "<text>number of guests</text>"
    read = read_model(model(SEASON.replace("<text>degrees</text>", column)))
    assert [one.name for one in read.inputs] == ["number of guests"]


def test_a_sum_of_thousands_is_read_to_its_end(model):
    """Nested far deeper than Python calls functions within functions."""
    column = f"<text>{'degrees + ' * 5000}more</text>"
    read = read_model(model(SEASON.replace("<text>degrees</text>", column)))
    assert [one.name for one in read.inputs] == ["degrees", "more"]


def test_what_is_declared_and_not_required_stays_out_of_sight(model):
    given = '<inputData id="i" name="degrees"><variable name="degrees"/></inputData>'
    read = read_model(model(given + SEASON))
    assert [one.id for one in read.inputs] == ["i"]
    assert read.decide("Season", {"degrees": evaluate("30")}) == "winter"


def test_names_that_an_expression_explains_itself_are_no_inputs(model):
    text = "{a: for x in [1, 2] return x + y, b: count([a, true])}"
    body = f'<decision id="d" name="d"><literalExpression><text>{text}</text></literalExpression>'
    assert read_model(model(f"{body}</decision>")).inputs == ()


def test_a_policy_has_what_its_columns_list_as_inputs(model):
    listed = "</inputExpression><inputValues><text>[-40..60]</text></inputValues>"
    given = '<output name="season_now" typeRef="string"><outputValues>'
    body = SEASON.replace("</inputExpression>", listed).replace(
        '<output name="season_now" typeRef="string"/>',
        f'{given}<text>"summer","winter"</text></outputValues></output>',
    )
    policy = policy_from_dmn(model(body))
    assert [(name, one.type) for name, one in policy.inputs.items()] == [("degrees", "number")]


def test_priority_may_stand_at_the_type_of_the_result(model):
    kinds = """
  <itemDefinition name="tRisk"><typeRef>string</typeRef>
    <allowedValues><text>"high","low"</text></allowedValues></itemDefinition>
  <itemDefinition name="tOwn"><typeRef>tRisk</typeRef></itemDefinition>
  <decision id="d" name="d"><variable name="d" typeRef="tOwn"/>
    <decisionTable hitPolicy="OUTPUT ORDER">
      <input><inputExpression><text>a</text></inputExpression></input>
      <output/>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"low"</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"high"</text></outputEntry></rule>
    </decisionTable></decision>"""
    alone = read_model(model(kinds.replace("OUTPUT ORDER", "PRIORITY")))
    assert alone.decide("d", {}) == "high"
    several = kinds.replace("<output/>", '<output name="x" typeRef="tOwn"/><output name="y"/>')
    several = several.replace(
        "</outputEntry>", "</outputEntry><outputEntry><text>1</text></outputEntry>"
    )
    read = read_model(model(several.replace(' typeRef="tOwn"/>\n', "/>\n")))
    assert show(read.decide("d", {})) == '[{x: "high", y: 1}, {x: "low", y: 1}]'


@pytest.mark.parametrize(
    ("kind", "written", "said"),
    [
        ("date", "2026-05-01", '@"2026-05-01"'),
        ("date", '@"2026-05-01"', '@"2026-05-01"'),
        ("time", "10:30:00", '@"10:30:00"'),
        ("dateTime", "2026-05-01T10:30:00", '@"2026-05-01T10:30:00"'),
        ("dayTimeDuration", "P1DT2H", '@"P1DT2H"'),
        ("yearMonthDuration", "P1Y2M", '@"P1Y2M"'),
    ],
)
def test_a_date_or_a_duration_is_given_as_it_is_written(model, kind, written, said):
    body = SEASON.replace("integer", kind).replace("&gt; 25", said)
    result = CliRunner().invoke(main, ["policy", "run", str(model(body)), f"degrees={written}"])
    assert result.stdout == 'Season: "summer"\n'


def test_what_a_function_takes_and_a_decision_that_is_known_are_given_too(model):
    function = """
  <businessKnowledgeModel id="f" name="age on"><variable name="age on"/>
    <encapsulatedLogic><formalParameter name="born" typeRef="date"/>
      <formalParameter name="on" typeRef="date"/>
      <literalExpression><text>years and months duration(born, on).years</text></literalExpression>
    </encapsulatedLogic></businessKnowledgeModel>"""
    path = str(model(function + SEASON + DISH.replace("number of guests", "guests")))
    run = partial(CliRunner().invoke, main)
    facts = ["born=2000-05-01", "on=2026-05-01"]
    assert run(["policy", "run", path, "age on", *facts]).stdout == "age on: 26\n"
    facts = ["season_now=summer", "guests=4", "children=0"]
    assert run(["policy", "run", path, "dish", *facts]).stdout == 'dish: "salad"\n'
    wrong = run(["policy", "run", path, "dish", "born=2000-05-01"])
    assert wrong.exit_code == 2
    assert "the model has no input born; use one of degrees, children, guests." in wrong.stderr

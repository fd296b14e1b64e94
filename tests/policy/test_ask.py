"""What to ask next, and the rates that decide it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.policy import UNKNOWN, decide, parse_policy, read_policy, shipped_policy
from lamplighter.policy.ask import (
    EVEN,
    Planner,
    Rates,
    RatesError,
    counted_rates,
    next_question,
    planner,
    questions_report,
    rates_of_history,
    read_rates,
    shipped_rates,
    usual_rates,
)

# Two doors: through either one alone the answer may be found, and one is mostly shut.
DOORS = """
policy: doors
version: "1"
inputs:
  kind: {values: [visit, delivery], always known: true, ask: "What is it?"}
  front: {type: boolean, ask: "Is the front door open?"}
  back: {type: boolean, ask: "Is the back door open?"}
  fire: {type: boolean, ask: "Does it burn?"}
tables:
  way:
    hit: first
    outputs: {way: [run, in, wait]}
    rules:
      - id: burns
        when: {kind: '"visit"', fire: "true"}
        then: {way: run}
        because: "It burns."
        source: "House"
      - {id: front, when: {front: "true"}, then: {way: in}, because: "It is open.", source: "House"}
      - {id: back, when: {back: "true"}, then: {way: in}, because: "It is open.", source: "House"}
      - {id: shut, then: {way: wait}, because: "All is shut.", source: "House"}
"""
RATES = """
ground: kind
facts:
  front: {"true": 0.1, else: "false"}
  back: {true: 0.9, unknown: 0.1}
given:
  delivery:
    front: {else: "true"}
"""
FIRST_RESPONSE = read_policy(shipped_policy("first_response"))


@pytest.fixture
def doors():
    return parse_policy(DOORS)


@pytest.fixture
def stated(tmp_path):
    path = tmp_path / "rates.yaml"
    path.write_text(RATES, encoding="utf-8")
    return path


def test_the_door_that_is_mostly_open_is_asked_about_first(doors, stated):
    rates = read_rates(stated, doors)
    assert next_question(doors, {}, rates) == "kind"
    facts = {"kind": "visit", "fire": False}
    assert next_question(doors, facts, rates) == "back"
    assert next_question(doors, {**facts, "back": False}, rates) == "front"
    assert next_question(doors, {**facts, "back": True}, rates) is None


def test_rates_may_depend_on_the_ground(doors, stated):
    assert next_question(doors, {"kind": "delivery"}, read_rates(stated, doors)) == "front"


def test_without_rates_the_policys_order_decides_between_equals(doors):
    assert next_question(doors, {"kind": "delivery"}) == "front"


def test_a_safety_question_comes_first_whatever_it_costs(doors, stated):
    fire = 'fire: {type: boolean, ask: "Does it burn?"'
    careful = parse_policy(DOORS.replace(fire, fire + ", safety: true"))
    rates = read_rates(stated, careful)
    assert next_question(careful, {"kind": "visit"}, rates) == "fire"
    # Where it cannot change the outcome it is not asked at all.
    assert next_question(careful, {"kind": "delivery"}, rates) == "front"


def test_unknown_is_an_answer_and_may_be_written_as_a_word(doors, stated):
    rates = read_rates(stated, doors)
    for unknown in (UNKNOWN, "unknown"):
        facts = {"kind": "visit", "fire": unknown, "back": unknown}
        assert next_question(doors, facts, rates) == "front"


def test_a_planner_is_made_once_for_a_policy_and_rates(doors):
    assert planner(doors, EVEN) is planner(doors, EVEN)
    assert planner(doors, Rates()) is not planner(doors, EVEN)


def test_the_shipped_policy_asks_in_its_order_of_safety_first():
    facts = {"nature": "welfare_check"}
    asked = []
    while (name := next_question(FIRST_RESPONSE, facts, shipped_rates())) is not None:
        asked.append(name)
        facts[name] = {"violence": "none", "injured": "no", "breathing_and_awake": True}.get(
            name, False
        )
    assert asked[:5] == [
        "breathing_and_awake",
        "injured",
        "violence",
        "weapon",
        "suicidal_thoughts",
    ]
    assert dict(decide(FIRST_RESPONSE, facts).outcome)["responder"] == "community_team"


def test_every_plan_of_the_shipped_policy_is_exact_and_better_than_its_order():
    report = questions_report(FIRST_RESPONSE, shipped_rates())
    assert report.counted
    assert all(one.exact_plan for one in report.by_ground)
    assert report.planned.mean < report.in_order.mean < report.all
    assert report.planned.worst <= 7
    assert sum(one.planned for one in report.asked) == pytest.approx(report.planned.mean)
    assert sum(one.share for one in report.by_ground) == pytest.approx(1)


def test_interviews_that_are_too_many_are_drawn_and_said_to_be(monkeypatch):
    exact = questions_report(FIRST_RESPONSE, shipped_rates())
    monkeypatch.setattr("lamplighter.policy.ask.report._STATES", 0)
    drawn = questions_report(FIRST_RESPONSE, shipped_rates())
    assert not drawn.counted
    assert drawn.planned.mean == pytest.approx(exact.planned.mean, rel=0.05)
    assert drawn.planned.worst <= exact.planned.worst


def test_a_greedy_plan_is_hardly_longer():
    exact, greedy = Planner(FIRST_RESPONSE), Planner(FIRST_RESPONSE, exact_states=0)
    assert not greedy.plan({"nature": "welfare_check"}).exact
    assert exact.plan({"nature": "welfare_check"}).exact
    for facts in ({"nature": "welfare_check"}, {"nature": "suspicious_activity", "injured": "no"}):
        assert greedy.next_question(facts) in decide(FIRST_RESPONSE, facts).can_matter


def test_rates_are_counted_in_calls(doors):
    calls = [
        {"kind": "visit", "back": True},
        {"kind": "visit", "back": "unknown"},
        {"kind": "delivery"},
    ]
    rates = counted_rates(doors, calls)
    assert rates.shares("visit", "back") == {True: 0.5, UNKNOWN: 0.5}
    assert rates.shares(None, "kind") == {"visit": 2 / 3, "delivery": 1 / 3}
    assert rates.shares("visit", "front") is None


def test_rates_are_counted_in_a_history_and_stated_where_it_is_silent(doors, tmp_path, stated):
    history = tmp_path / "history.parquet"
    columns = {
        "id": ["1", "2", "3", "4", "5"],
        "kind": ["visit", "visit", "visit", "delivery", None],
        "front": [True, True, False, None, None],
        "back": ["the yard, by the bins"] * 5,  # the name of an input, and something else
    }
    pq.write_table(pa.table(columns), history)
    rates = rates_of_history(doors, history, read_rates(stated, doors))
    assert rates.shares(None, "kind") == {"visit": 0.75, "delivery": 0.25}
    assert rates.shares("visit", "front") == {True: 2 / 3, False: 1 / 3}
    assert rates.shares("delivery", "front") == {True: 1.0}
    assert rates.shares("visit", "back") == {True: 0.9, UNKNOWN: 0.1}
    assert rates.source.startswith("5 calls of history.parquet for kind, front; for the rest")


def test_who_started_a_call_may_be_told_in_numbers_that_nobody_knows(doors, tmp_path):
    history = tmp_path / "history.parquet"
    pq.write_table(pa.table({"kind": ["visit", "delivery"], "started_by": [1, 2]}), history)
    rates = rates_of_history(doors, history)
    assert rates.shares(None, "kind") == {"visit": 1 / 2, "delivery": 1 / 2}


def test_calls_that_officers_start_are_not_counted(doors, tmp_path):
    history = tmp_path / "history.parquet"
    columns = {
        "kind": ["visit", "visit", "delivery", "delivery", "delivery"],
        "started_by": ["public", None, "unknown", "officer", "officer"],
    }
    pq.write_table(pa.table(columns), history)
    rates = rates_of_history(doors, history)
    assert rates.shares(None, "kind") == {"visit": 2 / 3, "delivery": 1 / 3}
    assert rates.source.startswith("3 calls of history.parquet for kind")


def test_a_history_without_a_column_of_the_policy_is_refused(doors, tmp_path):
    history = tmp_path / "history.parquet"
    pq.write_table(pa.table({"id": ["1"]}), history)
    with pytest.raises(RatesError, match="no column of this history holds answers"):
        rates_of_history(doors, history)
    (tmp_path / "text.parquet").write_text("kind\nvisit\n")
    with pytest.raises(RatesError, match="not a Parquet file"):
        rates_of_history(doors, tmp_path / "text.parquet")
    with pytest.raises(RatesError, match="cannot be opened"):
        rates_of_history(doors, tmp_path / "none.parquet")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('front: {"true": 0.1', 'frond: {"true": 0.1', "no input frond; did you mean front"),
        ("0.1, else", "1.1, else", "facts, front, true: a share is a number from 0 to 1"),
        ("unknown: 0.1}", "unknown: 0.2}", "back: the shares add up to more than 1"),
        ("unknown: 0.1}", "unknown: 0.05}", "back: the shares add up to less than 1"),
        ('"true": 0.1', "ajar: 0.1", "ajar is not a value of front; it must be true or false"),
        ("  delivery:", "  parcel:", "parcel is not a value of kind"),
        ("ground: kind", "grund: kind", "rates have no grund; did you mean ground"),
        ("ground: kind", "ground: sort", "the policy has no input sort"),
        ("ground: kind\n", "", "given needs ground"),
        ("facts:\n", "facts\n", "this is not YAML"),
        ('front: {else: "true"}', "front: {else: 0.9}", "front, else: 0.9 is not a value of front"),
        ("ground: kind", "ground: kind\nground: kind", "a name is written twice; remove one"),
        ('front: {else: "true"}', "front: shut", "this must be a mapping of names"),
        ("given:", "natures:", "natures stands in place of given and ground"),
    ],
)
def test_rates_that_cannot_be_used_are_named_in_one_sentence(doors, stated, old, new, says):
    assert RATES.count(old) == 1
    stated.write_text(RATES.replace(old, new), encoding="utf-8")
    with pytest.raises(RatesError) as refused:
        read_rates(stated, doors)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_shipped_rates_speak_of_the_shipped_policy_only(doors):
    assert usual_rates(FIRST_RESPONSE) is shipped_rates()
    assert usual_rates(doors) is EVEN
    # Each name in the file is the policy's.
    from lamplighter.policy.ask import rates

    assert read_rates(rates._SHIPPED, FIRST_RESPONSE).ground == "nature"


def run(*arguments):
    return CliRunner().invoke(main, ["policy", "questions", *map(str, arguments)])


def test_the_command_shows_mean_worst_and_what_is_asked(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    result = run("first_response")
    assert result.exit_code == 0
    for words in (
        "Who answers a call for help: questions once nature is known",
        "as planned",
        "in the policy's order",
        "Check on someone",
        "Is anyone hurt or ill?",
        "which are assumed and not counted",
        "independent of each other, given nature",
    ):
        assert words in result.stdout
    assert "¿Hay alguien herido o enfermo?" in run("first_response", "--language", "es").stdout


def test_the_command_prints_json_and_takes_rates(doors, stated, tmp_path):
    policy = tmp_path / "doors.yaml"
    policy.write_text(DOORS, encoding="utf-8")
    report = json.loads(run(policy, "--rates", stated, "--json").stdout)
    assert report["ground"] == "kind"
    assert report["all"] == 3
    assert {one["value"] for one in report["by_ground"]} == {"visit", "delivery"}
    delivery = next(one for one in report["by_ground"] if one["value"] == "delivery")
    assert delivery["planned"] == {"mean": 1.0, "worst": 2}
    refused = run(policy, "--rates", tmp_path / "none.yaml")
    assert refused.exit_code == 2
    assert "it cannot be opened" in refused.stderr

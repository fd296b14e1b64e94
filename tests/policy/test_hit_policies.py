"""What each hit policy makes of the rules that match, by example."""

from datetime import date, timedelta

import pytest

from lamplighter.policy import (
    Decision,
    DecisionError,
    FactError,
    Open,
    PolicyError,
    decide,
    parse_policy,
)
from lamplighter.policy.check import check

WHO_ELSE = """
policy: who else is told
version: "1"
inputs:
  fire: {type: boolean}
  child: {type: boolean}
  days: {type: number, range: "[0..30]", integer: true}
outcome: [OUTCOME]
tables:
  told:
    hit: HIT
    outputs: {told: {values: [hospital, school, landlord]}}
    rules:
      - {id: home, when: {fire: "true"}, then: {told: landlord}, because: Fire., source: E}
      - {id: pupil, when: {child: "true"}, then: {told: school}, because: Pupil., source: E}
      - id: hurt
        when: {fire: "true", child: "true"}
        then: {told: hospital}
        because: Smoke.
        source: Example
"""


def who_else(hit, outcome="told"):
    return WHO_ELSE.replace("hit: HIT", f"hit: {hit}").replace("OUTCOME", outcome)


def policy(hit, outcome="told", more=""):
    return parse_policy(who_else(hit, outcome) + more)


BOTH = {"fire": True, "child": True}


@pytest.mark.parametrize(
    ("hit", "told", "rules"),
    [
        ("first", "landlord", ["home"]),
        ("priority", "hospital", ["hurt"]),
        ("rule order", ("landlord", "school", "hospital"), ["home", "pupil", "hurt"]),
        ("output order", ("hospital", "school", "landlord"), ["hurt", "pupil", "home"]),
        ("collect", ("landlord", "school", "hospital"), ["home", "pupil", "hurt"]),
        ("collect count", 3, ["home", "pupil", "hurt"]),
    ],
)
def test_it_counts_the_rules_that_match(hit, told, rules):
    decision = decide(policy(hit), BOTH)
    assert isinstance(decision, Decision)
    assert decision.outcome == {"told": told}
    assert [hit.rule for hit in decision.hits] == rules
    assert Decision.from_dict(decision.to_dict()) == decision


@pytest.mark.parametrize(
    ("hit", "told"),
    [("rule order", ()), ("output order", ()), ("collect", ()), ("collect count", 0)],
)
def test_it_answers_with_nothing_where_no_rule_matches(hit, told):
    assert decide(policy(hit), {"fire": False, "child": False}).outcome == {"told": told}


@pytest.mark.parametrize("hit", ["first", "unique", "any", "priority"])
def test_it_has_no_answer_where_one_is_needed_and_no_rule_matches(hit):
    with pytest.raises(DecisionError, match="no rule covers"):
        decide(policy(hit), {"fire": False, "child": False})


def test_it_asks_until_the_whole_list_is_certain():
    answer = decide(policy("collect"), {"fire": True})
    assert isinstance(answer, Open)
    assert [outcome["told"] for outcome in answer.possible] == [
        ("landlord",),
        ("landlord", "school", "hospital"),
    ]
    assert answer.can_matter == ("child",)


ADDED_UP = """
  cost:
    hit: collect HOW
    outputs: {cost: {type: number, range: "[-5..100]"}}
    rules:
      - {id: van, when: {fire: "true"}, then: {cost: 40}, because: A van., source: Example}
      - {id: seat, when: {child: "true"}, then: {cost: 2.5}, because: A seat., source: Example}
      - {id: grant, when: {days: "< 3"}, then: {cost: -5}, because: A grant., source: Example}
  pays:
    hit: first
    outputs: {pays: [city, state]}
    rules:
      - {id: much, when: {cost: ">= 40"}, then: {pays: state}, because: Much., source: Example}
      - {id: little, then: {pays: city}, because: Little., source: Example}
"""


@pytest.mark.parametrize(
    ("how", "cost", "pays"), [("sum", 37.5, "city"), ("max", 40, "state"), ("min", -5, "city")]
)
def test_it_adds_up_and_a_later_table_tests_the_sum(how, cost, pays):
    read = policy("collect", "cost, pays", ADDED_UP.replace("HOW", how))
    decision = decide(read, {**BOTH, "days": 1})
    assert decision.outcome == {"cost": cost, "pays": pays}


def test_the_least_of_nothing_is_no_answer():
    read = policy("collect", "cost, pays", ADDED_UP.replace("HOW", "min"))
    with pytest.raises(DecisionError, match="no rule covers"):
        decide(read, {"fire": False, "child": False, "days": 9})


@pytest.mark.parametrize(
    ("hit", "more", "says"),
    [
        ("collect mean", "", "collect mean is not a hit policy; did you mean collect min?"),
        ("collect sum", "", "hit: collect sum needs a number, but told is a choice"),
        (
            "collect",
            ADDED_UP.replace("HOW", "sum").replace("{fire: ", "{told: '\"school\"', fire: "),
            "told is a list, because table told has hit: collect, and cannot be tested",
        ),
        (
            "first",
            ADDED_UP.replace("collect HOW", "priority"),
            "but cost is a number; make it a choice",
        ),
    ],
)
def test_it_refuses_what_makes_no_sense_in_one_sentence(hit, more, says):
    with pytest.raises(PolicyError) as error:
        policy(hit, "told", more)
    (problem,) = error.value.problems
    assert says in str(problem)
    assert problem.line


def test_a_sum_of_two_outputs_is_refused():
    text = WHO_ELSE.replace("hit: HIT", "hit: collect count").replace("OUTCOME", "told")
    two = text.replace("outputs: {told:", "outputs: {more: [yes_please], told:")
    with pytest.raises(PolicyError) as error:
        parse_policy(two.replace("then: {told:", "then: {more: yes_please, told:"))
    assert "gives one number; keep one output in this table" in str(error.value)


HEARING = """
policy: hearings
version: "1"
inputs:
  on: {type: date, range: '[date("2026-01-01")..date("2027-01-01"))'}
  served: {type: period, range: '[duration("P0M")..duration("P50Y")]', when unknown: P0M}
  late: {type: duration, range: '[duration("PT0S")..duration("P2D")]'}
tables:
  seal:
    hit: first
    outputs: {seal: {type: boolean}, due: {type: date, range: '>= date("2026-01-01")'}}
    rules:
      - id: long-ago
        when: {served: '>= duration("P10Y")', on: '< date("2026-07-01")'}
        then: {seal: true, due: "2026-09-01"}
        because: Ten years.
        source: Example
      - id: late
        when: {late: '> duration("PT36H")'}
        then: {seal: false, due: "2026-12-01"}
        because: Late.
        source: Example
      - {id: rest, then: {seal: false, due: "2026-02-28"}, because: Else., source: Example}
"""


def test_it_compares_dates_and_durations():

    read = parse_policy(HEARING)
    facts = {"on": "2026-06-30", "served": "P120M", "late": "PT0S"}
    decision = decide(read, facts)
    assert decision.outcome == {"seal": True, "due": "2026-09-01"}
    assert decide(read, {**facts, "on": "2026-07-01"}).outcome["seal"] is False
    late = decide(read, {"on": date(2026, 7, 1), "served": "P1Y", "late": timedelta(days=2)})
    assert late.outcome["due"] == "2026-12-01"
    assert late.facts == {"on": "2026-07-01", "served": "P1Y", "late": "P2D"}


@pytest.mark.parametrize(
    "facts", [{"on": "2027-01-01"}, {"on": 20_000}, {"served": "P1D"}, {"late": "soon"}]
)
def test_it_refuses_what_is_no_date_or_lies_outside(facts):

    with pytest.raises(FactError, match="is not a value of"):
        decide(parse_policy(HEARING), facts)


TENTHS = """\
policy: tenths
version: "1"
inputs: {a: {type: boolean}, b: {type: boolean}}
tables:
  points:
    hit: collect sum
    outputs: {points: {type: number, range: "[0..1]"}}
    rules:
      - {id: a, when: {a: "true"}, then: {points: 0.1}, because: x, source: x}
      - {id: b, when: {b: "true"}, then: {points: 0.2}, because: x, source: x}
  who:
    hit: first
    outputs: {who: [police, team]}
    rules:
      - {id: many, when: {points: ">= 0.3"}, then: {who: police}, because: x, source: x}
      - {id: exactly, when: {points: "<= 0.3"}, then: {who: team}, because: x, source: x}
promises:
  - {id: team, says: x, never: "a and b and points != 0.3"}
"""


def test_tenths_are_added_as_they_are_proved():
    """In binary 0.1 and 0.2 are more than 0.3; proof and engine must mean one sum."""
    policy = parse_policy(TENTHS)
    assert check(policy).passed
    decision = decide(policy, {"a": True, "b": True})
    assert dict(decision.outcome) == {"points": 0.3, "who": "police"}


@pytest.mark.parametrize("points", ["0.0000000000000001", "0.1234567890123456"])
def test_a_sum_that_cannot_be_exact_is_refused(points):
    with pytest.raises(PolicyError, match="within 15 digits"):
        parse_policy(TENTHS.replace("0.2}", f"{points}}}"))


def test_a_rule_without_the_number_to_add_is_named():
    with pytest.raises(PolicyError, match="does not set points"):
        parse_policy(TENTHS.replace("{points: 0.2}", "{}"))

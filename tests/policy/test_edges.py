"""Values at the edge: the last date, numbers without end, tests that no value meets."""

import json
import math
from datetime import timedelta

import pytest
import z3

from lamplighter.policy import FactError, PolicyError, decide, parse_policy
from lamplighter.policy.check import check
from lamplighter.policy.prove.formula import one_of, satisfiable
from lamplighter.policy.yaml_tree import MOST_BRACKETS

ONE = """\
policy: one input
version: "1"
inputs:
  x: {DOMAIN}
tables:
  who:
    hit: first
    outputs: {who: [police, team]}
    rules:
      - {id: some, when: {x: 'CELL'}, then: {who: police}, because: b, source: s}
      - {id: rest, then: {who: team}, because: b, source: s}
promises:
  - {id: never, says: s, never: 'NEVER'}
"""


def one(domain, cell, never="x = unknown and who = police"):
    text = ONE.replace("DOMAIN", domain).replace("CELL", cell).replace("NEVER", never)
    return parse_policy(text)


HOURS = 'type: number, integer: true, range: "[0..24)"'


@pytest.mark.parametrize("never", ["x = 24", "x = 1.5", "x < 0", "x in (3..4)", "actual(x) = 24"])
def test_a_promise_that_tests_what_no_value_meets_is_refused(never):
    """It would be proved, whatever the tables do."""
    with pytest.raises(PolicyError, match="no value of x meets this"):
        one(HOURS, "< 6", f"{never} and who = team")


@pytest.mark.parametrize("never", ["x = 23", "x < 1", "x in [3..4)", "x >= 23", "x in (3..5)"])
def test_a_promise_that_tests_what_some_value_meets_is_read(never):
    assert one(HOURS, "< 6", f"{never} and who = team").promises


def test_the_last_date_that_there_is_may_stand_for_ever():
    policy = one("""type: date, range: '>= date("2026-01-01")'""", '<= date("9999-12-31")')
    assert check(policy).passed
    assert dict(decide(policy, {"x": "9999-12-31"}).outcome) == {"who": "police"}


def test_a_range_without_a_value_is_refused():
    with pytest.raises(PolicyError, match="holds no value"):
        one('type: number, integer: true, range: "(0..1)"', "> 0.5")


@pytest.mark.parametrize("number", [10**400, -(10**400), math.inf, -math.inf, math.nan])
def test_a_number_that_a_policy_does_not_have_is_refused(number):
    with pytest.raises(FactError, match="is not a value of x"):
        decide(one(HOURS, "< 6"), {"x": number})


def test_minus_zero_is_zero():
    assert decide(one(HOURS, "0"), {"x": -0.0}).outcome == {"who": "police"}


def test_whole_numbers_are_read_to_the_last_digit():
    policy = one('type: number, range: ">= 0"', "9007199254740993")
    assert decide(policy, {"x": 9007199254740993}).outcome == {"who": "police"}
    assert decide(policy, {"x": 9007199254740992}).outcome == {"who": "team"}


def test_a_number_beyond_all_numbers_is_refused():
    with pytest.raises(PolicyError, match="too large"):
        one(f'type: number, range: "[0..1{"0" * 400}.5]"', "1")


def test_a_period_beyond_all_numbers_is_compared_all_the_same():
    policy = one(f"""type: period, range: '<= duration("P1{"0" * 400}Y")'""", 'duration("P1Y")')
    assert check(policy).findings == ()


def test_a_moment_is_a_duration():
    policy = one("""type: duration, range: '>= duration("PT0S")'""", 'duration("PT0S")')
    assert decide(policy, {"x": timedelta(microseconds=1)}).outcome == {"who": "team"}


@pytest.mark.parametrize("never", ["not " * 3000 + "x = 1", "(" * 3000 + "x = 1" + ")" * 3000])
def test_a_promise_that_is_nested_too_deeply_is_refused(never):
    with pytest.raises(PolicyError, match="nested too deeply"):
        one(HOURS, "< 6", never)


@pytest.mark.parametrize("number", ["FFFFFFFF", "00110000"])
def test_a_letter_of_a_number_that_none_has_is_refused_where_it_stands(number):
    with pytest.raises(PolicyError, match=r"line 2, column 2\d: .*no letter has this number"):
        parse_policy(f'policy: x\nversion: "letter \\U{number}"\n')


def test_what_is_written_once_is_not_used_twice():
    """With aliases of aliases a short text becomes an endless policy."""
    text = ONE.replace("cause: b, source: s}", "cause: &b b, source: *b}", 1)
    with pytest.raises(PolicyError, match="used again elsewhere by an alias"):
        parse_policy(text)


def test_a_text_that_is_all_wrong_is_given_up():
    with pytest.raises(PolicyError) as error:
        parse_policy("policy: p\n" + "\n".join(f"wrong{n}: 1" for n in range(2000)))
    assert len(error.value.problems) == 100


def test_rules_that_all_overlap_are_not_shown_in_all_their_pairs():
    rules = "".join(
        f"      - {{id: r{n}, then: {{who: team}}, because: b, source: s}}\n" for n in range(100)
    )
    text = ONE[: ONE.index("      - {id: some")].replace("first", "unique") + rules
    found = check(parse_policy(text.replace("DOMAIN", "type: boolean"))).findings
    messages = [finding.message for finding in found if finding.kind == "overlap"]
    assert len(messages) == 101  # the last one says that there are more


@pytest.mark.parametrize(
    "other", ["we\u0430pon", "Weapon", "WEAPON", "we\u0301apon", "wea_pon\u200b"]
)
def test_two_names_that_look_alike_are_refused(other):
    """A promise about one of them would be read as a promise about the other."""
    inputs = f'weapon: {{type: boolean}}\n  "{other}": {{type: boolean}}\n  x: {{type: boolean}}'
    with pytest.raises(PolicyError, match=r"look alike|not Latin|not a name"):
        parse_policy(ONE.replace("x: {DOMAIN}", inputs).replace("CELL", "true"))


@pytest.mark.parametrize(
    "other", ["polic\u0435", "Police", "police ", "po lice\u00a0", "police\u200b"]
)
def test_two_values_that_look_alike_are_refused(other):
    with pytest.raises(PolicyError, match=r"look alike|not Latin|nobody sees"):
        one(f"values: [police, {json.dumps(other)}]", '"police"')


def test_names_and_values_may_be_spanish():
    policy = one(
        'values: [año, "sí, señor", "1.0", "10"]', '"año"', 'x = "sí, señor" and who=police'
    )
    assert check(policy).passed


def test_a_value_that_is_called_as_unknown_is_named_in_quotes():
    for cell, never in (("null", "x = a"), ('"a"', "x = null")):
        with pytest.raises(PolicyError, match="null means unknown, and is also a value"):
            one('values: [a, "null"]', cell, f"{never} and who = team")
    assert one('values: [a, "null"]', '"null"', 'x = "null" and who = team').promises


@pytest.mark.parametrize("cell", ["[0...5]", ">= 1,000", "< 007"])
def test_a_number_that_reads_as_another_is_refused(cell):
    """`[0...5]` was from nought to a half, and `>= 1,000` was `>= 1` or nought."""
    with pytest.raises(PolicyError, match="is not part of a test"):
        one('type: number, range: "[0..9000]"', cell)
    with pytest.raises(PolicyError):
        one('type: number, range: "[0..9000]"', "1", f"x in ({cell}) and who = team")


@pytest.mark.parametrize("cell", ["[0..0.5]", "[0 .. .5]", "0.007", "-0.5,10,100", "[.5..10]"])
def test_a_number_that_reads_as_itself_is_read(cell):
    assert one('type: number, range: "[-9..9000]"', cell).inputs


def test_half_of_a_letter_is_refused():
    with pytest.raises(PolicyError, match="half of a letter"):
        parse_policy(ONE.replace("because: b", 'because: "\\ud800"', 1))


def test_a_word_that_is_neither_true_nor_false_is_not_taken_for_false():
    with pytest.raises(PolicyError, match="must be true or false"):
        one('type: boolean, always known: !!bool "yes"', "true")


def test_a_rule_for_each_of_many_hours_costs_as_much_as_it_says():
    """Each stretch of a line is two comparisons, however many ends lie within it."""
    axis, formula = z3.BitVec("hour", 10), one_of(z3.BitVec("hour", 10), (1 << 900) - 4, 901)
    assert formula is not None
    assert len(formula.sexpr()) < 200
    for hour, inside in ((1, False), (2, True), (899, True), (900, False)):
        assert satisfiable(z3.Solver(), formula, axis == hour) is inside


def test_a_sign_that_no_database_keeps_is_refused():
    with pytest.raises(PolicyError, match=r"no database keeps \(NUL\)"):
        parse_policy(ONE.replace("because: b", 'because: "\\0"', 1))


@pytest.mark.parametrize("bracket", ["[]", "{}"])
def test_of_brackets_in_brackets_no_more_are_read_than_a_policy_needs(bracket):
    """Each line of hundreds took a second."""
    opened, closed = bracket
    within = parse_policy_of(opened * MOST_BRACKETS + closed * MOST_BRACKETS)
    assert "nested" not in within
    assert "nested too deeply" in parse_policy_of(
        opened * (MOST_BRACKETS + 1) + closed * (MOST_BRACKETS + 1)
    )


def parse_policy_of(value):
    """What is said of a text that has this after a name."""
    with pytest.raises(PolicyError) as refused:
        parse_policy(f"policy: {value}\n")
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "limits", "says"),
    [
        ("date", '[date("2026-02-30")..date("2026-12-31")]', '"2026-02-30") at character 2 is not'),
        ("date", "[5..6]", '5 cannot be tested; range is a date such as date("2026-11-01")'),
        ("date", "true", "true cannot be tested; range is a date"),
        ("duration", '<= duration("P1Y")', 'a duration such as duration("P1DT2H")'),
        ("period", '<= duration("P1D")', 'a period such as duration("P1Y2M")'),
        ("number", "true", "true cannot be tested; range is a number."),
    ],
)
def test_a_range_that_cannot_be_read_says_what_it_may_be(kind, limits, says):
    with pytest.raises(PolicyError) as caught:
        one(f"type: {kind}, range: {json.dumps(limits)}", "-")
    (problem,) = caught.value.problems
    assert str(problem).startswith("<text>, line 4, column ")
    assert says in str(problem)


def test_a_range_that_is_empty_is_one_mistake():
    with pytest.raises(PolicyError) as caught:
        one('type: number, range: ""', "-")
    (problem,) = caught.value.problems
    assert problem.message == "range of input x must be a text that is not empty; write it here"


def test_a_cell_that_is_a_list_is_not_called_empty():
    text = ONE.replace("{DOMAIN}", "{" + HOURS + "}").replace("'CELL'", "[1, 2]")
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.replace("NEVER", "x = 1"))
    (problem,) = caught.value.problems
    assert problem.message.startswith("a cell is one text; write the values in it")
    assert problem.in_language("es").startswith(
        "<text>, línea 10, columna 30, tabla who, regla some"
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("who:\n    hit", '"":\n    hit', "line 6, column 3: a table is called by one line"),
        ("who:\n    hit", '" who":\n    hit', "line 6, column 3: a table is called"),
        (
            "id: some",
            'id: "so\\nme"',
            "line 10, column 14, table who, rule so me: the rule's id is",
        ),
        ("policy: one input", 'policy: "one\\ninput"', "the policy's name is more than one line"),
        ("DOMAIN", 'values: ["", a]', "line 4, column 15: a value of input x is empty; write it"),
    ],
)
def test_what_has_no_name_that_can_be_told_is_refused(old, new, says):
    text = ONE.replace(old, new, 1).replace("DOMAIN", "type: boolean").replace("'CELL'", "'-'")
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.replace("NEVER", "x = unknown"))
    assert says in str(caught.value.problems[0])

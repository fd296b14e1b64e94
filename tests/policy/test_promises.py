"""What a promise may say, what is wrong with it, and whether a call breaks it."""

import pytest

from lamplighter.policy import UNKNOWN, PolicyError, parse_policy
from lamplighter.policy.promises import broken_by, was_asked
from tests.policy.examples import SMALL

NEVER = '"weapon and responder = community_team"'
QUIET = {"nature": "noise", "weapon": False, "violence": "none", "hour": 12}


def promising(never):
    return parse_policy(SMALL.replace(NEVER, f"'{never}'"))


def breaks(never, facts, actual=None):
    policy = promising(never)
    return broken_by(policy, policy.promises[0], facts, actual)


@pytest.mark.parametrize(
    "never",
    [
        'nature = "noise"',
        "nature = noise",
        'nature in ("fight", noise)',
        'nature not in ("fight")',
        'nature != "fight"',
        "not (nature = fight or weapon)",
        "weapon = false",
        "not weapon and violence = none",
        "hour in [12..14)",
        "hour in (11..13)",
        "hour in ([0..6), [12..13], 23)",
        "hour = 12",
        "hour > 11.5 and hour <= 12",
        "actual(weapon) = false",
        "not actual(weapon)",
        "risk = low and responder = community_team",
        "weapon or violence = none and hour = 12",
    ],
)
def test_what_holds_for_a_quiet_call_breaks_a_promise_that_forbids_it(never):
    assert breaks(never, QUIET)
    assert not breaks(f"not ({never})", QUIET)


@pytest.mark.parametrize(
    "never",
    ["weapon", "weapon = true", "weapon = false", "hour < 12", "hour >= 12", "nature = fight"],
)
def test_unknown_is_no_value(never):
    assert not breaks(never, {"nature": "noise"}, {})


@pytest.mark.parametrize(
    "never", ["weapon = unknown", "weapon != true", "weapon != false", "hour not in [0..24)"]
)
def test_what_is_not_a_value_may_be_unknown(never):
    assert breaks(never, {"nature": "noise"})


def test_the_true_fact_stands_behind_unknown():
    never = "actual(weapon) and weapon = unknown"
    assert breaks(never, {"nature": "noise"}, {"weapon": True})
    assert not breaks(never, {"nature": "noise"}, {"weapon": False})


def test_a_true_fact_must_be_given_and_must_fit_what_is_known():
    with pytest.raises(ValueError, match="the true fact behind weapon is needed; give it"):
        breaks("actual(weapon)", {"nature": "noise"})
    with pytest.raises(ValueError, match="weapon is known, and its true fact is another"):
        breaks("actual(weapon)", QUIET, {"weapon": True})


def test_an_input_is_asked_where_some_answer_would_change_the_outcome():
    policy = parse_policy(SMALL)
    threatened = {"nature": "noise", "weapon": False, "violence": "threat", "hour": 12}
    assert was_asked(policy, threatened, "weapon")
    assert not was_asked(policy, QUIET, "weapon")
    # At night an unknown weapon would bring police.
    assert was_asked(policy, {**QUIET, "hour": 3}, "weapon")
    # Nothing is decided without the nature.
    assert was_asked(policy, QUIET, "nature")


@pytest.mark.parametrize(
    ("never", "column", "message"),
    [
        ('natur = "noise"', 13, "there is no input or output natur; did you mean nature?"),
        ('nature = "nois"', 22, "nois is not a value of nature; did you mean noise?"),
        ("nature = nois", 22, "nois is not a value of nature; did you mean noise?"),
        ('nature in ("noise", "figt")', 33, "figt is not a value of nature; did you mean fight?"),
        ("nature", 19, "nature is one of noise, fight, welfare_check; say which, with =, !=, in"),
        ("nature < 3", 22, "nature is one of noise, fight, welfare_check and is not compared by"),
        ("nature = unknown", 22, "nature is always known; name a value"),
        ("risk = unknown", 20, "risk is decided and never unknown; name a value"),
        ("actual(weapon) = unknown", 30, "a true fact is never unknown; name a value"),
        ("actual(risk) = low", 20, "actual(…) speaks of an input, and risk is an output; name"),
        ("asked(responder)", 19, "asked(…) speaks of an input, and responder is an output; name"),
        ("asked(wapon)", 19, "there is no input or output wapon; did you mean weapon?"),
        ("hour = 25", 20, "25 lies outside the range [0..24) of hour; use a number inside it"),
        ("hour in [9..5]", 21, "this interval is empty; write the smaller end first"),
        ("hour = noon", 20, "noon should be a number"),
        ('weapon = "true"', 22, "true is not a value of weapon; it is true or false"),
        ("weapon contains true", 20, "weapon is not a list; write = or in"),
        ("weapon and", 23, "the promise ends too early; a value is missing"),
        ("(weapon", 20, "the promise ends too early; ) is missing"),
        ("weapon weapon", 20, "weapon stands where and, or or the end should be"),
        ("weapon = true or ; hour = 1", 30, "; hour = 1 is not part of a promise; remove it"),
        ('nature = "noise', 22, '"noise is not part of a promise; close the quote'),
        ('"noise" = nature', 13, '"noise" stands where the name of an input or output should be'),
    ],
)
def test_what_is_wrong_is_named_with_its_place(never, column, message):
    with pytest.raises(PolicyError) as caught:
        promising(never)
    (problem,) = caught.value.problems
    line = SMALL.splitlines().index(f"    never: {NEVER}") + 1
    assert (problem.line, problem.column, problem.promise) == (line, column, "weapons")
    assert problem.message.startswith(message)
    assert str(problem).startswith(f"<text>, line {line}, column {column}, promise weapons: ")


@pytest.mark.parametrize("style", [">-", "|"])
def test_the_place_is_right_in_a_folded_promise(style):
    folded = f"{style}\n      weapon = true\n      and responder = comunity_team"
    with pytest.raises(PolicyError) as caught:
        parse_policy(SMALL.replace(NEVER, folded))
    (problem,) = caught.value.problems
    written = SMALL.replace(NEVER, folded).splitlines()[problem.line - 1]
    assert written[problem.column - 1 :] == "comunity_team"


def test_a_name_whose_declaration_is_wrong_is_told_once():
    text = SMALL.replace("hour: {type: number", "hour: {type: numbr").replace(
        NEVER, "'hour = 3 and weapon'"
    )
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)
    assert len(caught.value.problems) == 1


def test_a_list_is_asked_what_it_contains():
    gathering = SMALL.replace(
        "hit: first\n    outputs: {responder", "hit: collect\n    outputs: {responder"
    )
    policy = parse_policy(gathering.replace(NEVER, "'responder contains police and not weapon'"))
    (promise,) = policy.promises
    fight = {"nature": "fight", "weapon": False, "violence": "now"}
    assert broken_by(policy, promise, fight)
    assert not broken_by(policy, promise, QUIET)
    with pytest.raises(PolicyError, match="responder is a list; write responder contains …"):
        parse_policy(gathering.replace(NEVER, "'responder = police'"))


def test_dates_and_durations_are_compared_as_in_cells():
    dated = SMALL.replace(
        'hour: {type: number, range: "[0..24)"}',
        'hour: {type: number, range: "[0..24)"}\n'
        "  since: {type: date, range: '>= date(\"2020-01-01\")'}\n"
        "  waited: {type: duration, range: '<= duration(\"P30D\")'}",
    )
    never = 'since < date("2026-11-01") and waited > duration("P1D")'
    policy = parse_policy(dated.replace(NEVER, f"'{never}'"))
    (promise,) = policy.promises
    assert broken_by(policy, promise, {**QUIET, "since": "2026-10-31", "waited": "P1DT1H"})
    assert not broken_by(policy, promise, {**QUIET, "since": "2026-11-01", "waited": "P2D"})
    assert not broken_by(policy, promise, {**QUIET, "since": UNKNOWN, "waited": "P2D"})
    with pytest.raises(PolicyError, match='date\\("2019-01-01"\\) lies outside the range'):
        parse_policy(dated.replace(NEVER, "'since = date(\"2019-01-01\")'"))

"""What a cell accepts."""

import pytest

from lamplighter.policy.calendar import date_number
from lamplighter.policy.cells import CellError, parse_cell, parse_range
from lamplighter.policy.domains import Domain, Interval

COLOURS = Domain("choice", ("red", "green", "blue"))
TRUTH = Domain("boolean")
HOURS = Domain("number", range=Interval(0, 24, True, False))


def accepted(text, domain, among, **unknown):
    side = parse_cell(text, "it", domain, **unknown)
    return among if side is None else [value for value in among if domain.accepts(side, value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('"red"', ["red"]),
        ('"red","blue"', ["red", "blue"]),
        (' "red" , "blue" ', ["red", "blue"]),
        ('not("red")', ["green", "blue"]),
        ('not("red","green")', ["blue"]),
        ('!= "red"', ["green", "blue"]),
        ('!= "red","red"', ["red", "green", "blue"]),
        ('not(!= "red")', ["red"]),
        ("-", ["red", "green", "blue"]),
    ],
)
def test_a_cell_of_a_choice(text, values):
    assert accepted(text, COLOURS, ["red", "green", "blue"]) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [("true", [True]), ("false", [False]), ("not(true)", [False]), ("!= true", [False])],
)
def test_a_cell_of_a_boolean(text, values):
    assert accepted(text, TRUTH, [True, False]) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("6", [6]),
        ("< 6", [0, 5.5]),
        ("<= 6", [0, 5.5, 6]),
        ("> 6", [6.5, 23]),
        (">= 6", [6, 6.5, 23]),
        ("[5.5..6.5)", [5.5, 6]),
        ("(5.5..6.5]", [6, 6.5]),
        ("]5.5..6.5[", [6]),
        ("[22..24)", [23]),
        ("< 1, > 22", [0, 23]),
        ("not(6)", [0, 5.5, 6.5, 23]),
        ("!= 6", [0, 5.5, 6.5, 23]),
        ("!= 6, 6", [0, 5.5, 6, 6.5, 23]),
        ("not([5.5..6.5])", [0, 23]),
        ("not(< 6, (6..24))", [6]),
    ],
)
def test_a_cell_of_a_number(text, values):
    assert accepted(text, HOURS, [0, 5.5, 6, 6.5, 23]) == values


def test_a_quote_inside_a_value():
    domain = Domain("choice", ('the "Y"',))
    assert accepted(r'"the \"Y\""', domain, ['the "Y"']) == ['the "Y"']


@pytest.mark.parametrize(
    ("text", "taken_for", "hits"),
    [
        ("unknown", None, True),
        ("null", None, True),
        ('"red",null', None, True),
        ("not(null)", "red", False),
        ("not(unknown)", None, False),
        ('"red",unknown', None, True),
        ('"red"', None, False),
        ('not("red")', None, False),
        ('!= "red"', None, False),
        ('"red"', "red", True),
        ('not("red")', "red", False),
        ('not("red")', "blue", True),
        ('"blue"', "red", False),
    ],
)
def test_when_a_cell_accepts_unknown(text, taken_for, hits):
    side = parse_cell(text, "it", COLOURS, may_be_unknown=True, when_unknown=taken_for)
    assert side is not None
    assert side.unknown is hits


@pytest.mark.parametrize(
    ("text", "domain", "says"),
    [
        ("", COLOURS, 'the cell is empty; write "-"'),
        ('"rod"', COLOURS, '"rod" is not a value of it; did you mean red?'),
        ('"grey","rod"', COLOURS, '"grey" is not a value of it'),
        ("red", COLOURS, "red is a value and needs double quotes inside the cell"),
        ("rod", COLOURS, "rod is not a value of it; did you mean red?"),
        ('"red', COLOURS, "close the quote"),
        ('"red" "blue"', COLOURS, "stands where , should be"),
        ('"red",', COLOURS, "the test ends too early"),
        ('not("red"', COLOURS, "the test ends too early; ) is missing"),
        ('not("red"),"blue"', COLOURS, "not(…) stands alone"),
        ('"red",not("blue")', COLOURS, "not(…) stands alone"),
        ('"red",-', COLOURS, '"-" accepts everything and stands alone'),
        ("true", COLOURS, "true cannot be tested; it is one of red, green, blue"),
        (">= 3", COLOURS, "3 cannot be tested"),
        ('"red"', TRUTH, "it is true or false"),
        ("yes", TRUTH, "yes is not a test; it is true or false"),
        ("24", HOURS, "24 is not a number in [0..24)"),
        (">= 25", HOURS, "25 lies outside the range [0..24) of it"),
        ("[6..5]", HOURS, "[6..5] holds no number; write the smaller end first"),
        ("(6..6)", HOURS, "(6..6) holds no number"),
        ("[1,2]", HOURS, "stands where .. should be"),
        ("[1..2", HOURS, "the test ends too early"),
        ('>= "red"', HOURS, "should be a number"),
        ("6 ; 7", HOURS, "is not part of a test"),
        ("..", HOURS, "is not the start of a test"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(text, domain, says):
    with pytest.raises(CellError) as error:
        parse_cell(text, "it", domain, may_be_unknown=True)
    assert says in str(error.value)


DAYS = Domain("date", range=Interval(date_number("2026-01-01"), date_number("2026-12-31")))
WAITS = Domain("duration", range=Interval(0, 86_400))
TERMS = Domain("period", range=Interval(0, 240))


@pytest.mark.parametrize(
    ("text", "domain", "values"),
    [
        ('date("2026-03-01")', DAYS, ["2026-03-01"]),
        ('@"2026-03-01"', DAYS, ["2026-03-01"]),
        ('>= date("2026-03-01")', DAYS, ["2026-03-01", "2026-12-31"]),
        ('[date("2026-01-01")..date("2026-03-01"))', DAYS, ["2026-02-28"]),
        ('not(< date("2026-03-01"))', DAYS, ["2026-03-01", "2026-12-31"]),
        ('<= duration("PT30M")', WAITS, ["PT0S", "PT1800S", "PT29M59.5S"]),
        ('duration("P1D")', WAITS, ["PT24H"]),
        ('> duration("P1Y")', TERMS, ["P13M", "P10Y"]),
    ],
)
def test_a_cell_of_dates_and_durations(text, domain, values):
    among = {
        DAYS: ["2026-02-28", "2026-03-01", "2026-12-31"],
        WAITS: ["PT0S", "PT1800S", "PT29M59.5S", "PT24H"],
        TERMS: ["P1Y", "P12M", "P13M", "P10Y"],
    }[domain]
    assert accepted(text, domain, among) == values


@pytest.mark.parametrize(
    ("text", "domain", "says"),
    [
        ('date("2026-02-30")', DAYS, 'date("2026-02-30") at character 1 is not a date'),
        ('date("2027-01-01")', DAYS, "lies outside the range"),
        ('duration("P1D")', DAYS, "is not a date"),
        ('< duration("P1Y")', WAITS, "is not a duration"),
        ('date("2026-02-01")', TRUTH, "cannot be tested; it is true or false"),
        ("7", DAYS, "7 cannot be tested; it is a date such as"),
        ('[date("2026-03-01")..date("2026-02-01")]', DAYS, "holds no date"),
    ],
)
def test_what_is_no_test_of_a_date_or_a_duration(text, domain, says):
    with pytest.raises(CellError) as error:
        parse_cell(text, "it", domain)
    assert says in str(error.value)


def test_unknown_is_refused_where_the_value_is_always_known():
    with pytest.raises(CellError, match="it is never unknown"):
        parse_cell("unknown", "it", COLOURS)


def test_only_whole_numbers_where_they_are_declared():
    with pytest.raises(CellError, match=r"1\.5 is not a whole number"):
        parse_cell("1.5", "it", Domain("number", range=Interval(0, 5), integer=True))


def test_ranges():
    assert str(parse_range("[0..24)")) == "[0..24)"
    assert str(parse_range(">= 0")) == ">= 0"
    with pytest.raises(CellError, match="is not a range"):
        parse_range("1,2")

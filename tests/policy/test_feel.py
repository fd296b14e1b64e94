"""FEEL as DMN 1.5 defines it: what an expression is worth, and why it is null where it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy.feel import (
    Evaluator,
    FeelSyntaxError,
    Scope,
    evaluate,
    parse_expression,
    parse_tests,
    show,
)


def value(text, **values):
    return show(evaluate(text, values))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Literals
        ('"a\\"b\\\\c\\n\\t\\u00e9\\U01F40E"', '"a\\"b\\\\c\n\té🐎"'),
        ("[1, 2.50, .5, 1e3]", "[1, 2.5, 0.5, 1000]"),
        ('{a: 1, "b c": a + 1}', "{a: 1, b c: 2}"),
        ("-10 /* ten */ // less", "-10"),
        # Arithmetic, in 34 digits
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("-3 ** 2", "9"),
        ("2 ** 3 ** 2", "64"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("0.1 + 0.2", "0.3"),
        ('"a" + "b"', '"ab"'),
        ("1 / 0", "null"),
        ('1 + "1"', "null"),
        # Comparison
        ("1 = 1.0", "true"),
        ('1 = "1"', "null"),
        ("null = null", "true"),
        ("1 != null", "true"),
        ("[1, [2]] = [1, [2]]", "true"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ('"a" < "b"', "true"),
        ("null < 1", "null"),
        ("5 between 1 and 10", "true"),
        # Three truth values
        ("true and null", "null"),
        ("false and null", "false"),
        ("true or null", "true"),
        ("false or null", "null"),
        ("not(null)", "null"),
        ("true and 1", "null"),
        # Tests
        ("5 in [1..5)", "false"),
        ("5 in ]1..5]", "true"),
        ("5 in (< 3, >= 5)", "true"),
        ("5 in (1, 2, 5)", "true"),
        ('"b" in ["a", "b"]', "true"),
        ("3 in [[1..2], [3..4]]", "true"),
        ("null in [1..5]", "null"),
        ("(< 5).end", "5"),
        ("[1..5].start included", "true"),
        # Control
        ("if 1 > 2 then 3 else 4", "4"),
        ("if null then 3 else 4", "4"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1, 2], j in [i, 10] return i * j", "[1, 10, 4, 20]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ('for d in @"2026-02-28"..@"2026-03-01" return d.day', "[28, 1]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, null] satisfies x > 0", "null"),
        ("every x in [] satisfies false", "true"),
        # Filters and paths
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][4]", "null"),
        ("[1, 2, 3][item >= 2]", "[2, 3]"),
        ("[{x: 1, y: 2}, {x: 3, y: 4}][x > 1].y", "[4]"),
        ("5[1]", "5"),
        ("null[1]", "null"),
        ("{a: {b: 1}}.a.b", "1"),
        ("{a: 1}.b", "null"),
        # A condition is true, false or null
        ("[if null then 1 else 2, if 3 then 1 else 2]", "[2, null]"),
        ('[[1, 2][null], [1, 2]["x"], [1, 2][if item = 1 then true else "x"]]', "[[], null, null]"),
        ('some n in [1, 2] satisfies if n = 2 then true else "x"', "null"),
        ("some n in [1, 2] satisfies if n = 2 then true else null", "true"),
        ('every n in [1, 2] satisfies if n = 1 then true else "x"', "null"),
        # Ranges
        ("[5 in [null..9], 5 in (null, 5), null in [1..2]]", "[null, true, null]"),
        ("[(!= 3).start, (!= 3).end included, 4 in (!= 3)]", "[3, false, true]"),
        # Functions
        ("(function(a, b) a - b)(b: 1, a: 3)", "2"),
        ("{fib: function(n) if n < 2 then n else fib(n - 1) + fib(n - 2), r: fib(9)}.r", "34"),
        ('(function(a: number) a)("x")', "null"),
        ('(function(a: number) "called")("x")', "null"),
        ("nothing(1)", "null"),
        # Types
        ("1 instance of number", "true"),
        ("null instance of Any", "false"),
        ("[1] instance of list<number>", "true"),
        ("{a: 1} instance of context<a: number>", "true"),
        ("[1..2] instance of range<number>", "true"),
        ('@"P1D" instance of days and time duration', "true"),
        ("(function(a: Any) a) instance of function<number> -> Any", "true"),
    ],
)
def test_what_an_expression_is_worth(expression, expected):
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('@"2026-11-01".weekday', "7"),
        ('@"-99999-12-31".year', "-99999"),
        ('date("2026-02-30")', "null"),
        ('date(2026, 2, 28) + @"P1D"', "2026-03-01"),
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('@"2026-01-01" - @"PT1H"', "2025-12-31"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('@"10:00:00Z" - @"10:00:00+01:00"', "PT1H"),
        ('@"23:30:00" + @"PT1H"', "00:30:00"),
        ('@"2026-03-08T01:30:00@America/Chicago" + @"PT1H"', "2026-03-08T03:30:00@America/Chicago"),
        ('@"2026-01-01T00:00:00" < @"2026-01-01T00:00:00Z"', "null"),
        ('@"2026-01-01T01:00:00+01:00" = @"2026-01-01T00:00:00Z"', "true"),
        ('@"2026-01-01T10:00:00+05:00".time offset', "PT5H"),
        ('@"P1DT2H3M4.5S".seconds', "4.5"),
        ('@"-P1Y2M".months', "-2"),
        ('@"P1Y" / @"P1M"', "12"),
        ('@"P1D" * 1.5', "P1DT12H"),
        ('@"P1Y" = @"P365D"', "null"),
        (
            'string(@"2026-11-01T08:00:00.120@Europe/Paris")',
            '"2026-11-01T08:00:00.12@Europe/Paris"',
        ),
        ('date and time("2026-11-01").hour', "0"),
        ('date and time(@"2026-11-01", @"10:00:00Z")', "2026-11-01T10:00:00Z"),
        ('time(10, 30, 0, duration("-PT2H"))', "10:30:00-02:00"),
        ('@"2026-11-01T08:00:00@Europe/Paris" = @"2026-11-01T07:00:00.5Z"', "true"),
        ('@"08:00:00.1" = @"08:00:00.2" and not(@"08:00:00.1" < @"08:00:00.2")', "true"),
        ('is(@"2026-11-01T00:00:00@Etc/UTC", @"2026-11-01T00:00:00Z")', "false"),
        ('@"2026-11-01" = @"2026-11-01T00:00:00Z"', "true"),
        ('time("25:00:00")', "null"),
        ('years and months duration(@"2024-02-29", @"2026-02-28")', "P1Y11M"),
        ("week of year(date(2026, 1, 1))", "1"),
        ('day of year(@"2024-12-31")', "366"),
        ('month of year(@"2026-11-01") + day of week(@"2026-11-01")', '"NovemberSunday"'),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
        ('is(@"10:00:00", @"10:00:00Z")', "false"),
        ("now()", "null"),
    ],
)
def test_dates_times_and_durations(expression, expected):
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("foobar", 0)', "null"),
        ('substring(string: "foobar", start position: 3)', '"obar"'),
        ('string length("🐎é")', "2"),
        ('upper case("aé") + lower case("AÉ")', '"AÉaé"'),
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring after("foobar", "ob")', '"ar"'),
        ('substring after("foobar", "x")', '""'),
        ('contains("foobar", "ob") and starts with("foo", "f") and ends with("foo", "o")', "true"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
        ('replace("a.b.c", ".", "-", "q")', '"a-b-c"'),
        ('matches("FOO", "fo{2}", "i")', "true"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('matches("abcab", "(abc)\\\\1")', "false"),
        ('matches("helo", "[a-z-[aeiou]]l+o$")', "false"),
        ('matches("x", "[")', "null"),
        ('matches("a b", "a\\ sb", "x") and not(matches("ab", "a[ ]b", "x"))', "true"),
        ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
        ('string join(["a", null, "c"], "-")', '"a-c"'),
        ('string([1, "a", {b: @"P1D"}])', '"[1, \\"a\\", {b: P1D}]"'),
        ('number("1.000,5", ".", ",")', "1000.5"),
        ('number("1,000", "x", ".")', "null"),
        ("count([1, null]) + sum(1, 2) + mean([1, 3]) + product(2, 3)", "13"),
        ("min(1, 2, 3) + max([1, 2, 3])", "4"),
        ("sum([])", "null"),
        ("median([2, 5, 4, 1]) + stddev(2, 4, 7, 5) * 0 + mode([6, 3, 9, 6, 6])[1]", "9"),
        ("all([true, null])", "null"),
        ("any([true, null])", "true"),
        ("sublist([1, 2, 3], 2, 2)", "[2, 3]"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("concatenate([1], [2]) = union([1], [2], [1])", "true"),
        ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
        ("remove([1, 2], 1)", "[2]"),
        ("reverse([1, 2])", "[2, 1]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("distinct values([1, 2, 1, null, null])", "[1, 2, null]"),
        ("flatten([[1], [[2, 3]], 4])", "[1, 2, 3, 4]"),
        ("list contains([1, null], null)", "true"),
        ("list replace([2, 4], function(item, newItem) item < 3, 5)", "[5, 4]"),
        ("list replace([1, 2, 3], 2.5, 4)", "null"),
        ("list replace([1, 2, 3], 2.0, 4)", "[1, 4, 3]"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ("decimal(2.5, 0) + decimal(1.115, 2)", "3.12"),
        ("floor(-1.5) + ceiling(-1.5) + floor(1.56, 1)", "-1.5"),
        ("round up(5.1, 0) + round down(5.9, 0) + round half up(5.5, 0)", "17"),
        ("round half down(-5.5, 0)", "-5"),
        ("abs(n: -1) + modulo(-12, 5) + modulo(12, -5)", "1"),
        ("sqrt(16) + exp(0) + log(1)", "5"),
        ("odd(3) and even(-2)", "true"),
        ("sqrt(-1)", "null"),
        ('get value({a: 1}, "a") + get entries({b: 2})[1].value', "3"),
        ('context([{key: "a", value: 1}]) = context put({}, "a", 1)', "true"),
        ("context put({}, [null], 1)", "null"),
        # What a function gives, by its form
        ('(function() "a") instance of function<>->string', "true"),
        (
            "(function(a: number) {b: a, c: [a + 1], d: a}) instance of "
            "function<number>->context<b: number, c: list<number>>",
            "true",
        ),
        ("(function(a: number) {b: a}) instance of function<number>->context<c: number>", "false"),
        ("(function(a) if a then 1 else null) instance of function<Any>->number", "true"),
        ("(function(a) a) instance of function<Any>->number", "false"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ("before(1, [2..3]) and after([5..6], 4) and meets([1..2], [2..3])", "true"),
        ("overlaps([1..3], (3..5])", "false"),
        ("overlaps before([1..3], [2..5]) and overlaps after((1..5], [1..5])", "true"),
        ("finishes(5, [1..5]) and finished by([1..5], [3..5])", "true"),
        ("includes([1..5], 3) and during([2..3], [1..5])", "true"),
        ("starts(1, [1..5]) and started by([1..5], [1..3]) and coincides(5, 5)", "true"),
        ('range("[1..5)") = [1..5)', "true"),
        ('range("]1..5[") = ]1..5[ and [[2][1]..[3, 5][-1]] = [2..5]', "true"),
        ("includes(point: 2, range: [1..3]) and during(range: [1..3], point: 2)", "true"),
        ("[before(range: [1..3], point: 5), before(point: 5, range: [1..3])]", "[true, false]"),
        ('range("[2..)") = >=2 and range("(..2)") = <2', "true"),
        ('range("[..2]")', "null"),
        ('range(">=3")', "null"),
        ("[4..null)", "null"),
        ('[@"2026-01-01"..@"2027-01-01T00:00:00Z"]', "null"),
        ("(=4) = (=4) and (!=4) = (!=4) and (<4) = (<4)", "true"),
        ("[(=4) = [4..4], (!=4) = (4..4)]", "[false, false]"),
        ("[is(value1: 1), is(value2: null), is(1)]", "[false, true, null]"),
        ('[not([true]), not(null), not("x"), abs(number: -1)]', "[false, null, null, null]"),
        ('for c in ["q", "Q", "r"] return matches(c, "[^Q]", "i")', "[false, false, true]"),
        ('for c in ["i", "O", "x"] return matches(c, "[A-Z-[OI]]", "i")', "[false, false, true]"),
        ('range("[date(string(\\"2026-01-01\\"))..@\\"2026-01-02\\"]")', "null"),
        ('range("[date(\\"2026-01-01\\")..@\\"2026-01-02\\"]").start.day', "1"),
    ],
)
def test_built_in_functions(expression, expected):
    assert value(expression) == expected


def test_names_hold_spaces_and_signs():
    names = {"age of child": 7, "age": 1, "in a list": (1, 2), "date-time": 3, "a/b": 4, "for": 5}
    values = {
        name: evaluate(str(one)) if isinstance(one, int) else one for name, one in names.items()
    }
    assert show(evaluate("age of child + age", values)) == "8"
    assert show(evaluate("count(for i in in a list return i)", values)) == "2"
    assert show(evaluate("date-time * a/b", values)) == "12"


def test_a_model_may_name_something_like_a_function():
    assert show(evaluate("count + 1", {"count": evaluate("41")})) == "42"


def test_the_reason_is_kept():
    evaluator = Evaluator()
    node = parse_expression('{a: 1 / 0, b: "x" + 1, c: nothing}')
    assert show(evaluator.run(node)) == "{a: null, b: null, c: null}"
    assert evaluator.reasons == [
        "nothing can be divided by 0",
        "+ does not take a string and a number",
        "there is nothing called nothing",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 +", "the expression ends where a value should be"),
        ("(1", "the expression ends where ) should be"),
        ("1 2", "2 at character 3 stands where the end of the expression should be"),
        ("if 1 then 2", "the expression ends where else should be"),
        ('"open', '"open at character 1 is not part of an expression; close the quote'),
        ("1 instance of thing", "thing at character 15 stands where the name of a type should be"),
    ],
)
def test_what_is_not_feel_says_why(text, reason):
    with pytest.raises(FeelSyntaxError) as caught:
        parse_expression(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize(
    ("cell", "fits", "does_not"),
    [
        ("-", ["1", "null"], []),
        ("1, 2", ["1", "2"], ["3", "null"]),
        ("not(1, 2)", ["3", "null"], ["1"]),
        ("not(1, null)", ["2"], ["1", "null"]),
        ("null", ["null"], ["1"]),
        ("< 5", ["4"], ["5", "null", '"a"']),
        ("[1..5), > 10", ["1", "11"], ["5", "null"]),
        ("? > 1 and ? < 5", ["2"], ["5", "null"]),
        ("odd(?)", ["3"], ["2"]),
        ("?", ["true"], ["false", "3"]),
        ("[? + ?, 9]", ["0", "9"], ["3"]),
        ("limit = 7", ["true"], ["3", '"?"', "false"]),
        ('"?" = "?", 3', ["3", "true"], ["4"]),
        ("limit", ["7"], ["8"]),
        ("> limit", ["8"], ["7"]),
        ("[1, 2]", ["1", "[1, 2]"], ["3"]),
        ("true", ["true"], ["false", "null"]),
        ("false, true", ["true", "false"], ["null"]),
        ("= 3", ["3"], ["4"]),
        ("!= 3", ["4"], ["3"]),
        ('@"2026-01-01"', ['@"2026-01-01"'], ['@"2026-01-02"', "1"]),
    ],
)
def test_cells_of_a_table(cell, fits, does_not):
    scope = Scope({"limit": evaluate("7")})
    tests = parse_tests(cell, ["limit"])
    for expected, texts in ((True, fits), (False, does_not)):
        for text in texts:
            assert Evaluator().fits(tests, evaluate(text), scope) is expected, text


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='()[]{}.,:<>=!+-*/?@"ainotfr 0123456789', max_size=40))
def test_any_text_is_an_expression_or_says_why_not(text):
    for parse in (parse_expression, parse_tests):
        try:
            node = parse(text)
        except FeelSyntaxError:
            continue
        if parse is parse_expression:
            Evaluator().run(node)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_a_text_is_the_same_in_and_out(text):
    found = evaluate(show(text)) if text.isprintable() else text
    assert found == text

"""Cells of a table: S-FEEL unary tests, and `unknown`, read into the values they accept.

cell     = "-" | tests | "not(" tests ")"
tests    = test { "," test }
test     = literal | compare point | interval | "unknown" | "null"
compare  = "=" | "<" | "<=" | ">" | ">="
interval = ("[" | "(" | "]") point ".." point ("]" | ")" | "[")
literal  = string in double quotes | point | true | false
point    = number | date("2026-11-01") | duration("P1DT2H") | duration("P1Y2M") | @"2026-11-01"
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lamplighter.policy.domains import (
    Domain,
    Interval,
    Kind,
    Number,
    Side,
    Value,
    format_value,
)
from lamplighter.policy.errors import did_you_mean

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<moment>(?:(?:date|duration)\s*\(\s*"[^"]*"\s*\)|@"[^"]*"))
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9])|(?<!\.)\.[0-9]+))
    | (?P<dots>\.\.(?!\.))
    | (?P<compare><=|>=|<|>|=)
    | (?P<mark>[()\[\],-])
    | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class CellError(ValueError):
    """A cell that cannot be read; the message is the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position:].strip()
            hint = "close the quote" if rest.startswith('"') else "remove it"
            raise CellError(
                f"{rest[:20]} at character {position + 1} is not part of a test; {hint}"
            )
        kind = match.lastgroup
        tokens.append(_Token(kind, match.group(kind), match.start(kind) + 1))
        position = match.end()
    return tokens


def parse_number(text: str) -> Number:
    """`4` and `4.0` are the whole number 4. A `ValueError` where it is too large."""
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return int(number) if number.is_integer() else number


class _Cell:
    """A cell that is being read, token by token."""

    def __init__(self, text: str, column: str, domain: Domain, may_be_unknown: bool) -> None:
        self.tokens = _tokens(text)
        self.next = 0
        self.column = column
        self.domain = domain
        self.may_be_unknown = may_be_unknown
        self.values: set[Value] = set()
        self.intervals: list[Interval] = []
        self.unknown = False
        self.known_only = False

    def take(self, *texts: str) -> _Token:
        token = self.peek()
        if token is None:
            raise CellError(
                f"the test ends too early; {' or '.join(texts) or 'a value'} is missing"
            )
        if texts and token.text not in texts:
            raise CellError(
                f"{token.text} at character {token.place} stands where "
                f"{' or '.join(texts)} should be"
            )
        self.next += 1
        return token

    def peek(self) -> _Token | None:
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def tests(self, negated: bool) -> None:
        while True:
            self.test(negated)
            token = self.peek()
            if token is None or (negated and token.text == ")"):
                return
            self.take(",")

    def test(self, negated: bool) -> None:
        token = self.take()
        if token.kind == "word" and token.text in ("unknown", "null"):
            if token.text in self.domain.values:
                raise CellError(
                    f'{token.text} means unknown, and is also a value; write unknown or "null"'
                )
            if not self.may_be_unknown:
                raise CellError(
                    f"{self.column} is never unknown; remove {token.text} from the test"
                )
            if negated:
                self.known_only = True
            else:
                self.unknown = True
        elif token.kind == "compare":
            self.comparison(token)
        elif token.text in ("[", "(", "]"):
            self.interval(token)
        elif token.kind in ("string", "number", "moment") or token.text in ("true", "false"):
            self.literal(token)
        elif token.text == "-":
            raise CellError('"-" accepts everything and stands alone; remove it or the other tests')
        elif token.text == "not":
            raise CellError("not(…) stands alone and holds all the values that are refused")
        elif token.kind == "word":
            raise CellError(self.bare_word(token.text))
        else:
            raise CellError(f"{token.text} at character {token.place} is not the start of a test")

    def bare_word(self, word: str) -> str:
        if word in self.domain.values:
            return f"{word} is a value and needs double quotes inside the cell: '\"{word}\"'"
        if self.domain.kind == "choice":
            return (
                f"{word} is not a value of {self.column}; {did_you_mean(word, self.domain.values)}"
            )
        return f"{word} is not a test; {self.column} is {self.domain}"

    def literal(self, token: _Token) -> None:
        if token.kind in ("number", "moment"):
            number = self.endpoint(token)
            if self.domain.value(number) not in self.domain:
                raise CellError(f"{token.text} is not {self.domain}, which {self.column} must be")
            self.intervals.append(Interval(number, number))
        elif token.kind == "string":
            self.expect_kind("choice", token)
            value = re.sub(
                r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), token.text[1:-1]
            )
            if value not in self.domain.values:
                raise CellError(
                    f'"{value}" is not a value of {self.column}; '
                    f"{did_you_mean(value, self.domain.values)}"
                )
            self.values.add(value)
        else:
            self.expect_kind("boolean", token)
            self.values.add(token.text == "true")

    def expect_kind(self, kind: str, token: _Token) -> None:
        if self.domain.kind != kind:
            raise CellError(f"{token.text} cannot be tested; {self.column} is {self.domain}")

    def endpoint(self, token: _Token) -> Number:
        if token.kind == "number":
            self.expect_kind("number", token)
            try:
                number = parse_number(token.text)
            except ValueError:
                raise CellError(f"{token.text[:20]}… is too large for a number") from None
        elif token.kind == "moment":
            number = self.moment(token)
        else:
            what = self.domain.kind if self.domain.is_line else "number"
            raise CellError(f"{token.text} at character {token.place} should be a {what}")
        limits = self.domain.range
        if limits is not None and not limits.low <= number <= limits.high:
            raise CellError(
                f"{token.text} lies outside the range {self.domain.show(limits)} of "
                f"{self.column}; use a {self.domain.kind} inside it or widen the range"
            )
        return number

    def moment(self, token: _Token) -> Number:
        text = token.text[token.text.index('"') + 1 : token.text.rindex('"')]
        if self.domain.kind not in ("date", "duration", "period"):
            raise CellError(f"{token.text} cannot be tested; {self.column} is {self.domain}")
        number = self.domain.number(text)
        if number is None or token.text.startswith("date") != (self.domain.kind == "date"):
            if token.text.startswith("@") and number is not None:
                return number
            raise CellError(
                f"{token.text} at character {token.place} is not a {self.domain.kind}; "
                f"{self.column} is {self.domain}"
            )
        return number

    def comparison(self, token: _Token) -> None:
        if token.text == "=":
            self.literal(self.take())
            return
        number = self.endpoint(self.take())
        closed = token.text.endswith("=")
        if token.text.startswith("<"):
            self.intervals.append(Interval(-math.inf, number, False, closed))
        else:
            self.intervals.append(Interval(number, math.inf, closed, False))

    def interval(self, left: _Token) -> None:
        low = self.endpoint(self.take())
        self.take("..")
        high = self.endpoint(self.take())
        right = self.take("]", ")", "[")
        interval = Interval(low, high, left.text == "[", right.text == "]")
        if interval.is_empty():
            shown = [format_value(self.domain.value(end)) for end in (low, high)]
            written = f"{left.text}{shown[0]}..{shown[1]}{right.text}"
            raise CellError(f"{written} holds no {self.domain.kind}; write the smaller end first")
        self.intervals.append(interval)

    def complement(self) -> tuple[set[Value], list[Interval]]:
        if self.domain.is_line:
            parts = [Interval(-math.inf, math.inf, False, False)]
            for interval in self.intervals:
                common = (p.meets(o) for p in parts for o in interval.outside())
                parts = [part for part in common if not part.is_empty()]
            return set(), parts
        everything: set[Value] = (
            {True, False} if self.domain.kind == "boolean" else set(self.domain.values)
        )
        return everything - self.values, []


def parse_cell(
    text: str,
    column: str,
    domain: Domain,
    *,
    may_be_unknown: bool = False,
    when_unknown: Value | None = None,
) -> Side | None:
    """Read a cell of `column` into the values that it accepts; None for `-`, everything.

    A settled unknown is accepted where the cell lists `unknown` (or `null`, which is the same),
    or where `when_unknown`, what unknown is taken for, is accepted; `not(unknown)` accepts
    whatever is known.

    >>> parse_cell(">= 18", "age", Domain("number", range=Interval(0, 120))).intervals[0].low
    18
    """
    cell = _Cell(text, column, domain, may_be_unknown)
    first = cell.peek()
    if first is None:
        raise CellError('the cell is empty; write "-" where every value will do')
    if first.text == "-" and len(cell.tokens) == 1:
        return None
    if first.text == "not":
        cell.take("not")
        cell.take("(")
        cell.tests(negated=True)
        cell.take(")")
        extra = cell.peek()
        if extra is not None:
            raise CellError("not(…) stands alone; move the other tests into it or to another rule")
        values, intervals = cell.complement()
    else:
        cell.tests(negated=False)
        values, intervals = cell.values, cell.intervals
    side = Side(frozenset(values), tuple(intervals), cell.unknown)
    taken_for = when_unknown is not None and domain.accepts(side, when_unknown)
    unknown = side.unknown or (may_be_unknown and taken_for and not cell.known_only)
    return Side(side.values, side.intervals, unknown)


def parse_range(text: str, kind: Kind = "number") -> Interval:
    """Read the declared range of a line: `[0..24)`, `>= 0`, `>= date("2026-01-01")`."""
    everything = Interval(-math.inf, math.inf, False, False)
    side = parse_cell(text, "range", Domain(kind, range=everything))
    if side is None or len(side.intervals) != 1:
        raise CellError(f"{text} is not a range; write one interval such as [0..24)")
    return side.intervals[0]

"""Cells of a table: S-FEEL unary tests, and `unknown`, read into the values they accept.

cell     = "-" | tests | "not(" tests ")"
tests    = test { "," test }
test     = literal | compare point | interval | "unknown" | "null"
compare  = "=" | "!=" | "<" | "<=" | ">" | ">="
interval = ("[" | "(" | "]") point ".." point ("]" | ")" | "[")
literal  = string in double quotes | point | true | false
point    = number | date("2026-11-01") | duration("P1DT2H") | duration("P1Y2M") | @"2026-11-01"
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lamplighter.policy.domains import (
    EVERY_NUMBER,
    Domain,
    Interval,
    Kind,
    Number,
    Side,
    Value,
    format_value,
)
from lamplighter.policy.sentences import Said, either, nearest, say

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<moment>(?:(?:date|duration)\s*\(\s*"[^"]*"\s*\)|@"[^"]*"))
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9])|(?<!\.)\.[0-9]+))
    | (?P<dots>\.\.(?!\.))
    | (?P<compare><=|>=|!=|<|>|=)
    | (?P<mark>[()\[\],-])
    | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class CellError(ValueError):
    """A cell that cannot be read; the message is the middle of a sentence."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


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
            hint = say("close-the-quote") if rest.startswith('"') else say("remove-it")
            raise CellError(say("cell.not-part", text=rest[:20], place=position + 1, hint=hint))
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
            raise CellError(say("cell.ends-early", expected=either(texts)))
        if texts and token.text not in texts:
            expected = either(texts)
            raise CellError(
                say("cell.stands-where", text=token.text, place=token.place, expected=expected)
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
                raise CellError(say("cell.unknown-is-a-value", word=token.text))
            if not self.may_be_unknown:
                raise CellError(say("cell.never-unknown", column=self.column, word=token.text))
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
            raise CellError(say("cell.dash-alone"))
        elif token.text == "not":
            raise CellError(say("cell.not-alone"))
        elif token.kind == "word":
            raise CellError(self.bare_word(token.text))
        else:
            raise CellError(say("cell.no-start", text=token.text, place=token.place))

    def bare_word(self, word: str) -> Said:
        if word in self.domain.values:
            return say("cell.needs-quotes", word=word)
        if self.domain.kind == "choice":
            hint = nearest(word, self.domain.values)
            return say("cell.no-value-word", word=word, column=self.column, hint=hint)
        return say("cell.no-test", word=word, column=self.column, domain=self.domain.said)

    def literal(self, token: _Token) -> None:
        if token.kind in ("number", "moment"):
            number = self.endpoint(token)
            if self.domain.value(number) not in self.domain:
                domain = self.domain.said
                raise CellError(
                    say("cell.outside", text=token.text, domain=domain, column=self.column)
                )
            self.intervals.append(Interval(number, number))
        elif token.kind == "string":
            self.expect_kind("choice", token)
            value = re.sub(
                r"\\(.)", lambda m: _ESCAPES.get(m.group(1), m.group(1)), token.text[1:-1]
            )
            if value not in self.domain.values:
                hint = nearest(value, self.domain.values)
                raise CellError(say("cell.no-value", value=value, column=self.column, hint=hint))
            self.values.add(value)
        else:
            self.expect_kind("boolean", token)
            self.values.add(token.text == "true")

    def expect_kind(self, kind: str, token: _Token) -> None:
        if self.domain.kind != kind:
            raise CellError(self.cannot_be_tested(token))

    def cannot_be_tested(self, token: _Token) -> Said:
        domain = self.domain.said
        return say("cell.cannot-be-tested", text=token.text, column=self.column, domain=domain)

    def endpoint(self, token: _Token) -> Number:
        if token.kind == "number":
            self.expect_kind("number", token)
            try:
                number = parse_number(token.text)
            except ValueError:
                raise CellError(say("cell.too-large", text=token.text[:20])) from None
        elif token.kind == "moment":
            number = self.moment(token)
        else:
            what = self.domain.kind if self.domain.is_line else "number"
            kind = say(f"kind.{what}")
            raise CellError(say("cell.should-be", text=token.text, place=token.place, kind=kind))
        limits = self.domain.range
        if limits is not None and not limits.low <= number <= limits.high:
            raise CellError(
                say(
                    "cell.outside-range",
                    text=token.text,
                    range=self.domain.show(limits),
                    column=self.column,
                    kind=say(f"kind.{self.domain.kind}"),
                )
            )
        return number

    def moment(self, token: _Token) -> Number:
        text = token.text[token.text.index('"') + 1 : token.text.rindex('"')]
        if self.domain.kind not in ("date", "duration", "period"):
            raise CellError(self.cannot_be_tested(token))
        number = self.domain.number(text)
        if number is None or token.text.startswith("date") != (self.domain.kind == "date"):
            if token.text.startswith("@") and number is not None:
                return number
            raise CellError(
                say(
                    "cell.no-moment",
                    text=token.text,
                    place=token.place,
                    kind=say(f"kind.{self.domain.kind}"),
                    column=self.column,
                    domain=self.domain.said,
                )
            )
        return number

    def comparison(self, token: _Token) -> None:
        if token.text == "=":
            self.literal(self.take())
            return
        if token.text == "!=":
            self.anything_else(self.take())
            return
        number = self.endpoint(self.take())
        closed = token.text.endswith("=")
        if token.text.startswith("<"):
            self.intervals.append(Interval(-math.inf, number, False, closed))
        else:
            self.intervals.append(Interval(number, math.inf, closed, False))

    def anything_else(self, token: _Token) -> None:
        """Every known value but one."""
        values, intervals = self.values, self.intervals
        self.values, self.intervals = set(), []
        self.literal(token)
        others = self.complement()
        self.values, self.intervals = values | others[0], intervals + others[1]

    def interval(self, left: _Token) -> None:
        low = self.endpoint(self.take())
        self.take("..")
        high = self.endpoint(self.take())
        right = self.take("]", ")", "[")
        interval = Interval(low, high, left.text == "[", right.text == "]")
        if interval.is_empty():
            shown = [format_value(self.domain.value(end)) for end in (low, high)]
            written = f"{left.text}{shown[0]}..{shown[1]}{right.text}"
            kind = say(f"kind.{self.domain.kind}")
            raise CellError(say("cell.empty-interval", interval=written, kind=kind))
        self.intervals.append(interval)

    def complement(self) -> tuple[set[Value], list[Interval]]:
        if self.domain.is_line:
            parts = [EVERY_NUMBER]
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
        raise CellError(say("cell.empty"))
    if first.text == "-" and len(cell.tokens) == 1:
        return None
    if first.text == "not":
        cell.take("not")
        cell.take("(")
        cell.tests(negated=True)
        cell.take(")")
        extra = cell.peek()
        if extra is not None:
            raise CellError(say("cell.not-and-more"))
        values, intervals = cell.complement()
    else:
        cell.tests(negated=False)
        values, intervals = cell.values, cell.intervals
    side = Side(frozenset(values), tuple(intervals), cell.unknown)
    taken_for = when_unknown is not None and domain.accepts(side, when_unknown)
    unknown = side.unknown or (may_be_unknown and taken_for and not cell.known_only)
    return Side(side.values, side.intervals, unknown)


def parse_range(text: str, kind: Kind = "number") -> Interval:
    """Read the declared range of a line: `[0..24)`, `>= 0`, `-` where there are no bounds."""
    side = parse_cell(text, "range", Domain(kind, range=EVERY_NUMBER))
    if side is None:
        return EVERY_NUMBER
    if len(side.intervals) != 1:
        raise CellError(say("cell.no-range", text=text))
    return side.intervals[0]

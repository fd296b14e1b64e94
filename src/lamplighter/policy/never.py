"""Reads the `never` of a promise into a condition, checked against the declared domains.

never  = all { "or" all }
all    = part { "and" part }
part   = "not" part | "(" never ")" | "asked" "(" input ")" | fact [ test ]
fact   = input | output | "actual" "(" input ")"
test   = compare value | [ "not" ] "in" set | "contains" value
set    = "(" item { "," item } ")" | interval
item   = value | interval
value  = string in double quotes | word | number | date(…) | duration(…) | true | false | unknown
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ruamel.yaml.nodes import Node, ScalarNode

from lamplighter.policy.cells import CellError, parse_cell
from lamplighter.policy.domains import Domain, Interval, Number, Side, Value, format_value
from lamplighter.policy.model import Input, Output, Policy, Table
from lamplighter.policy.never_tokens import KEYWORDS, NeverError, Token, tokens_of
from lamplighter.policy.promises import (
    Actual,
    AllOf,
    AnyOf,
    Asked,
    Condition,
    Contains,
    Known,
    Not,
)
from lamplighter.policy.sentences import Said, either, nearest, say

# Nobody reads more parentheses than this, and each costs the reader a piece of Python's stack.
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that a promise may use. `gathered` are outputs whose table gives lists."""

    inputs: Mapping[str, Input]
    outputs: Mapping[str, Output]
    gathered: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()

    @classmethod
    def of(cls, policy: Policy) -> Scope:
        """The inputs of a policy, and the outputs of all of its tables."""
        outputs = {n: output for table in policy.tables for n, output in table.results.items()}
        return cls(policy.inputs, outputs, gathered(policy.tables))


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a test speaks of: a name, and whether its true fact is meant."""

    name: str
    domain: Domain
    actual: bool
    never_unknown: Said | None

    def test(self, side: Side) -> Condition:
        return Actual(self.name, side) if self.actual else Known(self.name, side)


def gathered(tables: Iterable[Table]) -> frozenset[str]:
    """The outputs that are lists."""
    return frozenset(name for table in tables if table.gathers for name in table.outputs)


def parse_never(text: str, scope: Scope) -> Condition:
    """Read what must never happen; a `NeverError` says what is wrong and where.

    >>> from lamplighter.policy.domains import Domain
    >>> from lamplighter.policy.model import Input, Words
    >>> scope = Scope({"weapon": Input("weapon", Domain("boolean"), Words("Weapon"))}, {})
    >>> parse_never("not (weapon or asked(weapon))", scope)
    ... # doctest: +NORMALIZE_WHITESPACE
    Not(part=AnyOf(parts=(Known(name='weapon',
        side=Side(values=frozenset({True}), intervals=(), unknown=False)), Asked(name='weapon'))))
    """
    return _Parser(text, scope).read()


class _Parser:
    """A `never` that is being read, token by token."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.tokens = tokens_of(text)
        self.next = 0
        self.depth = 0

    def read(self) -> Condition:
        if not self.tokens:
            raise NeverError(say("never.empty"), 0)
        found = self.either()
        extra = self.peek()
        if extra is not None:
            raise NeverError(say("never.no-end", text=extra.text), extra.offset)
        return found

    def peek(self, ahead: int = 0) -> Token | None:
        place = self.next + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def sees(self, *texts: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token is not None and token.kind != "string" and token.text in texts

    def take(self, *texts: str) -> Token:
        token = self.peek()
        missing = either(texts)
        if token is None:
            raise NeverError(say("never.ends-early", expected=missing), len(self.text))
        if texts and not self.sees(*texts):
            raise NeverError(
                say("never.stands-where", text=token.text, expected=missing), token.offset
            )
        self.next += 1
        return token

    def either(self) -> Condition:
        parts = [self.both()]
        while self.sees("or"):
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def both(self) -> Condition:
        parts = [self.part()]
        while self.sees("and"):
            self.take()
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def part(self) -> Condition:
        if self.sees("not", "("):
            return self.nested()
        if self.sees("asked"):
            self.take()
            return Asked(self.input_in_parentheses("asked"))
        if self.sees("actual"):
            self.take()
            name = self.input_in_parentheses("actual")
            domain = self.scope.inputs[name].domain
            return self.test(_Subject(name, domain, True, say("never.true-fact")))
        return self.test_of_name()

    def nested(self) -> Condition:
        token = self.take()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise NeverError(say("never.too-deep"), token.offset)
        if token.text == "not":
            found: Condition = Not(self.part())
        else:
            found = self.either()
            self.take(")")
        self.depth -= 1
        return found

    def input_in_parentheses(self, form: str) -> str:
        self.take("(")
        token = self.name()
        if token.text not in self.scope.inputs:
            raise NeverError(
                say("never.an-output", form=form, name=token.text),
                token.offset,
            )
        self.take(")")
        return token.text

    def name(self) -> Token:
        token = self.take()
        scope = self.scope
        if token.kind != "word" or token.text in KEYWORDS:
            raise NeverError(say("never.no-name", text=token.text), token.offset)
        if token.text in scope.unreadable:
            raise NeverError(say("this"), token.offset, silent=True)
        if token.text not in scope.inputs and token.text not in scope.outputs:
            known = [*scope.inputs, *scope.outputs]
            raise NeverError(
                say("column.unknown", name=token.text, hint=nearest(token.text, known)),
                token.offset,
            )
        return token

    def test_of_name(self) -> Condition:
        token = self.name()
        name = token.text
        if name in self.scope.gathered:
            if not self.sees("contains"):
                raise NeverError(say("never.a-list", name=name), token.offset)
            self.take()
            domain = self.scope.outputs[name].domain
            subject = _Subject(name, domain, False, say("never.decided", name=name))
            return Contains(name, self.value(subject))
        declared = self.scope.inputs.get(name)
        never: Said | None
        if declared is None:
            domain, never = self.scope.outputs[name].domain, say("never.decided", name=name)
        else:
            known = say("never.always-known", name=name) if declared.always_known else None
            domain, never = declared.domain, known
        return self.test(_Subject(name, domain, False, never))

    def test(self, subject: _Subject) -> Condition:
        token = self.peek()
        if token is not None and token.kind == "compare":
            self.take()
            if token.text in ("=", "!="):
                found = subject.test(self.value(subject))
                return found if token.text == "=" else Not(found)
            return subject.test(self.comparison(subject, token))
        if self.sees("in"):
            self.take()
            return subject.test(self.set(subject))
        if self.sees("not") and self.sees("in", ahead=1):
            self.next += 2
            return Not(subject.test(self.set(subject)))
        if self.sees("contains"):
            assert token is not None
            raise NeverError(say("never.no-list", name=subject.name), token.offset)
        if subject.domain.kind == "boolean":
            return subject.test(Side(frozenset({True})))
        where = len(self.text) if token is None else token.offset
        raise NeverError(say("never.which", name=subject.name, domain=subject.domain.said), where)

    def comparison(self, subject: _Subject, token: Token) -> Side:
        number = self.number(subject, self.take())
        closed = token.text.endswith("=")
        if token.text.startswith("<"):
            interval = Interval(-math.inf, number, False, closed)
        else:
            interval = Interval(number, math.inf, closed, False)
        return self.met(subject, interval, token)

    def met(self, subject: _Subject, interval: Interval, token: Token) -> Side:
        """An interval that holds a value: a test that none meets makes a promise say nothing."""
        if subject.domain.example(interval) is None:
            raise NeverError(
                say("never.met-by-none", name=subject.name, domain=subject.domain.said),
                token.offset,
            )
        return Side(intervals=(interval,))

    def set(self, subject: _Subject) -> Side:
        if self.sees("[", "]") or (self.sees("(") and self.sees("..", ahead=2)):
            return self.interval(subject)
        self.take("(")
        found = self.item(subject)
        while not self.sees(")"):
            self.take(",", ")")
            found = _joined(found, self.item(subject))
        self.take(")")
        return found

    def item(self, subject: _Subject) -> Side:
        if self.sees("[", "]", "("):
            return self.interval(subject)
        return self.value(subject)

    def interval(self, subject: _Subject) -> Side:
        left = self.take("[", "(", "]")
        low = self.number(subject, self.take())
        self.take("..")
        high = self.number(subject, self.take())
        right = self.take("]", ")", "[")
        interval = Interval(low, high, left.text == "[", right.text == "]")
        if interval.is_empty():
            raise NeverError(say("never.empty-interval"), left.offset)
        return self.met(subject, interval, left)

    def number(self, subject: _Subject, token: Token) -> Number:
        if not subject.domain.is_line:
            raise NeverError(
                say("never.no-size", name=subject.name, domain=subject.domain.said),
                token.offset,
            )
        if token.kind not in ("number", "moment"):
            kind = say(f"kind.{subject.domain.kind}")
            raise NeverError(say("never.should-be", text=token.text, kind=kind), token.offset)
        try:
            side = parse_cell(f"<= {token.text}", subject.name, subject.domain)
        except CellError as error:
            # The character of a cell is no help in a promise, which tells its own place.
            said = error.said
            if said.code == "cell.no-moment":
                said = Said("never.no-moment", said.values)
            raise NeverError(said, token.offset) from None
        assert side is not None
        return side.intervals[0].high

    def value(self, subject: _Subject) -> Side:
        token = self.take()
        if token.kind == "word" and token.text in ("unknown", "null"):
            if token.text in subject.domain.values:
                raise NeverError(say("cell.unknown-is-a-value", word=token.text), token.offset)
            if subject.never_unknown:
                why = subject.never_unknown
                raise NeverError(say("never.name-a-value", why=why), token.offset)
            return Side(unknown=True)
        if subject.domain.is_line:
            number = self.number(subject, token)
            return self.met(subject, Interval(number, number), token)
        value: Value = token.text
        if token.kind == "string":
            value = re.sub(r"\\(.)", r"\1", token.text[1:-1])
        elif token.text in ("true", "false") and subject.domain.kind == "boolean":
            value = token.text == "true"
        elif token.kind != "word":
            raise NeverError(
                say("never.stands-where", text=token.text, expected=say("a-value")), token.offset
            )
        if value not in subject.domain:
            shown = format_value(value)
            hint = (
                nearest(shown, subject.domain.values)
                if subject.domain.kind == "choice"
                else say("never.it-is", domain=subject.domain.said)
            )
            said = say("then.no-value", shown=shown, name=subject.name, hint=hint)
            raise NeverError(said, token.offset)
        return Side(frozenset({value}))


def _joined(one: Side, other: Side) -> Side:
    return Side(
        one.values | other.values, one.intervals + other.intervals, one.unknown or other.unknown
    )


def place_in_file(source: str, node: ScalarNode, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of a scalar in the file that it was read from.

    Folding and indentation change only the blanks of a text, so what is not blank is counted.
    """
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">"):
        start = source.index("\n", start) + 1
    elif node.style:
        start += 1
    ahead = sum(not character.isspace() for character in str(node.value)[:offset])
    position = start
    while position < end and (ahead or source[position].isspace()):
        escape = {'"': "\\", "'": "''"}.get(node.style)
        if escape and source.startswith(escape, position):
            position += 1
        ahead -= not source[position].isspace()
        position += 1
    position = min(position, end)
    return source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position)


def never_problem(entry: Node, source: str, scope: Scope) -> tuple[Said, int, int] | None:
    """What is wrong with a `never` in a file, and its line and column; None where nothing is."""
    if not isinstance(entry, ScalarNode) or not str(entry.value).strip():
        return None
    try:
        parse_never(str(entry.value), scope)
    except NeverError as error:
        return None if error.silent else (error.said, *place_in_file(source, entry, error.offset))
    return None

"""A promise as a list of tests, for a form: read from its `never`, and written back into it.

A `never` that only joins tests with `and` has parts; with an `or` or with parentheses it has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lamplighter.policy.never_tokens import KEYWORDS, NeverError, Token, tokens_of

Sense: TypeAlias = Literal["known", "actual", "asked"]
_OPEN, _CLOSE = ("[", "(", "]"), ("]", ")", "[")


@dataclass(frozen=True, slots=True)
class Part:
    """One test: what was known or decided, what is true, or whether it is asked about.

    `values` are written as in a promise: `"threat"`, `unknown`, `true`, `3`, `[1..5)`, or one
    alone with a comparison: `>= 18`. The test is turned round where it does not hold.
    """

    name: str
    sense: Sense
    holds: bool
    values: tuple[str, ...] = ()


def parts_of(never: str) -> tuple[Part, ...] | None:
    """The parts of a `never`, or None where it has another form.

    >>> parts_of('weapon = true and responder not in ("police", "fire")')
    ... # doctest: +NORMALIZE_WHITESPACE
    (Part(name='weapon', sense='known', holds=True, values=('true',)),
     Part(name='responder', sense='known', holds=False, values=('"police"', '"fire"')))
    >>> parts_of("weapon or danger") is None
    True
    """
    try:
        return _Reader(tokens_of(never)).read()
    except (NeverError, _OtherForm):
        return None


def never_of(parts: Sequence[Part]) -> str:
    """The `never` that says these parts.

    >>> never_of([Part("weapon", "asked", False), Part("responder", "known", True, ('"ems"',))])
    'not asked(weapon) and responder = "ems"'
    """
    return " and ".join(_written(part) for part in parts)


def _written(part: Part) -> str:
    if part.sense == "asked":
        return f"{'' if part.holds else 'not '}asked({part.name})"
    fact = f"actual({part.name})" if part.sense == "actual" else part.name
    if len(part.values) != 1:
        return f"{fact} {'' if part.holds else 'not '}in ({', '.join(part.values)})"
    (value,) = part.values
    if value.startswith(("<", ">")):
        return f"{'' if part.holds else 'not '}{fact} {value}"
    if value.startswith(("[", "]", "(")):
        return f"{fact} {'' if part.holds else 'not '}in {value}"
    return f"{fact} {'=' if part.holds else '!='} {value}"


class _OtherForm(Exception):
    """This promise is more than a list of tests."""


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.next = 0

    def read(self) -> tuple[Part, ...]:
        parts = [self.part()]
        while self.next < len(self.tokens):
            self.take("and")
            parts.append(self.part())
        return tuple(parts)

    def sees(self, *texts: str) -> bool:
        if self.next == len(self.tokens):
            return False
        token = self.tokens[self.next]
        return token.kind != "string" and token.text in texts

    def take(self, *texts: str) -> Token:
        if self.next == len(self.tokens) or (texts and not self.sees(*texts)):
            raise _OtherForm
        self.next += 1
        return self.tokens[self.next - 1]

    def name(self) -> str:
        token = self.take()
        if token.kind != "word" or token.text in KEYWORDS:
            raise _OtherForm
        return token.text

    def part(self) -> Part:
        holds = True
        if self.sees("not"):
            self.take()
            holds = False
        if self.sees("asked", "actual"):
            sense: Sense = "asked" if self.take().text == "asked" else "actual"
            self.take("(")
            name = self.name()
            self.take(")")
            if sense == "asked":
                return Part(name, sense, holds)
        else:
            sense, name = "known", self.name()
        return self.test(name, sense, holds)

    def test(self, name: str, sense: Sense, holds: bool) -> Part:
        if self.sees("contains"):
            raise _OtherForm
        if self.sees("=", "!="):
            same = self.take().text == "="
            return Part(name, sense, holds == same, (self.value(),))
        if self.sees("<", "<=", ">", ">="):
            return Part(name, sense, holds, (f"{self.take().text} {self.take().text}",))
        if self.sees("not", "in"):
            if self.sees("not"):
                self.take()
                holds = not holds
            self.take("in")
            return Part(name, sense, holds, self.set())
        return Part(name, sense, holds, ("true",))

    def set(self) -> tuple[str, ...]:
        ahead = self.tokens[self.next + 2].text if self.next + 2 < len(self.tokens) else ""
        if not self.sees("(") or ahead == "..":
            return (self.value(),)
        self.take("(")
        values = [self.value()]
        while not self.sees(")"):
            self.take(",")
            values.append(self.value())
        self.take(")")
        return tuple(values)

    def value(self) -> str:
        if self.sees(*_OPEN):
            left, low = self.take(), self.take()
            self.take("..")
            return f"{left.text}{low.text}..{self.take().text}{self.take(*_CLOSE).text}"
        token = self.take()
        if token.kind == "word" and token.text not in KEYWORDS:
            return f'"{token.text}"'
        if token.kind in ("mark", "dots", "compare"):
            raise _OtherForm
        return "unknown" if token.text == "null" else re.sub(r"\s+", " ", token.text)

"""Writes names, values and cells of a policy in FEEL, so that any engine of DMN reads them."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from lamplighter.policy.domains import EVERY_NUMBER, Domain, Interval, Number, Value
from lamplighter.policy.feel.lexer import FeelSyntaxError, tokens
from lamplighter.policy.model import Cell, Input

_KEYWORDS = frozenset(
    [
        "for",
        "return",
        "in",
        "if",
        "then",
        "else",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
        "not",
        "item",
        "partial",
        "date",
        "time",
        "duration",
        "unknown",
    ]
)
_INNER = re.compile(r"not\s*\((.*)\)\s*", re.DOTALL)
# No value is null and not null.
NOTHING = "? = null and ? != null"


def feel_name(name: str, taken: Collection[str]) -> str:
    """A name that every FEEL parser takes for one word, near to the one in the policy."""
    plain = re.sub(r"\W", "_", name)
    try:
        found = tokens(plain)
    except FeelSyntaxError:
        found = []
    if len(found) != 2 or found[0].kind != "name":
        plain = "_" + re.sub(r"\W", "_", plain, flags=re.ASCII)
    while plain in taken or plain in _KEYWORDS:
        plain += "_"
    return plain


def string(text: str) -> str:
    """A string literal; what cannot be printed is escaped."""
    parts: list[str] = []
    for char in text:
        if char in '"\\':
            parts.append("\\" + char)
        elif char.isprintable():
            parts.append(char)
        else:
            code = ord(char)
            parts.append(f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:06X}")
    return '"' + "".join(parts) + '"'


def number(value: Number) -> str:
    """A number without an exponent, which older engines do not read."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{Decimal(repr(value)):f}"


def literal(value: Value, domain: Domain) -> str:
    """A value of a domain as FEEL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if domain.kind == "choice":
        return string(str(value))
    return _point(domain.number(value) or 0, domain)


def _point(value: Number, domain: Domain) -> str:
    if domain.kind == "number":
        return number(value)
    call = "date" if domain.kind == "date" else "duration"
    return f'{call}("{domain.value(value)}")'


def interval(limits: Interval, domain: Domain) -> str:
    """An interval as a unary test."""
    if limits == Interval(limits.low, limits.low):
        return _point(limits.low, domain)
    if limits == EVERY_NUMBER:
        return "-"
    if limits.low == float("-inf"):
        return f"{'<=' if limits.high_closed else '<'} {_point(limits.high, domain)}"
    if limits.high == float("inf"):
        return f"{'>=' if limits.low_closed else '>'} {_point(limits.low, domain)}"
    left, right = "[" if limits.low_closed else "(", "]" if limits.high_closed else ")"
    return f"{left}{_point(limits.low, domain)}..{_point(limits.high, domain)}{right}"


def domain_tests(domain: Domain) -> str:
    """The declared values of a domain as allowed values; nothing for a boolean."""
    if domain.kind == "choice":
        return ", ".join(string(value) for value in domain.values)
    return "" if domain.range in (None, EVERY_NUMBER) else interval(domain.range, domain)


def cell_text(cell: Cell | None, domain: Domain, declared: Input | None) -> str:
    """A cell in FEEL. An unknown fact is null there, and the cell accepts it by itself.

    >>> from lamplighter.policy.cells import parse_cell
    >>> violence = Domain("choice", ("none", "threat", "now"))
    >>> side = parse_cell('"threat"', "violence", violence, may_be_unknown=True,
    ...                   when_unknown="threat")
    >>> cell_text(Cell('"threat"', side), violence, None)
    '"threat", null'
    """
    if cell is None:
        return "-"
    never_unknown = declared is not None and declared.always_known
    side = cell.side
    negated = _INNER.fullmatch(cell.text.strip())
    if negated is not None and (domain.is_line is False or not side.unknown):
        refused = _without_unknown(negated[1])
        inside = [_inner_text(refused, domain)] if refused else []
        if not side.unknown and not never_unknown:
            inside.append("null")
        return f"not({', '.join(inside)})" if inside else "-"
    tests: list[str] = []
    if domain.is_line:
        tests = [interval(one, domain) for one in side.intervals]
    elif domain.kind == "choice":
        tests = [string(value) for value in domain.values if value in side.values]
    else:
        tests = [one for one in ("true", "false") if (one == "true") in side.values]
    if side.unknown:
        tests.append("null")
    return ", ".join(tests) or NOTHING


def _without_unknown(text: str) -> str:
    """The tests inside `not(…)` without the word unknown, which is written as null behind them."""
    parts = [part.strip() for part in split_tests(text)]
    return ", ".join(part for part in parts if part not in ("unknown", "null"))


def split_tests(text: str) -> list[str]:
    """The tests of a cell, between the commas outside of quotes."""
    return re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+', text)


def _inner_text(text: str, domain: Domain) -> str:
    """Tests of a policy's cell in FEEL: only strings and the mark before a value differ."""
    from lamplighter.policy.cells import parse_cell

    side = parse_cell(text, "cell", domain)
    if side is None:
        return text
    if domain.is_line:
        return ", ".join(interval(one, domain) for one in side.intervals)
    if domain.kind == "choice":
        return ", ".join(string(value) for value in domain.values if value in side.values)
    return ", ".join(one for one in ("true", "false") if (one == "true") in side.values)

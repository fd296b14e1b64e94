"""Writes a policy as one CSV sheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal

from lamplighter.policy.declarations import spoken
from lamplighter.policy.domains import Domain, Value, format_value
from lamplighter.policy.model import Input, Output, Policy, Table, Words
from lamplighter.policy.sheet.form import (
    HEADINGS,
    INPUTS,
    NOTES,
    OUTPUTS,
    POLICY,
    PROMISES,
    RULE_END,
    RULE_START,
    TABLE,
    VALUES,
)
from lamplighter.policy.sheet.guard import guarded, guarded_test
from lamplighter.policy.writer import range_text

_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,\s*')


def policy_to_csv(policy: Policy, *, separator: str = ",") -> str:
    """The policy as a sheet; `policy_from_csv` of it has the same content hash.

    All of it stands in one sheet: what is declared first, then each table with one row a rule,
    then the promises. To be opened by a spreadsheet program it is best saved with a byte order
    mark (`utf-8-sig`), as `lamplighter policy export` does.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> sheet = policy_to_csv(read_policy(shipped_policy("first_response")))
    >>> sheet.splitlines()[1]
    'policy,first response'
    """
    text = io.StringIO()
    written = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    written.writerows(_rows(policy))
    return text.getvalue()


def _rows(policy: Policy) -> Iterator[list[str]]:
    yield [f"[{POLICY}]"]
    yield ["policy", guarded(policy.name)]
    yield ["version", guarded(policy.version)]
    for name, (english, spanish) in (
        ("title", _label(policy.title, policy.name)),
        ("about", _words(policy.about)),
    ):
        yield [f"{name} (en)", english]
        yield [f"{name} (es)", spanish]
    every = tuple(name for table in policy.tables for name in table.outputs)
    yield ["outcome", "" if policy.outcome == every else ", ".join(policy.outcome)]
    yield ["note (en)", NOTES[0]]
    yield ["note (es)", NOTES[1]]
    yield []
    yield from _inputs(policy)
    yield from _outputs(policy)
    yield from _values(policy)
    for table in policy.tables:
        yield from _table(table)
    if policy.promises:
        yield from _promises(policy)


def _inputs(policy: Policy) -> Iterator[list[str]]:
    yield [f"[{INPUTS}]"]
    yield list(HEADINGS[INPUTS])
    for one in policy.inputs.values():
        yield [
            guarded(one.name),
            *_domain(one.domain),
            *_label(one.label, one.name),
            *_words(one.ask),
            *_words(one.help),
            "" if one.when_unknown is None else _value(one.when_unknown, one.domain),
            _flag(one.always_known),
            _flag(one.safety),
        ]
    yield []


def _outputs(policy: Policy) -> Iterator[list[str]]:
    yield [f"[{OUTPUTS}]"]
    yield list(HEADINGS[OUTPUTS])
    for table in policy.tables:
        for output in table.outputs.values():
            yield [
                guarded(table.name),
                guarded(output.name),
                *_domain(output.domain),
                *_label(output.label, output.name),
            ]
    yield []


def _values(policy: Policy) -> Iterator[list[str]]:
    declared: list[Input | Output] = [
        *policy.inputs.values(),
        *(o for t in policy.tables for o in t.outputs.values()),
    ]
    rows = [
        [guarded(one.name), guarded(choice.value), *_label(choice.label, choice.value)]
        for one in declared
        for choice in one.values
    ]
    if rows:
        yield [f"[{VALUES}]"]
        yield list(HEADINGS[VALUES])
        yield from rows
        yield []


def _table(table: Table) -> Iterator[list[str]]:
    yield [guarded_test(f"[{TABLE} {table.name}]")]
    english, spanish = _label(table.title, table.name)
    yield ["title (en)", english]
    yield ["title (es)", spanish]
    yield ["hit", f"{table.hit} {table.aggregate}" if table.aggregate else table.hit]
    when = [f"when {column}" for column in table.columns]
    then = [f"then {name}" for name in table.outputs]
    yield [*RULE_START, *when, *then, *RULE_END]
    for rule in table.rules:
        tests = [rule.when[c].text if c in rule.when else "-" for c in table.columns]
        yield [
            guarded(rule.id),
            *(guarded_test(_spaced(test)) for test in tests),
            *(_value(rule.then[name], one.domain) for name, one in table.outputs.items()),
            *_words(rule.because),
            guarded(rule.source),
        ]
    yield []


def _promises(policy: Policy) -> Iterator[list[str]]:
    yield [f"[{PROMISES}]"]
    yield list(HEADINGS[PROMISES])
    for promise in policy.promises:
        never = " ".join(promise.never.split())
        yield [
            guarded(promise.id),
            *_words(promise.says),
            guarded(never),
            guarded(promise.source),
        ]


def _domain(domain: Domain) -> list[str]:
    limits = "" if domain.range is None else guarded_test(range_text(domain))
    return [domain.kind, limits, _flag(domain.integer)]


def _words(words: Words | None) -> list[str]:
    return ["", ""] if words is None else [guarded(words.en), guarded(words.es)]


def _label(words: Words, name: str) -> list[str]:
    """Empty where the label follows from the name."""
    return ["", ""] if words == spoken(name) else _words(words)


def _flag(is_set: bool) -> str:
    return "yes" if is_set else ""


def _value(value: Value, domain: Domain) -> str:
    """Numbers and true are those of the spreadsheet; all else is guarded as a text."""
    shown = format_value(value)
    if domain.kind == "boolean":
        return shown
    if domain.kind == "number":
        return f"{Decimal(shown):f}" if "e" in shown else shown
    return guarded(shown)


def _spaced(test: str) -> str:
    """A space after each comma: `1,200` would be one number to a spreadsheet."""
    return _STRING_OR_COMMA.sub(lambda m: m.group(1) or ", ", test)

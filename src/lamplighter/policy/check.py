"""Checks a policy ahead of time: every call has one answer, and every rule has its calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from lamplighter.policy.compiled import Compiled, CompiledTable, compile_policy
from lamplighter.policy.domains import Fact, Value, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.search import Search

FindingKind: TypeAlias = Literal["gap", "overlap", "dead", "shadowed", "unreached", "idle"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the check found.

    A gap is a call that no rule covers; an overlap, a call about which two rules of a unique
    table disagree; a dead rule matches no call; a shadowed one is always beaten by earlier
    rules; an unreached output is one that no call gets. An idle input can never change the
    outcome: worth knowing, but not a failure.
    """

    kind: FindingKind
    message: str
    table: str | None = None
    rules: tuple[str, ...] = ()
    line: int | None = None
    call: Mapping[str, Fact] | None = None

    @property
    def fails(self) -> bool:
        return self.kind != "idle"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        call = self.call
        return {
            "kind": self.kind,
            "fails": self.fails,
            "message": self.message,
            "table": self.table,
            "rules": list(self.rules),
            "line": self.line,
            "call": None if call is None else {n: _plain(fact) for n, fact in call.items()},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about a policy, in the order of its tables."""

    policy: Policy
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not any(finding.fails for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        policy = self.policy
        return {
            "policy": policy.name,
            "version": policy.version,
            "content_hash": policy.content_hash,
            "passed": self.passed,
            "findings": [finding.to_dict() for finding in self.findings],
            "promises": [
                {"id": promise.id, "says": promise.says.en, "status": "stated, not yet proved"}
                for promise in policy.promises
            ],
        }


def check(policy: Policy) -> Report:
    """Check a policy exactly, over all calls, unknown facts included."""
    compiled = compile_policy(policy)
    search = Search(compiled)
    findings: list[Finding] = []
    for place, table in enumerate(compiled.tables):
        findings += _gaps(search, place, table)
        if table.unique or table.any:
            findings += _overlaps(search, place, table)
        lost = list(_lost_rules(search, place, table))
        findings += lost
        findings += _unreached(table, {rule for finding in lost for rule in finding.rules[:1]})
    findings += _idle(policy, compiled)
    return Report(policy, tuple(findings))


def _gaps(search: Search, place: int, table: CompiledTable) -> Iterator[Finding]:
    if table.answers.of(0) is not None:  # nothing that matches is an answer too
        return
    call = search.call(place, 0, table.full)
    if call is not None:
        message = (
            f"table {table.table.name} has no rule for a call with {_told(call)}; "
            "add a rule that covers it"
        )
        yield Finding("gap", message, table.table.name, (), table.table.line, call)


def _overlaps(search: Search, place: int, table: CompiledTable) -> Iterator[Finding]:
    rules = table.table.rules
    for second in range(len(rules)):
        for first in range(second):
            if table.any and table.class_of_rule[first] == table.class_of_rule[second]:
                continue
            call = search.call(place, 1 << first | 1 << second, 0)
            if call is None:
                continue
            pair = (rules[first].id, rules[second].id)
            message = (
                f"table {table.table.name} is {table.table.hit}, but its rules {pair[0]} and "
                f"{pair[1]} {'both match' if table.unique else 'disagree about'} a call with "
                f"{_told(call)}; narrow one of them"
            )
            yield Finding("overlap", message, table.table.name, pair, rules[second].line, call)


def _lost_rules(search: Search, place: int, table: CompiledTable) -> Iterator[Finding]:
    name = table.table.name
    for number, rule in enumerate(table.table.rules):
        this = 1 << number
        earlier = this - 1 if table.takes_first else 0
        if search.call(place, this, earlier) is not None:
            continue
        if search.call(place, this, 0) is None:
            message = f"rule {rule.id} of table {name} matches no call; mend or remove it"
            yield Finding("dead", message, name, (rule.id,), rule.line)
            continue
        guilty = _shadowing(search, place, this, earlier)
        others = [other.id for n, other in enumerate(table.table.rules) if guilty >> n & 1]
        message = (
            f"rule {rule.id} of table {name} is never reached, because "
            f"{' and '.join(others)} above it {'takes' if len(others) == 1 else 'take'} "
            "all its calls; move, mend or remove it"
        )
        yield Finding("shadowed", message, name, (rule.id, *others), rule.line)


def _shadowing(search: Search, place: int, this: int, earlier: int) -> int:
    """As few of the earlier rules as take all calls of this one (none can be left out)."""
    guilty = earlier
    for number in range(earlier.bit_length()):
        without = guilty & ~(1 << number)
        if search.call(place, this, without) is None:
            guilty = without
    return guilty


def _unreached(table: CompiledTable, lost: set[str]) -> Iterator[Finding]:
    reached: dict[str, set[Value]] = {name: set() for name in table.table.outputs}
    for rule in table.table.rules:
        if rule.id not in lost:
            for name, value in rule.then.items():
                reached[name].add(value)
    for name, output in table.table.outputs.items():
        values: tuple[Value, ...] = output.domain.values
        if output.type == "boolean":
            values = (True, False)
        for value in values:
            if value not in reached[name]:
                message = (
                    f"no call gets {name} {format_value(value)} from table {table.table.name}; "
                    "add a rule that gives it or remove the value"
                )
                yield Finding("unreached", message, table.table.name, (), table.table.line)


def _idle(policy: Policy, compiled: Compiled) -> Iterator[Finding]:
    for axis in compiled.axes:
        if len(axis.examples) == 1:
            message = f"no rule looks at the input {axis.name}; remove it or use it"
            yield Finding("idle", message)


def _told(call: Mapping[str, Fact]) -> str:
    return ", ".join(f"{name}={format_value(fact)}" for name, fact in call.items()) or "any facts"


def _plain(fact: Fact) -> Value:
    return fact if isinstance(fact, str | bool | int | float) else "unknown"

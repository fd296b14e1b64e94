"""What a check found about a policy: findings about its tables, and what became of its promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from lamplighter.policy.domains import UNKNOWN, Fact, Result, format_value
from lamplighter.policy.model import Policy, Promise
from lamplighter.policy.sentences import Said

FindingKind: TypeAlias = Literal["gap", "overlap", "dead", "shadowed", "unreached", "empty", "idle"]
PromiseStatus: TypeAlias = Literal["proved", "refuted", "contradictory"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the check found.

    A gap is a call that no rule covers; an overlap, a call for which two rules match that the
    hit policy forbids to match together; a dead rule matches no call; a shadowed one is always
    beaten by other rules; an unreached output is one that no call gets; an empty promise is one
    that nothing could break. An idle input can never
    change the outcome: worth knowing, but not a failure. `said` has it in both languages.
    """

    kind: FindingKind
    said: Said = field(repr=False)
    table: str | None = None
    rules: tuple[str, ...] = ()
    line: int | None = None
    call: Mapping[str, Fact] | None = None

    @property
    def message(self) -> str:
        return str(self.said)

    @property
    def fails(self) -> bool:
        return self.kind != "idle"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "kind": self.kind,
            "fails": self.fails,
            "message": self.message,
            "table": self.table,
            "rules": list(self.rules),
            "line": self.line,
            "call": None if self.call is None else _plain(self.call),
        }


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """What became of a promise.

    It is proved (it holds for every call), refuted (`call` breaks it), or contradictory: no
    tables could keep it together with the promises in `against` (alone, where there are none),
    whatever they answer to `call`. `actual` has the true facts behind what was unknown, where
    the promise speaks of them; `rules` are those that hit, and `outputs` what they decide;
    `asked` says of each input of which the promise says so, whether it must be asked about.
    """

    promise: Promise
    status: PromiseStatus
    message: str
    call: Mapping[str, Fact] | None = None
    actual: Mapping[str, Fact] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    outputs: Mapping[str, Result] = field(default_factory=dict)
    asked: Mapping[str, bool] = field(default_factory=dict)
    against: tuple[str, ...] = ()

    @property
    def fails(self) -> bool:
        return self.status != "proved"

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "id": self.promise.id,
            "says": self.promise.says.en,
            "status": self.status,
            "message": self.message,
            "line": self.promise.line,
            "call": None if self.call is None else _plain(self.call),
            "actual": _plain(self.actual),
            "rules": list(self.rules),
            "outputs": _plain(self.outputs),
            "asked": dict(self.asked),
            "against": list(self.against),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about a policy, in the order of its tables, and all of its promises."""

    policy: Policy
    findings: tuple[Finding, ...]
    promises: tuple[PromiseResult, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing fails: every call has one answer, and every promise is proved."""
        failing = any(finding.fails for finding in self.findings)
        return not failing and not any(result.fails for result in self.promises)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "policy": self.policy.name,
            "version": self.policy.version,
            "content_hash": self.policy.content_hash,
            "passed": self.passed,
            "findings": [finding.to_dict() for finding in self.findings],
            "promises": [promise.to_dict() for promise in self.promises],
        }


def known_facts(call: Mapping[str, Fact]) -> str:
    """The known facts of a call as the command line takes them, such as `weapon=true hour=13`."""
    return " ".join(
        f"{name}={format_value(fact)}" for name, fact in call.items() if fact is not UNKNOWN
    )


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(fact) for name, fact in facts.items()}


def _plain_value(fact: Any) -> Any:
    if isinstance(fact, tuple):
        return [_plain_value(part) for part in fact]
    return fact if isinstance(fact, str | bool | int | float) else str(fact)

"""What the engine answers: a decision with its reasons, or what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lamplighter.policy.domains import UNKNOWN, Fact, Result, Value
from lamplighter.policy.model import Words


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that decided a table, and why. A table that gathers or adds up may have several."""

    table: str
    rule: str
    outputs: Mapping[str, Value]
    because: Words
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer that no open question can change.

    `used` names the inputs that the rules hit looked at; `unknown` those of them that nobody
    knew. Together with the policy's hash this is enough to explain it years later.
    """

    outcome: Mapping[str, Result]
    hits: tuple[Hit, ...]
    facts: Mapping[str, Fact]
    used: tuple[str, ...]
    unknown: tuple[str, ...]
    policy: str
    version: str
    content_hash: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; `from_dict` reads them back."""
        return {
            "outcome": _plain(self.outcome),
            "hits": [
                {
                    "table": hit.table,
                    "rule": hit.rule,
                    "outputs": dict(hit.outputs),
                    "because": {"en": hit.because.en, "es": hit.because.es},
                    "source": hit.source,
                }
                for hit in self.hits
            ],
            "facts": {
                name: "unknown" if fact is UNKNOWN else fact for name, fact in self.facts.items()
            },
            "used": list(self.used),
            "unknown": list(self.unknown),
            "policy": self.policy,
            "version": self.version,
            "content_hash": self.content_hash,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Decision:
        """The decision that `to_dict` wrote."""
        return cls(
            outcome=MappingProxyType(
                {
                    name: tuple(value) if isinstance(value, list) else value
                    for name, value in stored["outcome"].items()
                }
            ),
            hits=tuple(
                Hit(
                    table=hit["table"],
                    rule=hit["rule"],
                    outputs=MappingProxyType(dict(hit["outputs"])),
                    because=Words(hit["because"]["en"], hit["because"]["es"]),
                    source=hit["source"],
                )
                for hit in stored["hits"]
            ),
            # No declared value may be called "unknown", so the word can only mean UNKNOWN.
            facts=MappingProxyType(
                {
                    name: UNKNOWN if fact == "unknown" else fact
                    for name, fact in stored["facts"].items()
                }
            ),
            used=tuple(stored["used"]),
            unknown=tuple(stored["unknown"]),
            policy=stored["policy"],
            version=stored["version"],
            content_hash=stored["content_hash"],
        )


@dataclass(frozen=True, slots=True)
class Open:
    """Questions remain that can change the outcome.

    `possible` has exactly the outcomes that some answers still lead to. `can_matter` has, in
    the policy's order, the inputs whose answer can still change the outcome, and those that
    must be known and are not yet. `ask` is the first of them that has a question; where none
    has one, the first. Of a policy that is too large to follow every answer, `can_matter` has all
    inputs that some rule still looks at, and where `exact` is false `possible` may have outcomes
    that cannot come of any answers, or lack some.
    """

    possible: tuple[Mapping[str, Result], ...]
    ask: str
    can_matter: tuple[str, ...]
    policy: str
    version: str
    content_hash: str
    exact: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "possible": [_plain(outcome) for outcome in self.possible],
            "ask": self.ask,
            "can_matter": list(self.can_matter),
            "exact": self.exact,
            "policy": self.policy,
            "version": self.version,
            "content_hash": self.content_hash,
        }


def _plain(outcome: Mapping[str, Result]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in outcome.items()
    }

"""What a comparison of two policies found: what moves, what was changed, what is promised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lamplighter.policy.domains import Fact, Result, format_value
from lamplighter.policy.replay.changes import Change, PromiseChange
from lamplighter.policy.replay.result import plain, plain_outcome


@dataclass(frozen=True, slots=True)
class Example:
    """A call of the history that moves: its id, what the history tells of it, and what else must
    be the case for it to move in this way (nothing, where it does so for certain)."""

    id: str
    facts: Mapping[str, Fact]
    if_also: Mapping[str, Fact]

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "facts": _facts(self.facts), "if_also": _facts(self.if_also)}


def _facts(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {
        name: fact if isinstance(fact, bool | str | int | float) else format_value(fact)
        for name, fact in facts.items()
    }


@dataclass(frozen=True, slots=True)
class Flow:
    """Calls that one value of the main output leaves for another.

    `at_least` calls move so whatever is not told, `at_most` may.
    """

    before: Result
    after: Result
    at_least: int
    at_most: int
    examples: tuple[Example, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "before": plain(self.before),
            "after": plain(self.after),
            "at_least": self.at_least,
            "at_most": self.at_most,
            "examples": [one.to_dict() for one in self.examples],
        }


@dataclass(frozen=True, slots=True)
class OutcomeFlow:
    """As `Flow`, of whole outcomes."""

    before: Mapping[str, Result]
    after: Mapping[str, Result]
    at_least: int
    at_most: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "before": plain_outcome(self.before),
            "after": plain_outcome(self.after),
            "at_least": self.at_least,
            "at_most": self.at_most,
        }


@dataclass(frozen=True, slots=True)
class SetMove:
    """Calls that had one set of possible values of the main output, and now have another.

    The sets may be equal and calls still move within them.
    """

    before: tuple[Result, ...]
    after: tuple[Result, ...]
    calls: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "before": [plain(value) for value in self.before],
            "after": [plain(value) for value in self.after],
            "calls": self.calls,
        }


@dataclass(frozen=True, slots=True)
class MovedGroup:
    """Calls with the same nature, hour, weekday or area, and how many of them move.

    `moves` do so for certain, `may_move` depend on what is not told.
    """

    label: str | None
    calls: int
    moves: int
    may_move: int
    flows: tuple[Flow, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "calls": self.calls,
            "moves": self.moves,
            "may_move": self.may_move,
            "flows": [one.to_dict() for one in self.flows],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two policies over the calls of one history.

    Of the `calls`, `moves` get another value of the main output for certain, `may_move` do for
    some answers to what is not told, and `stay` never do; `outcome_moves` and `outcome_may_move`
    count the same of whole outcomes. `not_decided` are calls for which one of the policies may
    have no answer at all: they are in none of the other counts. `unsure` ones can
    end in more ways than could be followed: that they may move is not certain. `flows` are the
    largest first. `changes` is the difference of the files, `promises` what becomes of each
    promise.
    """

    old: Mapping[str, str]
    new: Mapping[str, str]
    history: str
    city: str
    main_output: str
    calls: int
    stay: int
    moves: int
    may_move: int
    outcome_moves: int
    outcome_may_move: int
    not_decided: int
    unsure: int
    left_out: Mapping[str, int]
    not_understood: Mapping[str, Mapping[str, int]]
    flows: tuple[Flow, ...]
    outcome_flows: tuple[OutcomeFlow, ...]
    set_moves: tuple[SetMove, ...]
    by: Mapping[str, tuple[MovedGroup, ...]]
    changes: tuple[Change, ...]
    promises: tuple[PromiseChange, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "old": dict(self.old),
            "new": dict(self.new),
            "history": self.history,
            "city": self.city,
            "main_output": self.main_output,
            "calls": self.calls,
            "stay": self.stay,
            "moves": self.moves,
            "may_move": self.may_move,
            "outcome_moves": self.outcome_moves,
            "outcome_may_move": self.outcome_may_move,
            "not_decided": self.not_decided,
            "unsure": self.unsure,
            "left_out": dict(self.left_out),
            "not_understood": {n: dict(words) for n, words in self.not_understood.items()},
            "flows": [one.to_dict() for one in self.flows],
            "outcome_flows": [one.to_dict() for one in self.outcome_flows],
            "set_moves": [one.to_dict() for one in self.set_moves],
            "by": {name: [one.to_dict() for one in groups] for name, groups in self.by.items()},
            "changes": [one.to_dict() for one in self.changes],
            "promises": [one.to_dict() for one in self.promises],
        }

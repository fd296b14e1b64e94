"""What a replay found: bounds on what a policy would do with the calls of a history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lamplighter.policy.domains import Result


class ReplayError(ValueError):
    """A replay or a comparison that cannot be made; one sentence."""


def plain(value: Result) -> Any:
    """A value for JSON; what a table gathers becomes a list."""
    return list(value) if isinstance(value, tuple) else value


def plain_outcome(outcome: Mapping[str, Result]) -> dict[str, Any]:
    """An outcome for JSON."""
    return {name: plain(value) for name, value in outcome.items()}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many calls get one value of an output: so many for certain, so many at the most."""

    value: Result
    at_least: int
    at_most: int

    def to_dict(self) -> dict[str, Any]:
        return {"value": plain(self.value), "at_least": self.at_least, "at_most": self.at_most}


@dataclass(frozen=True, slots=True)
class OutputBounds:
    """The bounds of every value of one output that some call can get, in the policy's order."""

    output: str
    bounds: tuple[Bounds, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"output": self.output, "bounds": [one.to_dict() for one in self.bounds]}


@dataclass(frozen=True, slots=True)
class CallGroup:
    """Calls with the same nature, hour, weekday or area (None: the history does not say).

    `bounds` are of the main output.
    """

    label: str | None
    calls: int
    decided: int
    bounds: tuple[Bounds, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "calls": self.calls,
            "decided": self.decided,
            "bounds": [one.to_dict() for one in self.bounds],
        }


@dataclass(frozen=True, slots=True)
class PossibleSet:
    """Calls that share one set of outcomes; a failure is an empty outcome.

    Where the set is not `exact`, its calls can end in more ways than could be followed (see
    `Replay.unsure`); where `more` are possible, not all that may be are listed.
    """

    outcomes: tuple[Mapping[str, Result], ...]
    calls: int
    exact: bool = True
    more: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "outcomes": [plain_outcome(o) for o in self.outcomes],
            "calls": self.calls,
            "exact": self.exact,
            "more": self.more,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What an answer to a question that the history leaves open would be worth.

    `calls` are those in which it was not asked and can change the outcome. The gap of a call is
    the number of values of the main output that it may get, when that is more than one, else 0;
    summed over all calls this is the sum of `at_most - at_least` over the values. `closes` is the
    share of that sum which goes away once the question is answered, and `settles` the number of
    calls whose gap becomes 0: both as the mean over the declared answers, each as likely as the
    others, unknown not among them (of a number: over the stretches that the policy tells apart).
    """

    input: str
    calls: int
    closes: float
    settles: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "input": self.input,
            "calls": self.calls,
            "closes": round(self.closes, 6),
            "settles": round(self.settles, 3),
        }


@dataclass(frozen=True, slots=True)
class Questions:
    """Each open question alone, the most useful first; and few that do the most together.

    In `together` each question is the one that closes most of the gap once those before it are
    answered; its `closes` and `settles` are what all of them up to it do. `examined` is the share
    of the open calls that were looked at: less than 1 only in a history of very many
    combinations, of which the most frequent are taken.
    """

    gap: int
    alone: tuple[Question, ...]
    together: tuple[Question, ...]
    examined: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "gap": self.gap,
            "alone": [one.to_dict() for one in self.alone],
            "together": [one.to_dict() for one in self.together],
            "examined": round(self.examined, 6),
        }


@dataclass(frozen=True, slots=True)
class RuleCount:
    """In how many calls a rule hits when nothing more than the history tells is known."""

    table: str
    rule: str
    calls: int

    def to_dict(self) -> dict[str, Any]:
        return {"table": self.table, "rule": self.rule, "calls": self.calls}


@dataclass(frozen=True, slots=True)
class Replay:
    """A policy over the calls of a history.

    Of the `calls`, `decided` have one outcome whatever the answers to open questions, `opened`
    have several, and `failed` have none (a gap or a contradiction of the policy); `may_fail` of
    the open ones have one for some answers. `unsure` of the open ones can end in more ways
    than could be followed: their bounds hold, and may be narrower in truth. `left_out` were
    started by officers or others whom the mapping leaves out: they are no requests for help.
    `not_understood` has, for each input,
    words of the history that are no value of it. `inputs` are those that the history tells in
    some calls. The `main_output` stands first among `outputs`: who responds, where the policy
    has an output `responder`, else the first of the outcome. `by` has for each dimension its
    groups, the largest first (hours and weekdays in their order). `sets` are told as they are
    read, the most frequent first.
    """

    policy: str
    version: str
    content_hash: str
    history: str
    city: str
    engine: str
    calls: int
    decided: int
    opened: int
    failed: int
    may_fail: int
    unsure: int
    left_out: Mapping[str, int]
    not_understood: Mapping[str, Mapping[str, int]]
    inputs: tuple[str, ...]
    main_output: str
    outputs: tuple[OutputBounds, ...]
    by: Mapping[str, tuple[CallGroup, ...]]
    sets: Sequence[PossibleSet]
    rules: tuple[RuleCount, ...]
    questions: Questions
    output: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "policy": self.policy,
            "version": self.version,
            "content_hash": self.content_hash,
            "history": self.history,
            "city": self.city,
            "engine": self.engine,
            "calls": self.calls,
            "decided": self.decided,
            "open": self.opened,
            "failed": self.failed,
            "may_fail": self.may_fail,
            "unsure": self.unsure,
            "left_out": dict(self.left_out),
            "not_understood": {n: dict(words) for n, words in self.not_understood.items()},
            "inputs": list(self.inputs),
            "main_output": self.main_output,
            "outputs": [one.to_dict() for one in self.outputs],
            "by": {name: [one.to_dict() for one in groups] for name, groups in self.by.items()},
            "sets": [one.to_dict() for one in self.sets],
            "rules": [one.to_dict() for one in self.rules],
            "questions": self.questions.to_dict(),
            "output": self.output,
        }

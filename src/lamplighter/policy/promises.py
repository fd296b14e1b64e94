"""What a promise says must never happen, and whether it happens in a given call.

A plain name means what was known when the decision was made: a value, or unknown. `actual(x)`
is the true fact behind it: the known value, or where x is unknown any value of its domain.
`asked(x)` is true where the questions cannot be over without asking about x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from lamplighter.policy.decision import Decision
from lamplighter.policy.domains import UNKNOWN, Domain, Fact, Result, Side, Unknown
from lamplighter.policy.engine import decide
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.model import Policy, Promise


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of an input, or what was decided for an output, lies in `side`."""

    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Actual:
    """The true fact behind an input lies in `side`."""

    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions cannot be over without asking about this input."""

    name: str


@dataclass(frozen=True, slots=True)
class Contains:
    """The list that a table gathered for an output holds something in `side`."""

    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts holds."""

    parts: tuple[Condition, ...]


Atom: TypeAlias = Known | Actual | Asked | Contains
Condition: TypeAlias = Atom | Not | AllOf | AnyOf


def atoms(condition: Condition) -> Iterator[Atom]:
    """The tests that a condition is made of, from left to right."""
    match condition:
        case Not(part):
            yield from atoms(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case _:
            yield condition


def holds(condition: Condition, truth: Callable[[Atom], bool]) -> bool:
    """Whether a condition holds, given which of its tests do.

    >>> from lamplighter.policy.domains import Side
    >>> armed = Known("weapon", Side(frozenset({True})))
    >>> holds(AllOf((armed, Not(Asked("weapon")))), lambda atom: atom == armed)
    True
    """
    match condition:
        case Not(part):
            return not holds(part, truth)
        case AllOf(parts):
            return all(holds(part, truth) for part in parts)
        case AnyOf(parts):
            return any(holds(part, truth) for part in parts)
        case _:
            return truth(condition)


def broken_by(
    policy: Policy,
    promise: Promise,
    facts: Mapping[str, Fact],
    actual: Mapping[str, Fact] | None = None,
) -> bool:
    """Whether a call breaks a promise of the policy, its questions being over.

    Inputs that `facts` leaves out count as unknown. `actual` has the true facts behind those
    that are unknown, as far as the promise speaks of them; it must not contradict what is known.
    Raises `ValueError` where a true fact that is needed is missing or contradicts, and what
    `decide` raises.
    """
    complete = {name: facts.get(name, UNKNOWN) for name in policy.inputs}
    decision = decide(policy, facts, final=True)
    assert isinstance(decision, Decision)
    outputs = outputs_of(policy, decision)
    condition = condition_of(policy, promise)

    def truth(atom: Atom) -> bool:
        match atom:
            case Known(name, side) if name in complete:
                return lies_in(complete[name], side, policy.inputs[name].domain)
            case Known(name, side):
                value = outputs[name]
                assert not isinstance(value, tuple), "the reader sees to it"
                return lies_in(value, side, policy.output(name).domain)
            case Actual(name, side):
                true = _true_fact(name, complete[name], actual or {})
                return lies_in(true, side, policy.inputs[name].domain)
            case Asked(name):
                return was_asked(policy, complete, name)
            case Contains(name, side):
                values = outputs[name]
                assert isinstance(values, tuple), "the reader sees to it"
                domain = policy.output(name).domain
                return any(lies_in(value, side, domain) for value in values)

    return holds(condition, truth)


def lies_in(fact: Fact, side: Side, domain: Domain) -> bool:
    """Whether a value of a domain, or unknown, is one of those in `side`."""
    return side.unknown if isinstance(fact, Unknown) else domain.accepts(side, fact)


def outputs_of(policy: Policy, decision: Decision) -> dict[str, Result]:
    """All outputs of a decision, also those that are only steps on the way to the outcome."""
    outputs: dict[str, Result] = {}
    for table in policy.engine.compiled.tables:
        rules = {hit.rule for hit in decision.hits if hit.table == table.table.name}
        counted = sum((rule.id in rules) << n for n, rule in enumerate(table.table.rules))
        answer = table.answers.of(counted)
        assert answer is not None, "a decision has an answer of every table"
        outputs |= table.answers[answer]
    return outputs


def _true_fact(name: str, known: Fact, actual: Mapping[str, Fact]) -> Fact:
    if known is UNKNOWN:
        if actual.get(name, UNKNOWN) is UNKNOWN:
            raise ValueError(f"the true fact behind {name} is needed; give it in actual")
        return actual[name]
    if actual.get(name, known) != known:
        raise ValueError(f"{name} is known, and its true fact is another; give the same value")
    return known


def was_asked(policy: Policy, facts: Mapping[str, Fact], name: str) -> bool:
    """Whether the questions of this call cannot be over without asking about `name`.

    They can exactly where no answer, unknown included, would have changed the outcome, the
    other facts being what they are: the engine settles early exactly when nothing that is
    still absent can change the outcome. Without an input that must be known there is no
    decision, so it is always asked.
    """
    if policy.inputs[name].always_known:
        return True
    axis = next(axis for axis in policy.engine.compiled.axes if axis.name == name)
    outcomes: set[tuple[object, ...] | None] = set()
    for answer in axis.examples:
        try:
            decision = decide(policy, {**facts, name: answer}, final=True)
        except DecisionError:
            outcomes.add(None)
        else:
            assert isinstance(decision, Decision)
            outcomes.add(tuple(decision.outcome.values()))
    return len(outcomes) > 1


@lru_cache(maxsize=1024)
def condition_of(policy: Policy, promise: Promise) -> Condition:
    """The `never` of a promise of this policy as a condition."""
    from lamplighter.policy.never import Scope, parse_never

    return parse_never(promise.never, Scope.of(policy))

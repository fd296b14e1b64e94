"""How many questions a policy asks: the mean and the worst, against other ways of asking."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from lamplighter.policy.ask.planner import Plan, planner
from lamplighter.policy.ask.rates import EVEN, Rates, class_shares
from lamplighter.policy.ask.states import State
from lamplighter.policy.domains import Fact, format_value
from lamplighter.policy.engine import Engine
from lamplighter.policy.model import Policy

_Choose: TypeAlias = Callable[[State], int]
# Beyond this many states an interview is not followed to all its ends but drawn.
_STATES = 50_000
_DRAWN = 300


@dataclass(frozen=True, slots=True)
class Questions:
    """How many questions one way of asking takes: in the mean, and at most."""

    mean: float
    worst: int


@dataclass(frozen=True, slots=True)
class GroundQuestions:
    """The questions of the calls of one ground, such as one nature, and its share of calls.

    `planned` asks as `next_question` does, `in_order` asks in the policy's order only what can
    still matter. `exact_plan` says whether the plan is known to take the fewest questions.
    """

    value: Fact | None
    share: float
    planned: Questions
    in_order: Questions
    exact_plan: bool


@dataclass(frozen=True, slots=True)
class AskedOften:
    """In what share of calls an input is asked, planned and in the policy's order."""

    name: str
    planned: float
    in_order: float


@dataclass(frozen=True, slots=True)
class QuestionsReport:
    """The questions of a policy under given rates, once the ground (such as the nature) is known.

    `all` is how many there would be if every input were asked. `counted` says whether all
    interviews were followed to their ends; where not, they were drawn at random, and the worst
    is only the worst that was drawn.
    """

    policy: Policy
    ground: str | None
    rates: str
    all: int
    planned: Questions
    in_order: Questions
    by_ground: tuple[GroundQuestions, ...]
    asked: tuple[AskedOften, ...]
    counted: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "policy": self.policy.name,
            "version": self.policy.version,
            "content_hash": self.policy.content_hash,
            "ground": self.ground,
            "rates": self.rates,
            "all": self.all,
            **_both(self.planned, self.in_order),
            "counted": self.counted,
            "by_ground": [
                {
                    "value": None if one.value is None else format_value(one.value),
                    "share": round(one.share, 6),
                    **_both(one.planned, one.in_order),
                    "exact_plan": one.exact_plan,
                }
                for one in self.by_ground
            ],
            "asked": [
                {
                    "input": one.name,
                    "planned": round(one.planned, 4),
                    "in_order": round(one.in_order, 4),
                }
                for one in self.asked
            ],
        }


def _both(planned: Questions, in_order: Questions) -> dict[str, Any]:
    return {
        name: {"mean": round(found.mean, 4), "worst": found.worst}
        for name, found in (("planned", planned), ("in_order", in_order))
    }


@dataclass(frozen=True, slots=True)
class _Found:
    """How often each input is asked, and the most questions."""

    asked: tuple[float, ...]
    worst: int
    counted: bool = True

    @property
    def questions(self) -> Questions:
        return Questions(math.fsum(self.asked), self.worst)


def questions_report(
    policy: Policy, rates: Rates | None = None, *, random: Random | None = None
) -> QuestionsReport:
    """Count the questions of a policy under `rates`, even ones where none are given.

    All interviews are followed to their ends, so the figures are exact for these rates. Where
    there are too many, they are drawn by `random`; without it they are the same ones each time.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> from lamplighter.policy.ask import shipped_rates
    >>> policy = read_policy(shipped_policy("first_response"))
    >>> report = questions_report(policy, shipped_rates())
    >>> report.planned.mean < report.in_order.mean < report.all
    True
    """
    rates = rates or EVEN
    random = random or Random(1)  # noqa: S311
    asking = planner(policy, rates)
    grounds = _grounds(policy.engine, asking.ground, rates)
    by_ground: list[GroundQuestions] = []
    size = len(policy.inputs)
    planned_sum, order_sum = [0.0] * size, [0.0] * size
    counted = True
    for value, share in grounds:
        facts = {} if asking.ground is None or value is None else {asking.ground: value}
        plan = asking.plan(facts)
        start = asking.state(facts)
        planned = _follow(plan, start, plan.choose, random)
        in_order = _follow(plan, start, _first(plan), random)
        counted = counted and planned.counted and in_order.counted
        by_ground.append(
            GroundQuestions(value, share, planned.questions, in_order.questions, plan.exact)
        )
        for place in range(size):
            planned_sum[place] += share * planned.asked[place]
            order_sum[place] += share * in_order.asked[place]
    by_ground.sort(key=lambda one: (-one.planned.mean, -one.planned.worst))
    asked = [
        AskedOften(name, planned_sum[place], order_sum[place])
        for place, (name, declared) in enumerate(policy.inputs.items())
        if (name != asking.ground and declared.ask is not None) or planned_sum[place]
    ]
    asked.sort(key=lambda one: -one.planned)
    return QuestionsReport(
        policy,
        asking.ground,
        rates.source,
        sum(name != asking.ground for name in policy.inputs),
        Questions(math.fsum(planned_sum), max(one.planned.worst for one in by_ground)),
        Questions(math.fsum(order_sum), max(one.in_order.worst for one in by_ground)),
        tuple(by_ground),
        tuple(asked),
        counted,
    )


def _grounds(engine: Engine, ground: str | None, rates: Rates) -> list[tuple[Fact | None, float]]:
    """The values of the ground and how often each occurs."""
    if ground is None:
        return [(None, 1.0)]
    axis = next(axis for axis in engine.compiled.axes if axis.name == ground)
    declared = axis.declared
    if declared.domain.kind not in ("choice", "boolean"):
        found = class_shares(axis, rates.shares(None, ground))
        return list(zip(axis.examples, found, strict=True))
    values: list[Fact] = list(axis.codes)
    shares = rates.shares(None, ground) or dict.fromkeys(values, 1.0)
    total = math.fsum(shares.get(value, 0.0) for value in values)
    if not total:
        return [(value, 1 / len(values)) for value in values]
    return [(value, shares.get(value, 0.0) / total) for value in values]


def _first(plan: Plan) -> _Choose:
    """The policy's own order: the first that can still matter, those with a question first."""
    asked = plan.states.asked

    def choose(state: State) -> int:
        may = state.open & asked or state.open
        return (may & -may).bit_length() - 1

    return choose


def _follow(plan: Plan, start: State, choose: _Choose, random: Random) -> _Found:
    """All interviews from a start, each as often as it occurs; drawn ones where they are many."""
    size = len(plan.shares)
    nothing = _Found((0.0,) * size, 0)
    seen: dict[tuple[int, int], _Found] = {}

    def follow(state: State) -> _Found | None:
        if not state.open:
            return nothing
        key = (id(state.node), state.missing)
        if key in seen:
            return seen[key]
        if len(seen) >= _STATES:
            return None
        position = choose(state)
        asked = [0.0] * size
        asked[position] = 1.0
        worst = 0
        for code, share in enumerate(plan.shares[position]):
            after = follow(plan.states.after(state, position, code))
            if after is None:
                return None
            worst = max(worst, after.worst)
            for place, often in enumerate(after.asked):
                if often:
                    asked[place] += share * often
        seen[key] = _Found(tuple(asked), worst + 1)
        return seen[key]

    return follow(start) or _draw(plan, start, choose, random)


def _draw(plan: Plan, start: State, choose: _Choose, random: Random) -> _Found:
    asked = [0.0] * len(plan.shares)
    worst = 0
    for _ in range(_DRAWN):
        state, questions = start, 0
        while state.open:
            position = choose(state)
            shares = plan.shares[position]
            (code,) = random.choices(range(len(shares)), shares)
            state = plan.states.after(state, position, code)
            asked[position] += 1 / _DRAWN
            questions += 1
        worst = max(worst, questions)
    return _Found(tuple(asked), worst, counted=False)

"""How many questions a policy asks: the mean and the worst, against other ways of asking."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import stdev
from typing import Any, TypeAlias

from lamplighter.policy.ask.planner import Plan, Planner
from lamplighter.policy.ask.rates import EVEN, Rates, class_shares
from lamplighter.policy.ask.states import State
from lamplighter.policy.decision import Decision, Open
from lamplighter.policy.domains import Fact, format_value
from lamplighter.policy.engine import Engine
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.model import Policy

_Choose: TypeAlias = Callable[[State], int]
_ChooseByFacts: TypeAlias = Callable[[Mapping[str, Fact], int], int]
# Beyond this many states an interview is not followed to all its ends but drawn.
_STATES = 50_000
_DRAWN = 300
# Where there is no diagram to follow: so many calls are drawn, of all such grounds together.
_CALLS_DRAWN = 200
# Of a normal distribution, 95 % lies within so many deviations of the mean.
_SURE = 1.96


@dataclass(frozen=True, slots=True)
class Questions:
    """How many questions one way of asking takes: in the mean, and at most.

    Where interviews were drawn, the true mean is within `margin` of this one, 95 times of 100;
    of the calls of one ground in a sample of whole calls no margin is told.
    """

    mean: float
    worst: int
    margin: float = 0.0


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
    is only the worst that was drawn. Of grounds too large for a diagram whole calls are drawn,
    `drawn` of them, and of such a ground that none of them had nothing is told.
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
    drawn: int = 0

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
            **({"drawn": self.drawn} if self.drawn else {}),
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
        name: {
            "mean": round(found.mean, 4),
            "worst": found.worst,
            **({"margin": round(found.margin, 4)} if found.margin else {}),
        }
        for name, found in (("planned", planned), ("in_order", in_order))
    }


@dataclass(frozen=True, slots=True)
class _Found:
    """How often each input is asked, and the most questions."""

    asked: tuple[float, ...]
    worst: int
    counted: bool = True
    margin: float = 0.0

    @property
    def questions(self) -> Questions:
        return Questions(math.fsum(self.asked), self.worst, self.margin)


def questions_report(
    policy: Policy, rates: Rates | None = None, *, random: Random | None = None
) -> QuestionsReport:
    """Count the questions of a policy under `rates`, even ones where none are given.

    All interviews are followed to their ends, so the figures are exact for these rates. Where
    there are too many, they are drawn by `random`; without it they are the same ones each time.
    Where the policy is too large to be followed at all, calls are drawn and asked.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> from lamplighter.policy.ask import shipped_rates
    >>> policy = read_policy(shipped_policy("first_response"))
    >>> report = questions_report(policy, shipped_rates())
    >>> report.planned.mean < report.in_order.mean < report.all
    True
    """
    rates = rates or EVEN
    random = random or Random(1)  # noqa: S311
    asking = Planner(policy, rates)
    tally = _Tally([0.0] * len(policy.inputs), [0.0] * len(policy.inputs), [])
    counted, too_large = True, []
    for value, share in _grounds(policy.engine, asking.ground, rates):
        facts = {} if asking.ground is None or value is None else {asking.ground: value}
        if not asking.fits(facts):
            # What never occurs cannot be drawn, and changes no mean.
            too_large += [(value, share)] if share else []
            continue
        plan = asking.plan(facts)
        start = asking.state(facts)
        planned = _follow(plan, start, plan.choose, random)
        in_order = _follow(plan, start, _first(plan), random)
        counted = counted and planned.counted and in_order.counted
        tally.add(value, share, planned, in_order, plan.exact)
    if too_large:
        return _partly_drawn(asking, tally, too_large, random)
    return _report(asking, tally, counted)


@dataclass(frozen=True, slots=True)
class _Tally:
    """How often each input is asked, planned and in order, in the grounds so far."""

    planned: list[float]
    in_order: list[float]
    by_ground: list[GroundQuestions]

    def add(
        self, value: Fact | None, share: float, planned: _Found, in_order: _Found, exact: bool
    ) -> None:
        questions = planned.questions, in_order.questions
        self.by_ground.append(GroundQuestions(value, share, *questions, exact))
        for sums, found in ((self.planned, planned), (self.in_order, in_order)):
            for place, often in enumerate(found.asked):
                sums[place] += share * often


def _report(asking: Planner, tally: _Tally, counted: bool, drawn: int = 0) -> QuestionsReport:
    """The report, given how often each input is asked."""
    policy = asking.policy
    planned, in_order, by_ground = tally.planned, tally.in_order, tally.by_ground
    by_ground.sort(key=lambda one: (-one.planned.mean, -one.planned.worst))
    asked = [
        AskedOften(name, planned[place], in_order[place])
        for place, (name, declared) in enumerate(policy.inputs.items())
        if (name != asking.ground and declared.ask is not None) or planned[place]
    ]
    asked.sort(key=lambda one: -one.planned)
    return QuestionsReport(
        policy,
        asking.ground,
        asking.rates.source,
        sum(name != asking.ground for name in policy.inputs),
        _overall(planned, [(one.share, one.planned) for one in by_ground]),
        _overall(in_order, [(one.share, one.in_order) for one in by_ground]),
        tuple(by_ground),
        tuple(asked),
        counted,
        drawn,
    )


def _overall(asked: Sequence[float], parts: Sequence[tuple[float, Questions]]) -> Questions:
    """The questions of all grounds, given their shares."""
    margin = math.sqrt(math.fsum((share * one.margin) ** 2 for share, one in parts))
    return Questions(math.fsum(asked), max(one.worst for _, one in parts), margin)


def _partly_drawn(
    asking: Planner,
    tally: _Tally,
    grounds: Sequence[tuple[Fact | None, float]],
    random: Random,
) -> QuestionsReport:
    """The report where some grounds are too large to be followed: of these calls are drawn, and
    asked both ways."""
    size = len(asking.policy.inputs)
    shares = [share for _, share in grounds]
    drawn = Counter(random.choices(range(len(grounds)), shares, k=_CALLS_DRAWN))
    lengths: tuple[list[int], list[int]] = ([], [])
    for number, calls in sorted(drawn.items()):
        value = grounds[number][0]
        facts = {} if asking.ground is None or value is None else {asking.ground: value}
        found: tuple[list[list[int]], list[list[int]]] = ([], [])
        for _ in range(calls):
            answers = _drawn_answers(asking, facts, random)
            for one, choose in zip(found, (asking.choose, _first_of(asking)), strict=True):
                one.append(_asked_in(asking, facts, answers, choose))
        for one, all_ in zip(found, lengths, strict=True):
            all_ += map(len, one)
        # Few calls of one ground say too little of how sure their mean is.
        both = [replace(_counted(one, size), margin=0.0) for one in found]
        tally.add(value, math.fsum(shares) * calls / _CALLS_DRAWN, both[0], both[1], False)
    report = _report(asking, tally, False, _CALLS_DRAWN)
    margins = [math.fsum(shares) * _margin(one) for one in lengths]
    return replace(
        report,
        planned=_less_sure(report.planned, margins[0]),
        in_order=_less_sure(report.in_order, margins[1]),
    )


def _less_sure(questions: Questions, margin: float) -> Questions:
    """The same, where a part is only known with this margin."""
    return replace(questions, margin=math.hypot(questions.margin, margin))


def _drawn_answers(asking: Planner, facts: Mapping[str, Fact], random: Random) -> list[Fact]:
    """An answer to every question, each as often as it occurs in calls of this ground."""
    return [
        random.choices(axis.examples, shares)[0]
        for axis, shares in zip(asking.states.axes, asking.shares(facts), strict=True)
    ]


def _asked_in(
    asking: Planner, facts: Mapping[str, Fact], answers: Sequence[Fact], choose: _ChooseByFacts
) -> list[int]:
    """The positions of the inputs that are asked in one call."""
    names = list(asking.policy.inputs)
    told = dict(facts)
    asked: list[int] = []
    while True:
        try:
            answer = asking.policy.engine.decide(told, final=False, quick=True)
        except DecisionError:
            return asked  # a call without an answer asks no more
        if isinstance(answer, Decision):
            return asked
        open_ = sum(1 << names.index(name) for name in answer.can_matter)
        position = choose(told, asking.states.candidates(open_))
        asked.append(position)
        told[names[position]] = answers[position]


def _first_of(asking: Planner) -> _ChooseByFacts:
    """The policy's own order: the first that can still matter."""

    def choose(facts: Mapping[str, Fact], may: int) -> int:
        names = list(asking.policy.inputs)
        answer = asking.policy.engine.decide(facts, final=False, quick=True)
        assert isinstance(answer, Open)
        return names.index(answer.ask)

    return choose


def _counted(calls: Sequence[Sequence[int]], size: int) -> _Found:
    """How often each input was asked in drawn calls."""
    asked = [0.0] * size
    for call in calls:
        for position in call:
            asked[position] += 1 / len(calls)
    return _Found(tuple(asked), max(map(len, calls)), False, _margin([len(call) for call in calls]))


def _margin(numbers: Sequence[int]) -> float:
    """How far the true mean may be from that of drawn calls, 95 times of 100."""
    deviation = stdev(numbers) if len(numbers) > 1 else 0.0
    return _SURE * deviation / math.sqrt(len(numbers))


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
    calls: list[list[int]] = []
    for _ in range(_DRAWN):
        state, asked = start, list[int]()
        while state.open:
            position = choose(state)
            shares = plan.shares[position]
            (code,) = random.choices(range(len(shares)), shares)
            state = plan.states.after(state, position, code)
            asked.append(position)
        calls.append(asked)
    return _counted(calls, len(plan.shares))

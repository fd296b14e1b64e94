"""Which question to ask next, so that as few as possible are asked in all.

The state of an interview is what its facts leave of the policy's diagram. The expected number
of questions of a state is 0 where nothing can matter any more, else

    1 + the least, over the inputs that can matter, of the sum over its answers of
        (how often the answer occurs) * (the expected number of the state after it)

which dynamic programming works out exactly, as answers are taken to be independent of each
other given the ground. Where the states of a ground are more than `EXACT_STATES`, or take too
long to follow, the plan is greedy there: it asks what leaves, in expectation, the fewest inputs
that can matter. It is exact again as soon as what is left has at most `EXACT_REST` partial
answers. Where even that takes too long for somebody who waits for the next question, and where
the policy's diagram is too large, it asks what leaves the fewest rules (`RulesLeft`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import TypeAlias

from lamplighter.policy.ask.rates import EVEN, Rates, class_shares, ground_of
from lamplighter.policy.ask.rules_left import RulesLeft
from lamplighter.policy.ask.states import State, States, TooLarge, positions
from lamplighter.policy.decision import Decision
from lamplighter.policy.domains import UNKNOWN, Fact
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.model import Policy

EXACT_STATES = 5_000
EXACT_REST = 250
_KEPT_NODES = 100_000
# Questions of policies that are too large, which are worked out each by itself.
_KEPT_ALONE = 10_000
# So many children of nodes are looked at while somebody waits for the next question.
_LOOKS = 3_000


# By node and what is missing: the expected number, and the input to ask.
_Best: TypeAlias = dict[tuple[int, int], tuple[float, int]]


class Plan:
    """The questions of the calls of one ground; `bounded` says whether looks ahead are counted."""

    def __init__(
        self, states: States, shares: tuple[tuple[float, ...], ...], *, bounded: bool
    ) -> None:
        self.states = states
        self.shares = shares
        self.exact = True
        self._bounded = bounded
        self._best: _Best = {}
        self._chosen: dict[tuple[int, int], int] = {}

    def prepare(self, start: State, budget: int) -> None:
        """Work the plan out from its start, as far as the budget of states allows."""
        try:
            self._least(start, budget, self._best)
        except TooLarge:
            self.exact = False

    def choose(self, state: State) -> int:
        """The position of the input to ask."""
        key = (id(state.node), state.missing)
        if key not in self._chosen:
            self._chosen[key] = self.choose_once(state)
        return self._chosen[key]

    def choose_once(self, state: State) -> int:
        """The same, not remembered."""
        may = self.states.candidates(state.open)
        if not may & (may - 1):
            return may.bit_length() - 1
        if self.exact or self._is_small(state):
            # Where looks are counted, what other questions took must not help this one: which
            # question comes next would hang on what was asked before.
            return self._least(state, None, {} if self._bounded else self._best)[1]
        return self._greedy(state, may)

    def _least(self, state: State, budget: int | None, best: _Best) -> tuple[float, int]:
        """The expected number and the input to ask; what is worked out on the way is in `best`."""
        key = (id(state.node), state.missing)
        found = self._best.get(key) or best.get(key)
        if found is not None:
            return found
        if budget is not None and len(best) >= budget:
            raise TooLarge
        least, first = math.inf, -1
        for position in positions(self.states.candidates(state.open)):
            expected = 1.0
            for code, share in enumerate(self.shares[position]):
                after = self.states.after(state, position, code)
                if after.open:
                    expected += share * self._least(after, budget, best)[0]
            # Of equals the policy's order decides, whatever the last digits say.
            if expected < least - 1e-9:
                least, first = expected, position
        best[key] = (least, first)
        return least, first

    def _greedy(self, state: State, may: int) -> int:
        states = self.states
        least, first = math.inf, -1
        for position in positions(may):
            left = sum(
                share * states.after(state, position, code).open.bit_count()
                for code, share in enumerate(self.shares[position])
                if share
            )
            if left < least - 1e-9:
                least, first = left, position
        return first

    def _is_small(self, state: State) -> bool:
        rest = 1
        for position in positions(state.open):
            rest *= self.states.classes[position] + 1
            if rest > EXACT_REST:
                return False
        return True


class Planner:
    """The plans of one policy with one set of rates. Safe to share between threads.

    `looks` bounds how far it looks ahead for one question, and for a plan.
    """

    def __init__(
        self,
        policy: Policy,
        rates: Rates = EVEN,
        *,
        exact_states: int = EXACT_STATES,
        looks: float = math.inf,
    ) -> None:
        self.policy = policy
        self.rates = rates
        self.ground = ground_of(policy, rates)
        self.states = States(policy.engine)
        self._exact_states = exact_states
        self._looks = looks
        self._names = tuple(policy.inputs)
        self._place = {name: place for place, name in enumerate(self._names)}
        self._plans: dict[Fact | None, Plan] = {}
        self._shares: dict[Fact | None, tuple[tuple[float, ...], ...]] = {}
        self._rules = RulesLeft(policy.engine.compiled)
        self._working = Lock()
        self._alone = lru_cache(_KEPT_ALONE)(self._chosen_alone)

    def next_question(self, facts: Mapping[str, Fact]) -> str | None:
        """See `lamplighter.policy.ask.next_question`."""
        answer = self.policy.engine.decide(facts, final=False, quick=True)
        if isinstance(answer, Decision):
            return None
        may = self.states.candidates(sum(1 << self._place[name] for name in answer.can_matter))
        if not may & (may - 1):
            # Nothing to choose: the only one, or the next that must be known or is about safety.
            return self._names[may.bit_length() - 1]
        with self._working:
            return self._names[self.choose(facts, may)]

    def choose(self, facts: Mapping[str, Fact], may: int) -> int:
        """The position of the input to ask next, of several that may be (bits)."""
        codes, given = self._coded(facts)
        if len(self.states) > _KEPT_NODES:
            self._plans.clear()
            self.states.forget()
        value = self._value(facts)
        if self._looks < math.inf and not self.policy.engine.diagram.fits(codes, given):
            return self._alone(tuple(codes), given, may, value)
        return self._chosen(codes, given, may, value, self._plan(value).choose)

    def _chosen_alone(
        self, codes: tuple[int, ...], given: int, may: int, value: Fact | None
    ) -> int:
        """What is looked at for this question is of use for no other, and is not kept."""
        plan, kept = self._plan(value), len(self.states)
        try:
            return self._chosen(codes, given, may, value, plan.choose_once)
        finally:
            self.states.forget(kept)

    def _chosen(
        self,
        codes: Sequence[int],
        given: int,
        may: int,
        value: Fact | None,
        choose: Callable[[State], int],
    ) -> int:
        self.states.allow(self._looks)
        try:
            return choose(self.states.at(codes, given))
        except (TooLarge, DecisionError):
            return self._rules.choose(codes, given, may, self._shares_of(value))
        finally:
            self.states.allow()

    def plan(self, facts: Mapping[str, Fact]) -> Plan:
        """The plan for calls whose ground is that of these facts."""
        return self._plan(self._value(facts))

    def _plan(self, value: Fact | None) -> Plan:
        plan = self._plans.get(value)
        if plan is None:
            plan = Plan(self.states, self._shares_of(value), bounded=self._looks < math.inf)
            start = {} if value is None or self.ground is None else {self.ground: value}
            self.states.allow(self._looks)
            try:
                plan.prepare(self.state(start), self._exact_states)
            except (TooLarge, DecisionError):
                plan.exact = False
            finally:
                self.states.allow()
            self._plans[value] = plan
        return plan

    def shares(self, facts: Mapping[str, Fact]) -> tuple[tuple[float, ...], ...]:
        """How often each class of answers occurs, for each input, in calls of this ground."""
        return self._shares_of(self._value(facts))

    def _shares_of(self, value: Fact | None) -> tuple[tuple[float, ...], ...]:
        if value not in self._shares:
            self._shares[value] = tuple(
                class_shares(axis, self.rates.shares(value, axis.name)) for axis in self.states.axes
            )
        return self._shares[value]

    def _value(self, facts: Mapping[str, Fact]) -> Fact | None:
        value = facts.get(self.ground) if self.ground else None
        return UNKNOWN if value == "unknown" else value

    def fits(self, facts: Mapping[str, Fact]) -> bool:
        """Whether the policy's diagram is not too large for these facts."""
        return self.policy.engine.diagram.fits(*self._coded(facts))

    def state(self, facts: Mapping[str, Fact]) -> State:
        """Where an interview with these facts stands."""
        return self.states.at(*self._coded(facts))

    def _coded(self, facts: Mapping[str, Fact]) -> tuple[list[int], int]:
        """The classes of facts, and which inputs they tell, as bits."""
        axes = self.states.axes
        codes = [0] * len(axes)
        given = 0
        for name, fact in facts.items():
            position = self._place[name]
            codes[position] = axes[position].code(fact)
            given |= 1 << position
        return codes, given


@lru_cache(maxsize=32)
def planner(policy: Policy, rates: Rates = EVEN) -> Planner:
    """The planner of a policy and rates, made once and kept while it is among the last in use.

    Somebody waits for its questions, so it does not look further than that takes.
    """
    return Planner(policy, rates, looks=_LOOKS)


def next_question(
    policy: Policy, facts: Mapping[str, Fact], rates: Rates | None = None
) -> str | None:
    """The input to ask next, or None where no answer can change the outcome any more.

    First what must always be known; then safety questions, in the policy's order; then the
    question that leads to the fewest questions in expectation. `rates` say how often each answer
    occurs; without them each declared answer is as likely as any other.

    Raises `FactError` and `DecisionError` as `decide` does.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> policy = read_policy(shipped_policy("first_response"))
    >>> next_question(policy, {"nature": "trespass"})
    'injured'
    """
    return planner(policy, rates or EVEN).next_question(facts)

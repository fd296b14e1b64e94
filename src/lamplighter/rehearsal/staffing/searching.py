"""Searches the smallest numbers of units by shift and base that meet a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

from lamplighter.rehearsal.staffing.beginning import Beginning
from lamplighter.rehearsal.staffing.evaluating import (
    Evaluations,
    ScenariosSpentError,
    Setting,
)
from lamplighter.rehearsal.staffing.results import Ended
from lamplighter.rehearsal.staffing.slots import Numbers, money_per_year, numbers_of, unit_hours
from lamplighter.rehearsal.staffing.target import Scores

CLEAR_CALLS = 5_000  # calls that a screening should see, for chance to be small
BETTER = 5e-4  # share of calls by which a plan of the same cost must be better
EACH_PATTERN = 3  # places of a shift to which one more unit is tried
MOVES = 12  # exchanges that are tried at once
ROUNDS = 20
CONFIRMING = 5  # plans for whose confirming scenarios are left
FRONTIER = (0.4, 0.55, 0.7, 0.8, 0.9, 1.15, 1.3)  # times the plan that was found
STEPS_DOWN, STEPS_UP, STEP_TRIES = 4, 3, 6  # of the frontier near it


@dataclass
class Search:
    """The search: bracket, trim, exchange, confirm, and fill in the frontier.

    A plan that has at most as many units in every slot as one that misses the target is taken to
    miss it too, and is not simulated.
    """

    setting: Setting
    beginning: Beginning
    evaluations: Evaluations
    replications: int
    best: Numbers | None = None
    ended: Ended = Ended.SPENT
    kinds: tuple[int, ...] = ()  # those that can meet the target, by their place
    start: Numbers = ()
    most: Numbers = ()
    _failed: list[Numbers] = field(default_factory=list)
    _cost: dict[Numbers, tuple[float, float]] = field(default_factory=dict)

    def run(self) -> None:
        """Search until no near plan is better, or the scenarios are spent."""
        self.kinds = tuple(range(len(self.setting.kinds)))
        try:
            plan = self._bracket() if self._reach() else None
            if plan is None:
                self.ended = Ended.OUT_OF_REACH
                return
            finished = self._improve(plan)
            self._confirm()
            if finished:
                self.ended = Ended.FOUND
            self._frontier()
        except ScenariosSpentError:
            pass

    def _reach(self) -> bool:
        """Leave out kinds that miss the target with plenty of units; whether one is left.

        They keep the units that they have in the team file, or those that Erlang asks for.
        """
        start, plenty = self.beginning.scaled(1.0), self.beginning.plenty()
        _, most = self.evaluations.scores([start, plenty], self.screening)
        target, self.start, self.most = self.setting.target, start, plenty
        self.kinds = tuple(kind for kind in self.kinds if most.lack(target, (kind,)) == 0)
        rest = numbers_of(self.setting.teams, self.setting.slots) or start
        self.beginning = self.beginning.only(self.kinds, rest)
        return bool(self.kinds)

    def cost(self, plan: Numbers) -> tuple[float, float]:
        """Money where it can be computed, else unit-hours; then unit-hours."""
        if plan not in self._cost:
            one = self.setting
            hours = unit_hours(one.slots, plan)
            money = money_per_year(one.teams, one.kinds, one.slots, plan)
            self._cost[plan] = (hours if money is None else money, hours)
        return self._cost[plan]

    @property
    def screening(self) -> int:
        """Replications with which a plan is first looked at."""
        needed = -(-CLEAR_CALLS // max(sum(len(its) for its in self.setting.counted), 1))
        return max(1, min(needed, self.replications))

    def _bracket(self) -> Numbers | None:
        """The smallest multiple of what Erlang asks for that meets the target."""
        one, plenty = self.beginning.scaled(1.0), self.beginning.plenty()
        meets = self._look([one, plenty])
        if not meets[plenty]:
            return None
        factors = [1.25 * 1.25**step for step in range(8)]
        if meets[one]:
            factors = [0.8 * 0.8**step for step in range(12)]
        below, above = (0.0, 1.0) if meets[one] else (1.0, 0.0)
        for pair in zip(factors[::2], factors[1::2], strict=True):
            found = self._look([self.beginning.scaled(factor) for factor in pair])
            crossed = False
            for factor in pair:
                if found[self.beginning.scaled(factor)]:
                    above = min(above, factor) if above else factor
                else:
                    below = max(below, factor)
                crossed = crossed or found[self.beginning.scaled(factor)] != meets[one]
            if crossed:
                break
        if not above:
            return plenty
        third = (above - below) / 3
        between = [self.beginning.scaled(below + third * part) for part in (1, 2)]
        found = self._look(between)
        return next((plan for plan in between if found[plan]), self.beginning.scaled(above))

    def _improve(self, plan: Numbers) -> bool:
        """Take units away and exchange them, until no near plan is better."""
        try:
            for _ in range(ROUNDS):
                plan = self._trim(plan)
                better = self._exchange(plan)
                if better is None:
                    return True
                plan = better
        except ScenariosSpentError:
            pass  # what is left is for confirming
        return False

    def _trim(self, plan: Numbers) -> Numbers:
        """Take away units one by one, the least needed first, as long as the target is met."""
        known: dict[int, float] = {}
        while True:
            slots = self.beginning.staffed(plan)
            unknown = [slot for slot in slots if slot not in known]
            tried = [slot for slot in unknown if not self._must_fail(_less(plan, slot))]
            self._look([_less(plan, slot) for slot in tried])
            for slot in tried:
                known[slot] = self._within(_less(plan, slot))
            taken = None
            for slot in sorted(known, key=lambda one: (-known[one], one)):
                fewer = _less(plan, slot) if plan[slot] else None
                if fewer is None or self._must_fail(fewer):
                    continue
                if self._look([fewer])[fewer]:
                    known[slot] = self._within(fewer)
                    taken = fewer
                    break
            if taken is None:
                return plan
            plan = taken

    def _exchange(self, plan: Numbers) -> Numbers | None:
        """A plan with units elsewhere that is cheaper, or as cheap and better; None: none is.

        What each unit less loses and each unit more brings is simulated one by one; the exchanges
        that promise most by their sum are simulated.
        """
        slots = self.beginning.staffed(plan)
        more = self.beginning.additions(plan, EACH_PATTERN)
        self._look([_less(plan, slot) for slot in slots])
        self._look([_more(plan, slot) for slot in more])
        here = self._within(plan)
        loses = {slot: self._within(_less(plan, slot)) - here for slot in slots}
        brings = {slot: self._within(_more(plan, slot)) - here for slot in more}
        moves: dict[Numbers, tuple[bool, float]] = {}
        for count in (1, 2):
            for gone in combinations_with_replacement(slots, count):
                fewer = _less(plan, *gone)
                if min(fewer) < 0:
                    continue
                for slot in more:
                    there = _more(fewer, slot)
                    cheaper = self.cost(there) < self.cost(plan)
                    if slot in gone or self.cost(there) > self.cost(plan):
                        continue
                    promise = sum(loses[one] for one in gone) + brings[slot]
                    if not self._must_fail(there) and (cheaper or promise > 0):
                        moves[there] = (not cheaper, -promise)
        chosen = sorted(moves, key=lambda there: (moves[there], there))
        cheap = [there for there in chosen if not moves[there][0]][: MOVES // 2]
        alike = [there for there in chosen if moves[there][0]][: MOVES - len(cheap)]
        found = self._look([*cheap, *alike])
        good = [
            there
            for there, meets in found.items()
            if meets and (self.cost(there) < self.cost(plan) or self._within(there) > here + BETTER)
        ]
        return min(good, key=lambda there: (self.cost(there), -self._within(there)), default=None)

    def _confirm(self) -> None:
        """The cheapest plan whose intervals lie inside the target, over all replications.

        Plans that met it when first looked at are taken in order of cost. Where none is confirmed,
        units are added to the cheapest one where they bring most.
        """
        target = self.setting.target
        seen = self.evaluations.evaluated()
        likely = [one for one, scores in seen.items() if scores.lack(target, self.kinds) == 0]
        likely.sort(key=lambda one: (self.cost(one), one))
        for one in likely:
            if not self._must_fail(one) and self._is_confirmed(one):
                self.best = one
                return
        plan = likely[0]
        while self.best is None:
            more = [_more(plan, slot) for slot in self.beginning.additions(plan, EACH_PATTERN)]
            self._look(more, leave=0)
            worth = self._worth(plan, more)
            plan = max(more, key=lambda one: (worth[one], one))
            if self._is_confirmed(plan):
                self.best = plan

    def _is_confirmed(self, plan: Numbers) -> bool:
        target = self.setting.target
        few = min(max(3, self.screening), self.replications)
        (scores,) = self.evaluations.scores([plan], few)
        if self.replications > few and scores.confirms(target, self.kinds) is not False:
            (scores,) = self.evaluations.scores([plan], self.replications)
        one = self.replications == 1  # which has no interval
        if (
            scores.lack(target, self.kinds) == 0
            if one
            else scores.confirms(target, self.kinds) is True
        ):
            return True
        self._failed.append(plan)
        return False

    def _frontier(self) -> None:
        """The plan that was found made smaller and larger, and step by step near it."""
        assert self.best is not None
        self._look([self.beginning.times(self.best, factor) for factor in FRONTIER])
        for steps, more in ((STEPS_DOWN, False), (STEPS_UP, True)):
            plan = self.best
            for _ in range(steps):
                if more:
                    near = [_more(plan, slot) for slot in self.beginning.additions(plan, 1)]
                else:
                    near = [_less(plan, slot) for slot in self.beginning.staffed(plan)]
                near = _spread(sorted(near, key=lambda one: (self.cost(one), one)), STEP_TRIES)
                if not near:
                    break
                self._look(near)
                worth = self._worth(plan, near)
                plan = max(near, key=lambda one: (worth[one], one))

    def _worth(self, plan: Numbers, near: Sequence[Numbers]) -> dict[Numbers, float]:
        """What is won (or lost) for a unit of cost: calls in time, and what the target lacks."""

        def merit(one: Numbers) -> float:
            (scores,) = self.evaluations.scores([one], self.screening)
            return scores.met(*self.kinds).within.mean - scores.lack(
                self.setting.target, self.kinds
            )

        here, cost = merit(plan), self.cost(plan)[0]
        return {one: (merit(one) - here) / (abs(self.cost(one)[0] - cost) or 1.0) for one in near}

    def front(self, evaluated: Mapping[Numbers, Scores], kinds: Sequence[int]) -> list[Numbers]:
        """The plans of which none is cheaper and meets more calls in time, the cheapest first."""
        found: list[Numbers] = []
        most = -1.0
        within = {plan: scores.met(*kinds).within.mean for plan, scores in evaluated.items()}
        for plan in sorted(evaluated, key=lambda one: (self.cost(one), -within[one], one)):
            if within[plan] > most:
                most = within[plan]
                found.append(plan)
        return found

    def _look(self, plans: Iterable[Numbers], *, leave: int | None = None) -> dict[Numbers, bool]:
        """Simulate plans as often as a first look needs, and note which miss the target."""
        wanted = list(dict.fromkeys(plans))
        reserve = 0 if self.best is not None else CONFIRMING * self.replications
        leave = reserve if leave is None else leave
        found = self.evaluations.scores(wanted, self.screening, leave=leave)
        meets = {}
        for plan, scores in zip(wanted, found, strict=True):
            meets[plan] = scores.lack(self.setting.target, self.kinds) == 0
            if not meets[plan] and not self._must_fail(plan):
                self._failed.append(plan)
        return meets

    def _must_fail(self, plan: Numbers) -> bool:
        return any(
            all(own <= other for own, other in zip(plan, failed, strict=True))
            for failed in self._failed
        )

    def _within(self, plan: Numbers) -> float:
        (scores,) = self.evaluations.scores([plan], self.screening)
        return scores.met(*self.kinds).within.mean


def _less(plan: Numbers, *slots: int) -> Numbers:
    changed = list(plan)
    for slot in slots:
        changed[slot] -= 1
    return tuple(changed)


def _more(plan: Numbers, slot: int) -> Numbers:
    changed = list(plan)
    changed[slot] += 1
    return tuple(changed)


def _spread(plans: Sequence[Numbers], most: int) -> list[Numbers]:
    """At most so many, evenly from the whole list."""
    if len(plans) <= most:
        return list(plans)
    return [plans[number * len(plans) // most] for number in range(most)]

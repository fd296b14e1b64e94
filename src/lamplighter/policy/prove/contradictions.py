"""Finds promises that no tables could keep together, whatever they answered.

A call is sought for which every answer breaks some promise. The search goes in rounds: given
the answers thought of so far, find a call for which each of them breaks a promise; given that
call, find an answer that keeps all promises. Where there is none, the promises that rule out
every answer contradict each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import Fact, Side
from lamplighter.policy.model import Policy
from lamplighter.policy.promises import (
    Actual,
    Asked,
    Atom,
    Condition,
    Contains,
    Known,
    atoms,
    condition_of,
)
from lamplighter.policy.prove.classes import accepted, axis_of_output, unknown_code
from lamplighter.policy.prove.conditions import expression
from lamplighter.policy.prove.formula import Scale, satisfiable, solver
from lamplighter.policy.prove.logic import FALSE, TRUE, assert_in, either, every, negated

# Beyond these the search is given up. Nothing is called proved for that: a promise that no tables
# could keep is then only called broken.
_ROUNDS = 40
_WAYS = 250


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Promises, by their ids, that cannot be kept together, and a call for which they cannot."""

    promises: tuple[str, ...]
    call: Mapping[str, Fact]


def contradictions(policy: Policy, axes: Sequence[Axis]) -> Iterator[Contradiction]:
    """Groups of promises that no tables could keep; of each group every promise is needed.

    The axes must be cut for the promises. What is asked is left free, as if tables could choose
    it: what is called a contradiction is one, but one that hangs on the order of asking is
    found as a broken promise only.
    """
    rounds = _Rounds(policy, axes)
    left = list(rounds.conditions)
    while (found := rounds.run(left)) is not None:
        yield found
        left.remove(found.promises[-1])


class _Rounds:
    """The search for contradictions; what one round learned helps the next."""

    def __init__(self, policy: Policy, axes: Sequence[Axis]) -> None:
        self.axes = {axis.name: axis for axis in axes}
        stated = {promise.id: condition_of(policy, promise) for promise in policy.promises}
        self.conditions = {
            name: condition for name, condition in stated.items() if self._ways(condition) <= _WAYS
        }
        tests = [test for condition in self.conditions.values() for test in atoms(condition)]
        named = {test.name for test in tests} - set(policy.inputs)
        self.outputs = {name: axis_of_output(policy, name, tests) for name in sorted(named)}
        self._sides: dict[tuple[str, Side], int] = {}
        self.facts = _Numbers("fact", self.axes)
        self.answer = _Numbers("answer", self.outputs)
        free = sorted({key for test in tests for key in self._free_keys(test)})
        self.free = {key: z3.Bool(key) for key in free}
        # Calls: for every answer thought of so far, a promise that counts is broken.
        self.counts = {name: z3.Bool(f"counts {name}") for name in self.conditions}
        self.calls = solver()
        self.calls.add(self.facts.bounds)
        # Answers: every promise that is to be kept is.
        self.keeps = {name: z3.Bool(f"keeps {name}") for name in self.conditions}
        self.answers = solver()
        self.answers.add(self.facts.bounds + self.answer.bounds)
        for name, condition in self.conditions.items():
            broken = self._possibly(condition, self.answer.numbers, self.free)
            assert_in(self.answers, either([negated(self.keeps[name]), negated(broken)]))

    def _ways(self, condition: Condition) -> int:
        """How many combinations of true facts a condition speaks of."""
        names = {test.name for test in atoms(condition) if isinstance(test, Actual)}
        return math.prod(len(self.axes[name].examples) for name in names)

    def _free_keys(self, test: Atom) -> list[str]:
        """What a table could choose apart from single values: what is asked, what a list holds."""
        if isinstance(test, Asked):
            always = self.axes[test.name].declared.always_known
            return [] if always else [f"asked {test.name}"]
        if isinstance(test, Contains):
            codes = range(len(self.outputs[test.name].examples))
            return [f"{test.name} contains {code}" for code in codes]
        return []

    def run(self, names: Sequence[str]) -> Contradiction | None:
        """A contradiction among these promises; None where there is none, or none in time."""
        counted = [
            count if name in names else negated(count) for name, count in self.counts.items()
        ]
        keeps = {name: self.keeps[name] for name in names}
        for _ in range(_ROUNDS):
            if not satisfiable(self.calls, *counted):
                break
            call = self.facts.read(self.calls.model())
            here = self.facts.equal(call)
            if not satisfiable(self.answers, *here, *keeps.values()):
                promises = self._least(here, keeps)
                call = self._with_unknown(call, [keeps[name] for name in promises])
                facts = {name: self.axes[name].examples[code] for name, code in call.items()}
                return Contradiction(promises, facts)
            model = self.answers.model()
            answer = self.answer.read(model)
            chosen = {
                key: z3.BoolVal(z3.is_true(model.eval(truth, model_completion=True)))
                for key, truth in self.free.items()
            }
            broken = [
                every([self.counts[name], self._possibly(condition, answer, chosen)])
                for name, condition in self.conditions.items()
            ]
            assert_in(self.calls, either(broken))
        return None

    def _least(
        self, here: Sequence[z3.BoolRef], keeps: Mapping[str, z3.BoolRef]
    ) -> tuple[str, ...]:
        """Promises that rule out every answer to a call, none of which can be left out."""
        core = {part.get_id() for part in self.answers.unsat_core()}
        left = [name for name, keep in keeps.items() if keep.get_id() in core]
        for name in reversed(list(left)):
            rest = [keeps[other] for other in left if other != name]
            if not satisfiable(self.answers, *here, *rest):
                left.remove(name)
        return tuple(left)

    def _with_unknown(self, call: dict[str, int], keeps: Sequence[z3.BoolRef]) -> dict[str, int]:
        """The call with each known fact forgotten that the contradiction does not need."""
        for name in reversed(list(call)):
            unknown = unknown_code(self.axes[name])
            if unknown is not None and call[name] != unknown:
                other = {**call, name: unknown}
                if not satisfiable(self.answers, *self.facts.equal(other), *keeps):
                    call = other
        return call

    def _possibly(
        self,
        condition: Condition,
        answer: Mapping[str, z3.BitVecRef | int],
        free: Mapping[str, z3.BoolRef],
    ) -> z3.BoolRef:
        """That a condition holds for some true facts behind what was known."""
        names = sorted({test.name for test in atoms(condition) if isinstance(test, Actual)})
        codes = [
            [c for c in range(len(self.axes[n].examples)) if c != unknown_code(self.axes[n])]
            for n in names
        ]
        ways: list[z3.BoolRef] = []
        for chosen in product(*codes):
            true = dict(zip(names, chosen, strict=True))
            fits = [self._fits(name, code) for name, code in true.items()]

            def truth(test: Atom, true: Mapping[str, int] = true) -> z3.BoolRef:
                return self._truth(test, answer, free, true)

            ways.append(every([*fits, expression(condition, truth)]))
        return either(ways)

    def _fits(self, name: str, code: int) -> z3.BoolRef:
        """That a true fact is the known one, or stands behind an unknown one."""
        axis = self.axes[name]
        unknown = unknown_code(axis)
        codes = 1 << code | (0 if unknown is None else 1 << unknown)
        return self.facts.inside(name, codes)

    def _accepted(self, name: str, side: Side) -> int:
        """The classes, as bits, of an input or output that lie in a side."""
        key = (name, side)
        if key not in self._sides:
            self._sides[key] = accepted(self.axes.get(name) or self.outputs[name], side)
        return self._sides[key]

    def _truth(
        self,
        test: Atom,
        answer: Mapping[str, z3.BitVecRef | int],
        free: Mapping[str, z3.BoolRef],
        true: Mapping[str, int],
    ) -> z3.BoolRef:
        match test:
            case Known(name, side):
                codes = self._accepted(name, side)
                if name in self.axes:
                    return self.facts.inside(name, codes)
                given = answer[name]
                if isinstance(given, int):
                    return TRUE if codes >> given & 1 else FALSE
                return self.answer.inside(name, codes)
            case Actual(name, side):
                return TRUE if self._accepted(name, side) >> true[name] & 1 else FALSE
            case Asked(name):
                return free.get(f"asked {name}", TRUE)
            case Contains(name, side):
                codes = self._accepted(name, side)
                classes = range(len(self.outputs[name].examples))
                held = [free[f"{name} contains {code}"] for code in classes if codes >> code & 1]
                return either(held)


class _Numbers:
    """A number for each of some axes: the code of a class."""

    def __init__(self, kind: str, axes: Mapping[str, Axis]) -> None:
        self.sizes = {name: len(axis.examples) for name, axis in axes.items()}
        self.numbers = {
            name: z3.BitVec(f"{kind} {name}", size.bit_length())
            for name, size in self.sizes.items()
        }
        self._scales = {name: Scale(self.numbers[name], size) for name, size in self.sizes.items()}
        self._inside: dict[tuple[str, int], z3.BoolRef] = {}
        self.bounds = [z3.ULT(self.numbers[name], size) for name, size in self.sizes.items()]

    def inside(self, name: str, codes: int) -> z3.BoolRef:
        """That a number is one of some codes, given as bits."""
        key = (name, codes)
        if key not in self._inside:
            found = self._scales[name].inside(codes)
            self._inside[key] = TRUE if found is None else found
        return self._inside[key]

    def read(self, model: z3.ModelRef) -> dict[str, int]:
        """The numbers of a model."""
        return {
            name: model.eval(number, model_completion=True).as_long()
            for name, number in self.numbers.items()
        }

    def equal(self, codes: Mapping[str, int]) -> list[z3.BoolRef]:
        """That each number is the given one."""
        return [self.numbers[name] == code for name, code in codes.items()]

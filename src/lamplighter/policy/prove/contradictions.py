"""Finds promises that no tables could keep together, whatever they answered.

A call is sought for which every answer breaks some promise. The search goes in rounds: given
the answers thought of so far, find a call for which each of them breaks a promise; given that
call, find an answer that keeps all promises. Where there is none, the promises that rule out
every answer contradict each other. There are finitely many answers, so the rounds end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import z3

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import Fact
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
from lamplighter.policy.prove.formula import one_of
from lamplighter.policy.prove.tables import either


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
    conditions = {promise.id: condition_of(policy, promise) for promise in policy.promises}
    while True:
        found = _Rounds(policy, axes, conditions).run()
        if found is None:
            return
        yield found
        del conditions[found.promises[-1]]


class _Rounds:
    """One search for a contradiction among some conditions."""

    def __init__(
        self, policy: Policy, axes: Sequence[Axis], conditions: Mapping[str, Condition]
    ) -> None:
        self.axes = {axis.name: axis for axis in axes}
        self.conditions = conditions
        tests = [test for condition in conditions.values() for test in atoms(condition)]
        named = {test.name for test in tests} - set(policy.inputs)
        self.outputs = {name: axis_of_output(policy, name, tests) for name in sorted(named)}
        self.facts = _Numbers("fact", self.axes)
        self.answer = _Numbers("answer", self.outputs)
        self.free = sorted({key for test in tests for key in self._free_keys(test)})

    def _free_keys(self, test: Atom) -> list[str]:
        """What a table could choose apart from single values: what is asked, what a list holds."""
        if isinstance(test, Asked):
            always = self.axes[test.name].declared.always_known
            return [] if always else [f"asked {test.name}"]
        if isinstance(test, Contains):
            codes = range(len(self.outputs[test.name].examples))
            return [f"{test.name} contains {code}" for code in codes]
        return []

    def run(self) -> Contradiction | None:
        """A contradiction, or None where some answer keeps all promises, whatever the call."""
        calls = z3.SolverFor("QF_FD")
        calls.add(self.facts.bounds)
        answers = z3.SolverFor("QF_FD")
        answers.add(self.answer.bounds)
        # Without any answer thought of, every call is as good as another.
        free_truths = {key: z3.Bool(key) for key in self.free}
        while calls.check() == z3.sat:
            call = self.facts.read(calls.model())
            answers.push()
            keeps = {}
            for name, condition in self.conditions.items():
                keeps[name] = z3.Bool(f"keep {name}")
                broken = self._possibly(
                    condition, self.facts.fixed(call), self.answer.numbers, free_truths
                )
                answers.add(z3.Implies(keeps[name], z3.Not(broken)))
            if answers.check(*keeps.values()) != z3.sat:
                core = self._least(answers, keeps)
                return Contradiction(
                    core, {name: self.axes[name].examples[code] for name, code in call.items()}
                )
            model = answers.model()
            answer = self.answer.fixed(self.answer.read(model))
            chosen = {
                key: z3.BoolVal(z3.is_true(model.eval(truth, model_completion=True)))
                for key, truth in free_truths.items()
            }
            answers.pop()
            calls.add(
                either(
                    [
                        self._possibly(condition, self.facts.numbers, answer, chosen)
                        for condition in self.conditions.values()
                    ]
                )
            )
        return None

    def _least(self, answers: z3.Solver, keeps: Mapping[str, z3.BoolRef]) -> tuple[str, ...]:
        """Promises that rule out every answer, none of which can be left out."""
        left = list(keeps)
        for name in reversed(list(keeps)):
            rest = [keeps[other] for other in left if other != name]
            if answers.check(*rest) != z3.sat:
                left.remove(name)
        return tuple(left)

    def _possibly(
        self,
        condition: Condition,
        facts: Mapping[str, z3.BitVecRef],
        answer: Mapping[str, z3.BitVecRef],
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
            fits = [
                z3.Or(facts[name] == code, facts[name] == self._unknown(name))
                for name, code in true.items()
            ]

            def truth(test: Atom, true: Mapping[str, int] = true) -> z3.BoolRef:
                return self._truth(test, facts, answer, free, true)

            ways.append(z3.And([*fits, expression(condition, truth)]))
        return either(ways)

    def _unknown(self, name: str) -> int:
        code = unknown_code(self.axes[name])
        return 0 if code is None else code

    def _truth(
        self,
        test: Atom,
        facts: Mapping[str, z3.BitVecRef],
        answer: Mapping[str, z3.BitVecRef],
        free: Mapping[str, z3.BoolRef],
        true: Mapping[str, int],
    ) -> z3.BoolRef:
        match test:
            case Known(name, side):
                inside = name in self.axes
                axis = self.axes[name] if inside else self.outputs[name]
                number = facts[name] if inside else answer[name]
                found = one_of(number, accepted(axis, side), len(axis.examples))
                return z3.BoolVal(True) if found is None else found
            case Actual(name, side):
                return z3.BoolVal(bool(accepted(self.axes[name], side) >> true[name] & 1))
            case Asked(name):
                return free.get(f"asked {name}", z3.BoolVal(True))
            case Contains(name, side):
                codes = accepted(self.outputs[name], side)
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
        self.bounds = [z3.ULT(self.numbers[name], size) for name, size in self.sizes.items()]

    def read(self, model: z3.ModelRef) -> dict[str, int]:
        """The numbers of a model."""
        return {
            name: model.eval(number, model_completion=True).as_long()
            for name, number in self.numbers.items()
        }

    def fixed(self, codes: Mapping[str, int]) -> dict[str, z3.BitVecRef]:
        """The same numbers as constants."""
        return {
            name: z3.BitVecVal(code, self.sizes[name].bit_length()) for name, code in codes.items()
        }

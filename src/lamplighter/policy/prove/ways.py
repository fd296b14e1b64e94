"""The ways to meet the condition of a promise, each as what facts and answers it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from lamplighter.policy.axes import Axis
from lamplighter.policy.model import Policy
from lamplighter.policy.promises import (
    Actual,
    AllOf,
    AnyOf,
    Asked,
    Atom,
    Condition,
    Contains,
    Known,
    Not,
    atoms,
)
from lamplighter.policy.prove.classes import accepted, axis_of_output, unknown_code

# What is left of each thing that a promise speaks of: classes as bits, or yes (1) and no (2).
# The keys are ("known", name), ("actual", name), ("asked", name), and tests of what a list holds.
Left: TypeAlias = Mapping[object, int]

# A promise with more ways to be met than this is not looked through.
_MOST_STEPS = 10_000


class Ways:
    """The ways to meet a condition when facts and answers are free."""

    def __init__(self, policy: Policy, axes: Mapping[str, Axis], condition: Condition) -> None:
        self.condition = condition
        self.inputs = axes
        tests = list(atoms(condition))
        outputs = {test.name for test in tests} - set(axes)
        self.outputs = {name: axis_of_output(policy, name, tests) for name in outputs}
        self.steps = 0

    def any(self) -> bool:
        """Whether there is one; of a promise too long to be looked through that is assumed."""
        return next(self.meeting(self.condition, True, {}), None) is not None

    def listed(self, most: int) -> list[Left] | None:
        """All of them; None where they are more than `most`."""
        found = list(islice(self.meeting(self.condition, True, {}), most + 1))
        return None if len(found) > most or self.steps > _MOST_STEPS else found

    def meeting(self, condition: Condition, wanted: bool, left: Left) -> Iterator[Left]:
        """What is left, in each way in which the condition holds (or does not, as wanted)."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            yield left
            return
        match condition:
            case Not(part):
                yield from self.meeting(part, not wanted, left)
            case AllOf(parts) | AnyOf(parts) if isinstance(condition, AllOf) == wanted:
                yield from self.all_of(parts, wanted, left)
            case AllOf(parts) | AnyOf(parts):
                for part in parts:
                    yield from self.meeting(part, wanted, left)
            case _:
                narrowed = self.narrowed(condition, wanted, left)
                if narrowed is not None:
                    yield narrowed

    def all_of(self, parts: Sequence[Condition], wanted: bool, left: Left) -> Iterator[Left]:
        if not parts:
            yield left
            return
        for narrowed in self.meeting(parts[0], wanted, left):
            yield from self.all_of(parts[1:], wanted, narrowed)

    def narrowed(self, test: Atom, wanted: bool, left: Left) -> Left | None:
        """What is left once a test holds or does not; None where nothing is."""
        match test:
            case Known(name, side):
                key: object = ("known", name)
                axis = self.inputs.get(name) or self.outputs[name]
                codes, every = accepted(axis, side), (1 << len(axis.examples)) - 1
            case Actual(name, side):
                key, axis = ("actual", name), self.inputs[name]
                unknown = unknown_code(axis)
                every = (1 << len(axis.examples)) - 1
                every &= ~(0 if unknown is None else 1 << unknown)
                codes = accepted(axis, side) & every
            case Asked(name):
                key, codes = ("asked", name), 1
                every = 1 if self.inputs[name].declared.always_known else 3
            case Contains():
                key, codes, every = test, 1, 3
        bits = left.get(key, every) & (codes if wanted else every & ~codes)
        found = {**left, key: bits}
        fits = bits and (not isinstance(test, Known | Actual) or self.agree(test.name, found))
        return found if fits else None

    def agree(self, name: str, left: Left) -> bool:
        """Whether what was known of an input can go with what is true."""
        known, actual = left.get(("known", name)), left.get(("actual", name))
        if known is None or actual is None:
            return True
        unknown = unknown_code(self.inputs[name])
        return bool(known & actual) or (unknown is not None and bool(known >> unknown & 1))

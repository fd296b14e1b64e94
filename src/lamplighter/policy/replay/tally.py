"""Counts sets of outcomes by nature, hour, weekday and area while a history goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Domain, Result
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.facts import DIMENSIONS, Labelled, Labels
from lamplighter.policy.replay.result import Bounds, CallGroup

Array: TypeAlias = npt.NDArray[Any]

Seen: TypeAlias = Callable[[int], frozenset[Result | None]]

_DENSE = 1 << 22
# These are shown in their own order, the others by how many calls they have.
_IN_ORDER = ("hour", "weekday")


def main_output(policy: Policy) -> str:
    """The output that a summary speaks of first: who responds, else the first of the outcome."""
    return "responder" if "responder" in policy.outcome else policy.outcome[0]


class Tally:
    """How many calls have each set, each residue, each set within each label."""

    def __init__(self) -> None:
        self.calls = 0
        self.sets: Counter[int] = Counter()
        self.residues: Counter[int] = Counter()
        self.by: dict[str, Counter[tuple[int, int]]] = {name: Counter() for name in DIMENSIONS}

    def add(self, sets: Array, residues: Array, dimensions: Mapping[str, Labelled]) -> None:
        """Count a batch: the set of each call, its residue, and its labels."""
        self.calls += len(sets)
        self.sets.update(counted(sets))
        self.residues.update(counted(residues))
        for name, labelled in dimensions.items():
            own = self.by[name]
            for (code, one), calls in _counted_pairs(labelled.codes, sets).items():
                own[int(labelled.places[code]), one] += calls


def counted(numbers: Array, least: int = 0) -> dict[int, int]:
    """How often each number occurs; none is less than `least`."""
    from lamplighter.policy.replay import kernels

    if not len(numbers):
        return {}
    size = int(numbers.max()) + 1 - least
    if size < _DENSE:
        counts = np.zeros(size, np.int64)
        kernels.count(numbers, least, counts)
        values = np.flatnonzero(counts)
        calls = counts[values]
        values += least
    else:
        values, calls = np.unique(numbers, return_counts=True)
    return dict(zip(values.tolist(), calls.tolist(), strict=True))


def _counted_pairs(codes: Array, others: Array) -> dict[tuple[int, int], int]:
    """How often each pair occurs; nothing is negative."""
    from lamplighter.policy.replay import kernels

    if not len(codes):
        return {}
    many = int(others.max()) + 1
    size = int(codes.max()) + 1
    if size * many < _DENSE:
        counts = np.zeros((size, many), np.int64)
        kernels.count_pairs(np.ascontiguousarray(codes), others, counts)
        found = np.nonzero(counts)
        calls = counts[found]
    else:
        keys, calls = np.unique(codes.astype(np.int64) * many + others, return_counts=True)
        found = np.divmod(keys, many)
    pairs = zip(*(one.tolist() for one in found), strict=True)
    return dict(zip(pairs, calls.tolist(), strict=True))


def values_in_order(
    policy: Policy, name: str, outcomes: Iterable[Mapping[str, Result]]
) -> list[Result]:
    """The values of an output that some of the outcomes have, as the policy orders them."""
    found = {outcome[name] for outcome in outcomes if outcome}
    return sorted(found, key=lambda value: rank(policy.output(name).domain, value))


def rank(domain: Domain, result: Result) -> tuple[float, ...]:
    """Where a value stands in the policy's order; of a list, all of its values."""
    places: list[float] = []
    for value in result if isinstance(result, tuple) else (result,):
        number = domain.number(value)
        if number is not None:
            places.append(number)
        elif isinstance(value, str):
            places.append(domain.values.index(value))
        else:
            places.append(not value)
    return tuple(places)


def in_order(
    policy: Policy, outcomes: Iterable[Mapping[str, Result]]
) -> list[Mapping[str, Result]]:
    """Outcomes in the policy's order; a failure, which is empty, comes first."""
    domains = {name: policy.output(name).domain for name in policy.outcome}
    return sorted(
        outcomes, key=lambda outcome: [rank(domains[name], one) for name, one in outcome.items()]
    )


def bounds_of(
    values: Sequence[Result],
    sets: Mapping[int, int],
    seen: Seen,
) -> tuple[Bounds, ...]:
    """The bounds of each value; `seen(set)` has an output's values in a set, None for a failure."""
    least: Counter[Result] = Counter()
    most: Counter[Result] = Counter()
    for one, calls in sets.items():
        found = seen(one)
        for value in found:
            if value is not None:
                most[value] += calls
                if len(found) == 1:
                    least[value] += calls
    return tuple(Bounds(value, least[value], most[value]) for value in values)


def grouped(
    name: str,
    labels: Labels,
    tally: Tally,
    values: Sequence[Result],
    decided: Callable[[int], bool],
    seen: Seen,
) -> tuple[CallGroup, ...]:
    """The calls of one dimension, label by label."""
    by_label: dict[int, dict[int, int]] = {}
    for (label, one), calls in tally.by[name].items():
        by_label.setdefault(label, {})[one] = calls
    groups = [
        CallGroup(
            labels.values[label],
            sum(sets.values()),
            sum(calls for one, calls in sets.items() if decided(one)),
            tuple(b for b in bounds_of(values, sets, seen) if b.at_most),
        )
        for label, sets in by_label.items()
    ]
    order = label_order(name, labels)
    if order:
        return tuple(sorted(groups, key=lambda group: order[group.label]))
    return tuple(sorted(groups, key=lambda one: (-one.calls, one.label is None, one.label or "")))


def label_order(name: str, labels: Labels) -> dict[str | None, int]:
    """The place of each label where a dimension has an order of its own."""
    if name not in _IN_ORDER:
        return {}
    return {label: place for place, label in enumerate(labels.values)}

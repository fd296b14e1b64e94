"""Counts sets of outcomes by nature, hour, weekday and area while a history goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.facts import DIMENSIONS, Labelled, Labels
from lamplighter.policy.replay.result import Bounds, CallGroup

if TYPE_CHECKING:
    from lamplighter.policy.replay.ends import Ends

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

    def add(self, ends: Ends, dimensions: Mapping[str, Labelled]) -> None:
        """Count a batch: the set of each call, its residue, and its labels."""
        if not len(ends.kinds):
            return
        self.calls += len(ends.kinds)
        of_sets = summed(ends.sets, ends.calls)
        self.sets.update(of_sets)
        self.residues.update(summed(ends.residues, ends.calls))
        many = max(of_sets) + 1
        # Hour and weekday are told by the same codes.
        pairs: dict[int, tuple[Array, Array]] = {}
        for name, labelled in dimensions.items():
            key = id(labelled.codes)
            if len(labelled.places) == 1:
                pairs[key] = np.array([*of_sets]), np.array([*of_sets.values()])
            elif key not in pairs:
                pairs[key] = _pairs(labelled.codes, ends, len(labelled.places), many)
            keys, calls = pairs[key]
            codes, found = np.divmod(keys, many)
            keys, calls = _summed(labelled.places[codes].astype(np.int64) * many + found, calls)
            places, found = np.divmod(keys, many)
            labels_and_sets = zip(places.tolist(), found.tolist(), strict=True)
            self.by[name].update(dict(zip(labels_and_sets, calls.tolist(), strict=True)))


def counted(numbers: Array) -> dict[int, int]:
    """How often each number occurs; none is negative."""
    return _as_dict(*_occurring(numbers))


def summed(numbers: Array, calls: Array) -> dict[int, int]:
    """How many calls have each number that is not negative, where there are `calls[k]` calls of
    kind k, which have `numbers[k]`."""
    kinds = np.flatnonzero((numbers >= 0) & (calls > 0))
    return _as_dict(*_summed(numbers[kinds], calls[kinds]))


def _as_dict(values: Array, calls: Array) -> dict[int, int]:
    return dict(zip(values.tolist(), calls.tolist(), strict=True))


def _occurring(numbers: Array) -> tuple[Array, Array]:
    """The numbers that occur, in order, and how often each does."""
    from lamplighter.policy.replay import kind_kernels

    size = int(numbers.max()) + 1 if len(numbers) else 0
    if size >= _DENSE:
        values, calls = np.unique(numbers, return_counts=True)
        return values, calls
    parts = np.zeros((4, size), np.int64)
    kind_kernels.count(numbers, parts)
    counts = parts.sum(axis=0)
    values = np.flatnonzero(counts)
    return values, counts[values]


def _pairs(codes: Array, ends: Ends, labels: int, many: int) -> tuple[Array, Array]:
    """The pairs of a code and a set that occur, as code times `many` and the set, and how often."""
    from lamplighter.policy.replay import kind_kernels

    if labels * many >= _DENSE:
        return _occurring(codes.astype(np.int64) * many + ends.sets[ends.kinds])
    counts = np.zeros((labels, many), np.int64)
    kind_kernels.count_pairs(np.ascontiguousarray(codes), ends.kinds, ends.sets, counts)
    keys = np.flatnonzero(counts)
    return keys, counts.ravel()[keys]


def _summed(keys: Array, calls: Array) -> tuple[Array, Array]:
    """The keys that occur, each once, with all of their calls."""
    found = places = keys
    if not len(keys) or keys.max() >= _DENSE:
        found, places = np.unique(keys, return_inverse=True)
    # Sums of whole numbers are exact up to 2**53.
    sums = np.bincount(places, calls).astype(np.int64)
    if found is keys:
        found = np.flatnonzero(sums)
        sums = sums[found]
    return found, sums


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

"""Counts sets of outcomes by nature, hour, weekday and area while a history goes by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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


class Seen:
    """Which values of an output each set of outcomes leaves possible.

    `sets[s]` has the values in set s, None for a failure; bounds are told of `values`.
    """

    def __init__(self, values: Sequence[Result], sets: Sequence[frozenset[Result | None]]) -> None:
        places = {value: place for place, value in enumerate(values)}
        members = [[places[one] for one in found if one in places] for found in sets]
        self._values = values
        self._counts = np.array([len(found) for found in members], np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._members = np.array([one for found in members for one in found], np.int64)
        self._alone = np.array([len(found) == 1 for found in sets], bool)

    def bounds(
        self, labels: Array, sets: Array, calls: Array, many: int
    ) -> list[tuple[Bounds, ...]]:
        """For each of `many` labels the bounds of each value.

        Row by row `calls` have a label and a set.
        """
        counts = self._counts[sets]
        row = np.repeat(np.arange(len(sets)), counts)
        nth = np.arange(len(row)) - (np.cumsum(counts) - counts)[row]
        size = many, len(self._values)
        keys = labels[row] * size[1] + self._members[self._starts[sets][row] + nth]
        alone = self._alone[sets][row]
        # Sums of whole numbers are exact up to 2**53.
        most = np.bincount(keys, calls[row], size[0] * size[1])
        least = np.bincount(keys[alone], calls[row][alone], size[0] * size[1])
        return [
            tuple(map(Bounds, self._values, *one))
            for one in zip(
                least.reshape(size).astype(np.int64).tolist(),
                most.reshape(size).astype(np.int64).tolist(),
                strict=True,
            )
        ]


def bounds_of(sets: Mapping[int, int], seen: Seen) -> tuple[Bounds, ...]:
    """The bounds of each value in the calls that have each of some sets."""
    places, calls = np.array([*sets], np.int64), np.array([*sets.values()], np.int64)
    (found,) = seen.bounds(np.zeros(len(places), np.int64), places, calls, 1)
    return found


def grouped(
    name: str, labels: Labels, tally: Tally, seen: Seen, decided: Array
) -> tuple[CallGroup, ...]:
    """The calls of one dimension, label by label; `decided[s]` is whether set s is decided."""
    pairs = np.array([*tally.by[name]], np.int64).reshape(-1, 2)
    calls = np.array([*tally.by[name].values()], np.int64)
    occurring, label = np.unique(pairs[:, 0], return_inverse=True)
    in_all = np.bincount(label, calls, len(occurring)).astype(np.int64)
    of_decided = np.bincount(label, calls * decided[pairs[:, 1]], len(occurring)).astype(np.int64)
    groups = [
        CallGroup(labels.values[place], *counts, tuple([b for b in bounds if b.at_most]))
        for place, counts, bounds in zip(
            occurring.tolist(),
            zip(in_all.tolist(), of_decided.tolist(), strict=True),
            seen.bounds(label, pairs[:, 1], calls, len(occurring)),
            strict=True,
        )
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

"""Counts sets of outcomes by nature, hour, weekday and area while a history goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.facts import DIMENSIONS, Labelled, Labels
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.result import Bounds, CallGroup

if TYPE_CHECKING:
    from lamplighter.policy.replay.ends import Ends

Array: TypeAlias = npt.NDArray[Any]

_DENSE = 1 << 22
# Of a label and a set as one number: the label stands above so many bits.
_LABEL = 32
# These are shown in their own order, the others by how many calls they have.
_IN_ORDER = ("hour", "weekday")


def main_output(policy: Policy) -> str:
    """The output that a summary speaks of first: who responds, else the first of the outcome."""
    return "responder" if "responder" in policy.outcome else policy.outcome[0]


class Counts:
    """How many calls have each number."""

    def __init__(self) -> None:
        self._parts: list[tuple[Array, Array]] = []
        self._loose = 0

    def add(self, numbers: Array, calls: Array) -> None:
        """Count so many calls of each of these numbers, which differ from each other."""
        self._parts.append((numbers, calls))
        self._loose += len(numbers)
        if self._loose > max(_DENSE, 2 * len(self._parts[0][0])):
            self.told()

    def told(self) -> tuple[Array, Array]:
        """The numbers that some calls have, in order, and how many calls."""
        if not self._parts:
            self._parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
        if len(self._parts) > 1:
            numbers, calls = (np.concatenate(parts) for parts in zip(*self._parts, strict=True))
            self._parts = [_summed(numbers, calls)]
            self._loose = len(self._parts[0][0])
        return self._parts[0]

    def as_dict(self) -> dict[int, int]:
        """The calls by their number."""
        return _as_dict(*self.told())


class Tally:
    """How many calls have each set, each residue, each set within each label."""

    def __init__(self) -> None:
        self.calls = 0
        self.sets = Counts()
        self.residues = Counts()
        self._by = {name: Counts() for name in DIMENSIONS}

    def add(self, ends: Ends, dimensions: Mapping[str, Labelled]) -> None:
        """Count a batch: the set of each call, its residue, and its labels."""
        if not len(ends.kinds):
            return
        self.calls += len(ends.kinds)
        sets, calls_of_sets = _summed(ends.sets[ends.calls > 0], ends.calls[ends.calls > 0])
        self.sets.add(sets, calls_of_sets)
        self.residues.add(*_summed(ends.residues[ends.calls > 0], ends.calls[ends.calls > 0]))
        many = int(sets[-1]) + 1
        # Hour and weekday are told by the same codes.
        pairs: dict[int, tuple[Array, Array]] = {}
        for name, labelled in dimensions.items():
            key = id(labelled.codes)
            if len(labelled.places) == 1:
                pairs[key] = sets, calls_of_sets
            elif key not in pairs:
                pairs[key] = _pairs(labelled.codes, ends, len(labelled.places), many)
            codes, found = np.divmod(pairs[key][0], many)
            self.add_labelled(name, labelled.places[codes], found, pairs[key][1])

    def add_labelled(self, name: str, labels: Array, sets: Array, calls: Array) -> None:
        """Count so many calls with each label, a place in the labels of a dimension, and set."""
        many = int(sets.max(initial=0)) + 1
        keys, calls = _summed(labels.astype(np.int64) * many + sets, calls)
        found, sets = np.divmod(keys, many)
        self._by[name].add(found << _LABEL | sets, calls)

    def by(self, name: str) -> tuple[Array, Array, Array]:
        """The labels and sets of a dimension that occur together, and in how many calls."""
        keys, calls = self._by[name].told()
        return keys >> _LABEL, keys & ((1 << _LABEL) - 1), calls


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
    if not len(keys) or keys.max() >= max(_DENSE, 16 * len(keys)):
        found, places = np.unique(keys, return_inverse=True)
    # Sums of whole numbers are exact up to 2**53.
    sums = np.bincount(places, calls).astype(np.int64)
    if found is keys:
        found = np.flatnonzero(sums)
        sums = sums[found]
    return found, sums


class Seen:
    """Which values of an output each set of outcomes leaves possible; bounds are told of `values`.

    In `sets` 0 stands for a failure, k + 1 for the value k. What a set that is `unlisted` does not
    list may be whatever occurs elsewhere.
    """

    def __init__(self, values: Sequence[Result], sets: Listing, unlisted: Array) -> None:
        self._values = values
        self._sets = sets
        self._unlisted = unlisted

    def bounds(
        self, labels: Array, sets: Array, calls: Array, many: int
    ) -> list[tuple[Bounds, ...]]:
        """For each of `many` labels the bounds of each value that some of its calls can get.

        Row by row `calls` have a label and a set, in the order of the labels.
        """
        # Lists may have very many values, and the calls of one label few of them.
        together = max(_DENSE // (1 + len(self._values)), 1)
        found: list[tuple[Bounds, ...]] = []
        for first in range(0, many, together):
            own = slice(*np.searchsorted(labels, [first, first + together]))
            count = min(together, many - first)
            found += self._bounds(labels[own] - first, sets[own], calls[own], count)
        return found

    def _bounds(
        self, labels: Array, sets: Array, calls: Array, many: int
    ) -> list[tuple[Bounds, ...]]:
        """The same of some labels."""
        from lamplighter.policy.replay import tally_kernels

        least, most = np.zeros((2, many, 1 + len(self._values)), np.int64)
        told = self._sets.members, self._sets.starts, self._unlisted
        tally_kernels.bounds(*told, labels, sets, calls, least, most)
        rows, places = np.nonzero(most[:, 1:])
        found: list[list[Bounds]] = [[] for _ in range(many)]
        pairs = least[rows, places + 1].tolist(), most[rows, places + 1].tolist()
        for row, place, *ends in zip(rows.tolist(), places.tolist(), *pairs, strict=True):
            found[row].append(Bounds(self._values[place], *ends))
        return [tuple(own) for own in found]


def bounds_of(sets: Counts, seen: Seen) -> tuple[Bounds, ...]:
    """The bounds of each value in the calls that have each of some sets."""
    places, calls = sets.told()
    (found,) = seen.bounds(np.zeros(len(places), np.int64), places, calls, 1)
    return found


def grouped(
    name: str, labels: Labels, tally: Tally, seen: Seen, decided: Array
) -> tuple[CallGroup, ...]:
    """The calls of one dimension, label by label; `decided[s]` is whether set s is decided."""
    labelled, sets, calls = tally.by(name)
    # They are in order.
    begins = np.diff(labelled, prepend=-1) > 0
    occurring, label = labelled[begins], np.cumsum(begins) - 1
    in_all = np.bincount(label, calls, len(occurring)).astype(np.int64)
    of_decided = np.bincount(label, calls * decided[sets], len(occurring)).astype(np.int64)
    groups = [
        CallGroup(labels.values[place], *counts, bounds)
        for place, counts, bounds in zip(
            occurring.tolist(),
            zip(in_all.tolist(), of_decided.tolist(), strict=True),
            seen.bounds(label, sets, calls, len(occurring)),
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

"""The set of outcomes that is still possible in each call, exactly as `Open.possible` has it.

Calls with the same classes of facts have the same set, so each distinct combination is worked
out once, in one of two ways. Where the combinations are few enough to be listed, all of them are
decided at once and joined along one input after the other (a data cube whose cells are sets).
Where they are too many for that, the policy's diagram is asked once for each combination that
occurs: some microseconds for each, however many calls share it. The worst case is a history
that tells many inputs with many classes, so that nearly every call is a combination of its own;
it stays exact, and takes about a minute for a million combinations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import prod
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.bulk import FAILURE, Bulk, in_blocks, usable
from lamplighter.policy.replay.facts import Column

Array: TypeAlias = npt.NDArray[Any]

# A cube of sets may take this much memory, and a table of what is known of each combination.
_MOST_BYTES = 1 << 28
_SMALL = 1 << 20
_MOST_KEYS = 1 << 24
_CHUNK = 1 << 22
_NOT_SEEN = -1


class Possible:
    """Sets of outcomes of one policy, for calls that tell some of its inputs.

    `sets[s]` has the numbers of the outcomes (see `Bulk.outcomes`), in order; number 0, the
    failure, is among them where some answers leave a table without one. `calls` is about how
    many calls will be asked about: it decides whether listing all combinations is worth it.
    """

    def __init__(self, bulk: Bulk, inputs: Sequence[str], calls: int) -> None:
        self.bulk = bulk
        self.sets: list[tuple[int, ...]] = []
        axes = bulk.compiled.axes
        self.given = tuple(
            place
            for place, axis in enumerate(axes)
            if axis.name in inputs and len(axis.examples) > 1
        )
        # The classes of each given input, and one more: not asked.
        self.sizes = tuple(len(axes[place].examples) + 1 for place in self.given)
        self.strides = tuple(prod(self.sizes[:k]) for k in range(len(self.sizes)))
        self.size = prod(self.sizes)
        if self.size >= 2**62:
            raise OverflowError("the history tells too many inputs at once to be replayed")
        self._places: dict[tuple[int, ...], int] = {}
        self._of_end: list[int] = []
        self._by_ends: dict[int, int] = {}
        self._lock = Lock()
        self._calls = calls
        self._table: Array | None = None

    def of(self, columns: Mapping[str, Column], rows: int) -> tuple[Array, Array]:
        """The set of each call (a place in `sets`), and its combination (for `codes_of`)."""
        from lamplighter.policy.replay import kernels

        given = []
        for place, size, stride in zip(self.given, self.sizes, self.strides, strict=True):
            name = self.bulk.compiled.axes[place].name
            column = columns[name]
            classes = np.array(self.bulk.classes(name, column.values) or [0], np.int64)
            classes[classes < 0] = size - 1
            given.append((usable(column.codes), classes * stride))
        keys = np.empty(rows, self.key_type)
        given = [(codes, steps.astype(keys.dtype)) for codes, steps in given]

        def work(start: int, stop: int) -> None:
            keys[start:stop] = 0
            for codes, steps in given:
                kernels.add_classes(codes, start, steps, keys[start:stop])

        in_blocks(rows, work)
        return self.of_combinations(keys), keys

    @property
    def key_type(self) -> npt.DTypeLike:
        return np.int32 if self.size < 2**31 else np.int64

    def of_combinations(self, keys: Array) -> Array:
        """The set of each combination: the sum of class times stride over the given inputs."""
        if self.size > _MOST_KEYS:
            distinct, inverse = np.unique(keys, return_inverse=True)
            sets = [self.ask(self.codes_of(int(key))) for key in distinct]
            return np.array(sets or [0], np.int32)[inverse]
        if self._table is None:
            self._table = self._cube() if self._lists_all() else None
            if self._table is None:
                self._table = np.full(self.size, _NOT_SEEN, np.int32)
        found = np.empty(len(keys), np.int32)
        in_blocks(len(keys), lambda start, stop: self._find(keys[start:stop], found[start:stop]))
        return found

    def _find(self, keys: Array, found: Array) -> None:
        from lamplighter.policy.replay import kernels

        known = self._table
        assert known is not None
        if kernels.look_up(keys, known, found):
            with self._lock:
                for key in np.unique(keys[found < 0]).tolist():
                    if known[key] < 0:
                        known[key] = self.ask(self.codes_of(key))
            kernels.look_up(keys, known, found)

    def codes_of(self, key: int) -> list[int]:
        """The class of each given input in a combination, -1 where it was not asked."""
        codes = []
        for size in self.sizes:
            key, digit = divmod(key, size)
            codes.append(digit if digit < size - 1 else -1)
        return codes

    def ask(self, codes: Sequence[int]) -> int:
        """The set of a combination, from the diagram."""
        return self.ask_all(*self._known_among_all(codes))

    def known(self, key: int) -> tuple[list[int], int]:
        """The classes of all inputs in a combination, and, as bits, which of them are known."""
        return self._known_among_all(self.codes_of(key))

    def _known_among_all(self, codes: Sequence[int]) -> tuple[list[int], int]:
        every = [0] * len(self.bulk.compiled.axes)
        known = 0
        for place, code in zip(self.given, codes, strict=True):
            if code >= 0:
                every[place] = code
                known |= 1 << place
        return every, known

    def ends_of(self, wanted: Callable[[int], bool]) -> int:
        """The ends of the diagram, as bits, whose outcome has a number that is wanted."""
        ends = range(len(self.bulk.policy.engine.diagram.outcomes))
        return sum(1 << end for end in ends if wanted(self._outcome(end)))

    def ask_all(self, codes: Sequence[int], known: int) -> int:
        """The set where the inputs in the bits `known` have these classes, all inputs in order."""
        ends = self.bulk.policy.engine.diagram.restricted(codes, known).ends
        found = self._by_ends.get(ends)
        if found is None:
            found = self._by_ends[ends] = self.place(
                self._outcome(end) for end in range(ends.bit_length()) if ends >> end & 1
            )
        return found

    def place(self, outcomes: Iterator[int]) -> int:
        """The place of a set of outcomes in `sets`."""
        one = tuple(sorted(outcomes))
        found = self._places.get(one)
        if found is None:
            found = self._places[one] = len(self.sets)
            self.sets.append(one)
        return found

    def _outcome(self, end: int) -> int:
        """The number of the outcome at an end of the diagram."""
        outcomes = self.bulk.policy.engine.diagram.outcomes
        while len(self._of_end) < len(outcomes):
            outcome = outcomes[len(self._of_end)]
            self._of_end.append(self.bulk.number(outcome) if self._of_end else FAILURE)
        return self._of_end[end]

    def _lists_all(self) -> bool:
        """Whether the sets of all combinations can be listed at little cost."""
        cells = prod(len(axis.examples) for axis in self.bulk.compiled.axes)
        worth = max(_SMALL, self._calls)
        return self.size <= worth and cells <= worth

    def _cube(self) -> Array | None:
        """The set of each combination; None where it would take too much memory."""
        axes = self.bulk.compiled.axes
        counts = [len(axes[place].examples) for place in self.given]
        rest = [place for place in range(len(axes)) if place not in self.given]
        never = prod(len(axes[place].examples) for place in rest)
        chunks = [*self._decided(counts, rest, never)]
        present = np.unique(np.concatenate([np.unique(chunk) for chunk in chunks]))
        bits = min(next(size for size in (8, 16, 32, 64) if size >= len(present) or size == 64), 64)
        if self.size * (bits // 8) > _MOST_BYTES:
            return None
        known = np.zeros(self.size, np.int32)
        members: list[tuple[int, ...]] = [()]
        for first in range(0, len(present), bits):
            chosen = present[first : first + bits]
            cube = self._joined(chunks, chosen, counts, never, f"u{bits // 8}")
            known, members = _folded(known, members, cube, chosen)
        return np.array([self.place(iter(one)) for one in members], np.int32)[known]

    def _decided(self, counts: list[int], rest: list[int], never: int) -> Iterator[Array]:
        """The outcomes of all combinations of known classes, the inputs never asked innermost."""
        from lamplighter.policy.replay import kernels

        axes = self.bulk.compiled.axes
        cells = prod(counts)
        step = max(_CHUNK // never, 1)
        for start in range(0, cells, step):
            rows = (min(start + step, cells) - start) * never
            columns: dict[int, Array] = {}
            stride = 1
            for place in (*rest, *self.given):
                size = len(axes[place].examples)
                codes = columns[place] = np.empty(rows, np.int32)

                def work(low: int, high: int, codes: Array = codes, stride: int = stride) -> None:
                    kernels.split(start * never + low, stride, size, codes[low:high])  # noqa: B023

                in_blocks(rows, work)
                stride *= size
            yield self.bulk.decide_classes(columns, rows).outcomes

    def _joined(
        self, chunks: list[Array], chosen: Array, counts: list[int], never: int, kind: str
    ) -> Array:
        """The cube of sets, as bits for the chosen outcomes."""
        bit = np.zeros(len(self.bulk.outcomes), kind)
        bit[chosen] = np.left_shift(np.ones(len(chosen), kind), np.arange(len(chosen), dtype=kind))
        inner = [np.bitwise_or.reduce(bit[c].reshape(-1, never), axis=1) for c in chunks]
        # The first input varies fastest, so it is the last axis.
        shape = tuple(reversed(self.sizes))
        cube = np.zeros(shape, kind)
        box = tuple(slice(0, count) for count in reversed(counts))
        cube[box] = np.concatenate(inner).reshape(tuple(reversed(counts)))
        for axis, size in enumerate(shape):
            aligned = np.moveaxis(cube, axis, 0)
            aligned[size - 1] = np.bitwise_or.reduce(aligned[: size - 1], axis=0)
        return cube.ravel()


def _folded(
    known: Array, members: list[tuple[int, ...]], cube: Array, chosen: Array
) -> tuple[Array, list[tuple[int, ...]]]:
    """Number the distinct pairs of what is known of a cell and what the cube adds to it."""
    import pyarrow as pa

    added = pa.array(cube).dictionary_encode()
    masks = added.dictionary.to_pylist()
    pairs = known.astype(np.int64) * len(masks) + added.indices.to_numpy()
    numbered = pa.array(pairs).dictionary_encode()
    every = []
    for pair in numbered.dictionary.to_pylist():
        earlier, mask = divmod(pair, len(masks))
        more = [int(one) for bit, one in enumerate(chosen) if masks[mask] >> bit & 1]
        every.append((*members[earlier], *more))
    return numbered.indices.to_numpy(), every

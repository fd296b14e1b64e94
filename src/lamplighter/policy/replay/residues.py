"""Calls with the same future, kept as columns, since a history may have very many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Residue:
    """Calls with the same future: the classes of the known inputs of one of them, the known
    inputs as bits, and the set of outcomes (a place in `Possible.sets`)."""

    codes: tuple[int, ...]
    known: int
    found: int


class Residues:
    """The residues that came up so far, kept as columns."""

    def __init__(self, inputs: int, words: int) -> None:
        self._codes = np.zeros((0, inputs), np.int32)
        self._sets = np.zeros(0, np.int32)
        self._words = words
        self._new: list[tuple[Array, Array]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> Residue:
        codes = self._codes[place].tolist()
        known = sum(1 << position for position, code in enumerate(codes) if code >= 0)
        return Residue(tuple(max(code, 0) for code in codes), known, int(self._sets[place]))

    @property
    def sets(self) -> Array:
        """The set of each residue; one of those that have none yet is not among them."""
        return self._sets

    def add(self, codes: Array, left: Array) -> range:
        """The places of residues with these classes of inputs (-1 where one is not known)."""
        self._new.append((codes, left))
        self._count += len(codes)
        return range(self._count - len(codes), self._count)

    def without_set(self) -> tuple[Array, Array]:
        """The classes, and the rules that are left, of the residues that have no set yet."""
        codes = [self._codes[:0], *(codes for codes, _ in self._new)]
        left = [np.zeros((0, self._words), np.uint64), *(left for _, left in self._new)]
        return np.concatenate(codes), np.concatenate(left)

    def have(self, sets: Array) -> None:
        """Those without a set have these."""
        self._codes = np.concatenate([self._codes, *(codes for codes, _ in self._new)])
        self._sets = np.concatenate([self._sets, sets.astype(np.int32)])
        self._new.clear()

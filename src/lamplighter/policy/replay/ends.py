"""How calls may end: the set of outcomes still possible, told once for each kind of call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.blocks import cores, in_blocks
from lamplighter.policy.replay.bulk import Bulk, Decided
from lamplighter.policy.replay.facts import Batch, Column
from lamplighter.policy.replay.possible import Possible

Array: TypeAlias = npt.NDArray[Any]

# Where there are more residues than this, those that the calls have are numbered anew.
_FEW = 1 << 16


@dataclass(frozen=True, slots=True)
class Ends:
    """What is possible in some calls. Call i is of the kind `kinds[i]`; there are `calls[kind]` of
    it, with the set `sets[kind]` (see `Possible.sets`) and the residue `residues[kind]`."""

    kinds: Array
    calls: Array
    sets: Array
    residues: Array

    @classmethod
    def by_residue(cls, possible: Possible, residues: Array) -> Ends:
        """Where the residue of each call is known."""
        calls, _ = occurring(residues, len(possible.residues))
        names, kinds = np.arange(len(calls)), residues
        if len(calls) > _FEW:
            names = np.flatnonzero(calls)
            places = np.empty(len(calls), np.int32)
            places[names] = np.arange(len(names))
            kinds = places[residues]
        return cls(kinds, calls[names], possible.residues.sets[names], names)


def ends_of(possible: Possible, batch: Batch, decided: Decided) -> tuple[Ends, Array]:
    """What is possible in the calls of a batch, and how many of them are of each kind of `decided`.

    Calls that tell all that some rule tests end as it was decided: so what is possible is asked
    for one call of each kind.
    """
    count = len(decided.outcome_of)
    calls, places = occurring(decided.kinds, count)
    if not _tells_all(possible.bulk, batch):
        residues = possible.residues_of(batch.columns, batch.rows, decided)
        return Ends.by_residue(possible, residues), calls
    kinds = np.flatnonzero(calls)
    rows = places[kinds]
    some = {n: Column(column.codes[rows], column.values) for n, column in batch.columns.items()}
    sets, residues = np.zeros((2, count), np.int32)
    one_each = Decided(kinds.astype(np.int32), decided.outcome_of, decided.hits_of)
    residues[kinds] = possible.residues_of(some, len(kinds), one_each)
    sets[kinds] = possible.residues.sets[residues[kinds]]
    return Ends(decided.kinds, calls, sets, residues), calls


def _tells_all(bulk: Bulk, batch: Batch) -> bool:
    names = [bulk.compiled.axes[place].name for place in bulk.plan.tested]
    return all(name in batch.columns and None not in batch.columns[name].values for name in names)


def occurring(kinds: Array, count: int) -> tuple[Array, Array]:
    """How many calls there are of each kind, of so many kinds, and the place of one of them."""
    from lamplighter.policy.replay import kind_kernels

    found: list[tuple[Array, Array]] = []

    def work(start: int, stop: int) -> None:
        calls, places = np.zeros(count, np.int64), np.zeros(count, np.int64)
        kind_kernels.count_kinds(kinds[start:stop], start, calls, places)
        found.append((calls, places))

    in_blocks(len(kinds), work, -(-len(kinds) // cores()) or 1)
    calls, places = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for own, some in found:
        calls += own
        places = np.maximum(places, some)
    return calls, places

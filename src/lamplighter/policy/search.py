"""Finds a call for which given rules of a table match and others do not, or shows there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Fact
from lamplighter.policy.residue import Residues, State

_Stand: TypeAlias = tuple[int, State, int]


class Search:
    """Exact search over all calls; the tables that a table depends on are followed as well."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._residues = Residues(compiled)

    def call(self, table: int, matching: int, failing: int) -> Mapping[str, Fact] | None:
        """A call in which all rules `matching` of the table match and none of `failing` does.

        Rules are bits. The call names the inputs that this table and those before it look at.
        """
        hunt = _Hunt(self._compiled, self._residues, table, matching)
        codes = hunt.run(failing)
        if codes is None:
            return None
        axes = self._compiled.axes
        return {axes[p].name: axes[p].examples[code] for p, code in sorted(codes.items())}


class _Hunt:
    """One search: depth first over the inputs, never twice from the same stand."""

    def __init__(self, compiled: Compiled, residues: Residues, place: int, matching: int) -> None:
        self.compiled = compiled
        self.residues = residues
        self.place = place
        self.table = compiled.tables[place]
        self.matching = matching
        self.failed: set[_Stand] = set()
        sources = {place}
        for earlier in range(place, -1, -1):
            if earlier in sources:
                sources |= set(compiled.tables[earlier].sources)
        self.sources = sources - {place}
        self.looked_at = {position for t in sources for position, _ in compiled.tables[t].columns}

    def run(self, failing: int) -> dict[int, int] | None:
        # Tables that play no part count as decided: residues then leave them alone.
        start = [
            table.full if t in self.sources else -1 for t, table in enumerate(self.compiled.tables)
        ]
        state = self.residues.settle(0, start)
        return None if state is None else self.descend(0, state, failing)

    def descend(self, position: int, state: State, failing: int) -> dict[int, int] | None:
        left = self.failing_left(position, state, failing)
        if left is None:
            return None
        if position == len(self.compiled.axes):
            return {}
        if position not in self.looked_at:
            return self.descend(position + 1, state, left)
        stand = (position, state, left)
        if stand in self.failed:
            return None
        axis = self.compiled.axes[position]
        for code, accepted in enumerate(axis.masks[self.place]):
            if self.matching & ~accepted:
                continue
            after = self.residues.step(state, position, code)
            if after is None:
                continue
            codes = self.descend(position + 1, after, left & accepted)
            if codes is not None:
                codes[position] = code
                return codes
        self.failed.add(stand)
        return None

    def failing_left(self, position: int, state: State, failing: int) -> int | None:
        """The rules that must still be made to fail; None where that cannot be done any more."""
        waiting = self.residues.later[self.place][position]
        for link in self.table.links:
            source = state[link.source]
            if source < 0:
                accepted = link.masks[-1 - source]
                if self.matching & ~accepted:
                    return None
                failing &= accepted
            else:
                adds_up = self.residues.tables[link.source].table.aggregate is not None
                classes = self.residues.open_classes(link.source, source)
                if not adds_up and all(self.matching & ~link.masks[answer] for answer in classes):
                    return None
                waiting |= link.tested
        return None if failing & ~waiting else failing

"""Which question leaves the fewest rules: for policies too large to follow every answer.

A heuristic, and a cheap one: of the rules that the facts so far leave, each answer to a question
leaves some. What leaves the fewest, each answer counted as often as it occurs, is asked first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from lamplighter.policy.ask.states import positions
from lamplighter.policy.compiled import Compiled


class RulesLeft:
    """Counts the rules of one policy that answers leave."""

    def __init__(self, compiled: Compiled) -> None:
        self._tables = compiled.tables
        self._columns = [dict(table.columns) for table in compiled.tables]
        # The rules of each table that tell some answers of an input apart.
        self._tested = [
            {
                position: _union(table.full & ~mask for mask in masks)
                for position, masks in table.columns
            }
            for table in compiled.tables
        ]
        self._linked = [_union(link.tested for link in table.links) for table in compiled.tables]

    def choose(
        self, codes: Sequence[int], given: int, may: int, shares: Sequence[Sequence[float]]
    ) -> int:
        """The input among `may` (bits) after which the fewest rules are left, in expectation.

        The inputs in the bits `given` are known and of these classes. Of equals the first.
        """
        left = [self._left(place, codes, given) for place in range(len(self._tables))]
        fewest, first = math.inf, -1
        for position in positions(may):
            columns = [
                (rules, columns[position])
                for rules, columns in zip(left, self._columns, strict=True)
                if position in columns
            ]
            by_table = [[(rules & mask).bit_count() for mask in own] for rules, own in columns]
            by_class = zip(shares[position], *by_table, strict=True)
            expected = sum([share * sum(counts) for share, *counts in by_class if share])
            expected -= sum([rules.bit_count() for rules, _ in columns])
            if expected < fewest - 1e-9:
                fewest, first = expected, position
        return first

    def _left(self, place: int, codes: Sequence[int], given: int) -> int:
        """The rules of a table that the known facts leave and that can still count."""
        table, rules = self._tables[place], self._tables[place].full
        waiting = self._linked[place]
        for position, masks in table.columns:
            if given >> position & 1:
                rules &= masks[codes[position]]
            else:
                waiting |= self._tested[place][position]
        certain = rules & ~waiting
        if table.takes_first and certain:
            rules &= 2 * (certain & -certain) - 1
        return rules


def _union(bits: Iterable[int]) -> int:
    """All bits that are set in some of these."""
    found = 0
    for one in bits:
        found |= one
    return found

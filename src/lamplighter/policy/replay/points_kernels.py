"""The compiled loop that lays out which ways to answer each rule accepts.

A *point* is one way to answer all open inputs. Point p has bit p of a row of words, and the class
of the first input changes fastest from one point to the next.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import ONE, ZERO, compiled, place_of


@compiled  # type: ignore[untyped-decorator]
def spread(wanted: Any, cells: Any, offsets: Any, sizes: Any, matching: Any) -> None:
    """matching[rule] gets the points that a rule accepts, for the rules in the bits `wanted`.

    Open input k has `sizes[k]` classes; those that a rule accepts are the bits of the words of
    `cells[rule]` from `offsets[k]` on.
    """
    for word in range(len(wanted)):
        rules = wanted[word]
        while rules != ZERO:
            low = rules & (~rules + ONE)
            rules ^= low
            rule = word * 64 + place_of(low)
            row = matching[rule]
            for k in range(len(row)):
                row[k] = ZERO
            row[0] = ONE
            points = 1
            for k in range(len(sizes)):
                _repeat(row, points, cells[rule], offsets[k], sizes[k])
                points *= sizes[k]


@compiled  # type: ignore[untyped-decorator]
def in_blocks(wanted: Any, matching: Any, blocks: Any, present: Any) -> None:
    """blocks[b, rule] gets the words of matching[rule] in block b, for the rules in the bits
    `wanted`; `present[b]`, which is clear, those of them that have a point there."""
    width = matching.shape[1]
    for word in range(len(wanted)):
        rules = wanted[word]
        while rules != ZERO:
            low = rules & (~rules + ONE)
            rules ^= low
            rule = word * 64 + place_of(low)
            for b in range(len(blocks)):
                block, begin = blocks[b, rule], b * blocks.shape[2]
                count = min(width - begin, len(block))
                some = ZERO
                for k in range(count):
                    block[k] = matching[rule, begin + k]
                    some |= block[k]
                for k in range(count, len(block)):
                    block[k] = ZERO
                if some != ZERO:
                    present[b, word] |= low


@compiled  # type: ignore[untyped-decorator]
def _repeat(row: Any, points: int, cell: Any, offset: int, classes: int) -> None:
    """Put the first points of a row down once more for each class that is accepted."""
    whole = (points + 63) >> 6
    ending = (ONE << np.uint64(points & 63)) - ONE if points & 63 else ~ZERO
    for one in range(1, classes):
        if (cell[offset + (one >> 6)] >> np.uint64(one & 63)) & ONE == ZERO:
            continue
        for k in range(whole):
            bits = row[k] & ending if k == whole - 1 else row[k]
            at = one * points + 64 * k
            row[at >> 6] |= bits << np.uint64(at & 63)
            if at & 63:
                beyond = bits >> np.uint64(64 - (at & 63))
                if beyond != ZERO:
                    row[(at >> 6) + 1] |= beyond
    if cell[offset] & ONE == ZERO:
        for k in range(whole - 1):
            row[k] = ZERO
        row[whole - 1] &= ~ending

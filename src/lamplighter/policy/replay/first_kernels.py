"""The compiled truth tables of policies in whose tables the first rule decides.

Most of the time would go into guessing wrongly which rule has a point. So here whatever a rule does
is done without asking whether it has one, to a block of points at a time; and points are handed
from table to table: each is asked about those of one answer of the table before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import ONE, ZERO, add, compiled, place_of
from lamplighter.policy.replay.lanes import apart, both, either, load, some, store

_SIX = np.uint64(6)
_LAST = np.uint64(63)


@compiled  # type: ignore[untyped-decorator]
def complete_first(
    left: Any,
    rows: Any,
    points: Any,
    matching: Any,
    present: Any,
    ends: Any,
    answer_starts: Any,
    shown: Any,
    starts: Any,
    counts: Any,
    links: Any,
    hits: Any,
    places: Any,
    bits: Any,
) -> int:
    """As `truth_kernels.complete`, where the points of block b are the bits of `points[b]`.

    Of them a rule accepts `matching[b, rule]`, and `present[b]` has the rules that accept some.
    `ends[rule]` is the place of its answer among those of all tables: there `hits` gets the
    points, and the last row, which has none, is kept clear. In the last table it is what this
    answer adds to the number of an outcome.
    """
    link_tables, link_sources, link_offsets, link_masks = links
    given, how_many, gone, told, keys, seen = places
    nothing = load(hits[-1])
    last = len(starts) - 1
    looks = 0
    for b in range(len(points)):
        accepted, there = matching[b], present[b]
        for i in range(len(rows)):
            row, found = left[rows[i]], bits[i, 1:]
            # The points `rest` are put to table t.
            t, keys[0] = 0, ONE
            rest = load(points[b])
            left_over = some(rest)
            while t >= 0:
                key, count = keys[t], 0
                for word in range(starts[t], starts[t] + counts[t]):
                    rules = row[word] & there[word]
                    for k in range(len(link_tables)):
                        if link_tables[k] == t:
                            mask = link_offsets[k] + told[link_sources[k]] * counts[t]
                            rules &= link_masks[mask + word - starts[t]]
                    first = np.uint64(64 * word)
                    while t == last and (rules != ZERO) & (left_over != ZERO):
                        low = rules & (~rules + ONE)
                        rules ^= low
                        looks += 1
                        rule = first + np.uint64(place_of(low))
                        take = both(load(accepted[rule]), rest)
                        rest = apart(rest, take)
                        left_over = some(rest)
                        one = key + ends[rule]
                        found[one >> _SIX] |= some(take) << (one & _LAST)
                    while (rules != ZERO) & (left_over != ZERO):
                        low = rules & (~rules + ONE)
                        rules ^= low
                        looks += 1
                        rule = first + np.uint64(place_of(low))
                        at = ends[rule]
                        take = both(load(accepted[rule]), rest)
                        rest = apart(rest, take)
                        left_over = some(rest)
                        store(either(load(hits[at]), take), hits[at])
                        given[t, count] = at
                        count += int(some(take) & ~seen[at])
                        seen[at] |= some(take)
                if left_over != ZERO:
                    add(found, 0)
                how_many[t], gone[t] = count, 0
                # The points of the next answer that has some.
                while t >= 0 and gone[t] == how_many[t]:
                    t -= 1
                if t >= 0:
                    at = given[t, gone[t]]
                    gone[t] += 1
                    rest = load(hits[at])
                    left_over = some(rest)
                    store(nothing, hits[at])
                    seen[at] = ZERO
                    told[t] = np.int64(at) - answer_starts[t]
                    keys[t + 1] = keys[t] + shown[at]
                    t += 1
    return looks

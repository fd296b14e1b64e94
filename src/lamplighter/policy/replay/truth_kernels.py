"""The compiled truth tables: what every rule says to all answers at once, 64 of them to a word.

Ways to answer all open inputs are points, as in `points_kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import (
    ONE,
    ZERO,
    add,
    compiled,
    copy,
    has,
    is_clear,
    place_of,
)

# How the rules of a table that match one point decide: the first of them does, or none may match
# beside it, or all must say the same, or the answer with the smallest rank counts.
FIRST, ALONE, AGREEING, RANKED = range(4)

# Words of labels that are compared before it is looked whether some differed.
_AT_ONCE = 8


@compiled  # type: ignore[untyped-decorator]
def complete(
    left: Any,
    rows: Any,
    matching: Any,
    modes: Any,
    answers: Any,
    answer_starts: Any,
    ranks: Any,
    shown: Any,
    told: Any,
    starts: Any,
    counts: Any,
    links: Any,
    room: Any,
    hits: Any,
    places: Any,
    sizes: Any,
    later: Any,
    planes: Any,
    bits: Any,
) -> int:
    """bits[i] gets the outcomes that are possible where the rules left[rows[i]] may still match.

    As in `search`: outcome k is bit k of what follows the first word, 0 is a failure. The points
    are the bits of `room[0]`. Answer a of table t, counted from 1, has the place
    `answer_starts[t] + a`; there `hits` gets the points that it is given to. The tables `told`
    are those of which an outcome shows something. Gives how many rules were looked at.

    With room for a label of each point, bit b of it in the row `planes[b]`, the first word gets
    instead the open inputs, as bits, that can change the outcome. `sizes` has the classes of each,
    and `later` the points that are not of its first class.
    """
    points, okay, rest, once, twice = room[0], room[1], room[2], room[3], room[4]
    given, how_many, stamps = places
    stamp = 0
    for k in range(len(stamps)):
        stamps[k] = 0
    looks = 0
    for i in range(len(rows)):
        found = bits[i, 1:]
        copy(points, okay)
        for t in range(len(starts)):
            stamp += 1
            copy(okay, rest)
            looks += _match(
                left[rows[i]], t, matching, modes[t], answers, answer_starts, starts, counts, links,
                rest, once, twice, room[5], hits, given, how_many, stamps, stamp,
            )  # fmt: skip
            if modes[t] != FIRST:
                _resolve(
                    t, modes[t], answer_starts[t], ranks, okay, rest, once, twice, hits, given,
                    how_many,
                )  # fmt: skip
            # Left of `rest` are the points that this table fails at.
            if not is_clear(rest):
                add(found, 0)
                for k in range(len(okay)):
                    okay[k] &= ~rest[k]
                if is_clear(okay):
                    break
        for plane in range(len(planes)):
            for k in range(len(points)):
                planes[plane, k] = ZERO
        if not is_clear(okay):
            _outcomes(
                told, answer_starts, shown, okay, room[6:], hits, given, how_many, planes,
                found,
            )  # fmt: skip
        if len(planes):
            bits[i, 0] = _mattering(planes, sizes, later)
    return looks


@compiled  # type: ignore[untyped-decorator]
def _mattering(planes: Any, sizes: Any, later: Any) -> Any:
    """The inputs, as bits, of which some classes have other labels than those before them."""
    found, stride = ZERO, 1
    for k in range(len(sizes)):
        words, bits = stride >> 6, np.uint64(stride & 63)
        word, differs = words, ZERO
        # Most inputs that can matter show it soon.
        while word < planes.shape[1] and differs == ZERO:
            stop = min(word + _AT_ONCE, planes.shape[1])
            for plane in range(len(planes)):
                for at in range(word, stop):
                    # The labels of the class before. Where there is none, `later` has no points.
                    moved = planes[plane, at - words] << bits
                    moved |= planes[plane, at - words - 1] >> ONE >> (np.uint64(63) - bits)
                    differs |= (planes[plane, at] ^ moved) & later[k, at]
            word = stop
        if differs != ZERO:
            found |= ONE << np.uint64(k)
        stride *= sizes[k]
    return found


@compiled  # type: ignore[untyped-decorator]
def _label(some: Any, others: Any, key: int, planes: Any) -> None:
    """Label the points that are among both."""
    for plane in range(len(planes)):
        if key >> plane & 1:
            for k in range(len(some)):
                planes[plane, k] |= some[k] & others[k]


@compiled  # type: ignore[untyped-decorator]
def _match(
    row: Any,
    t: int,
    matching: Any,
    mode: int,
    answers: Any,
    answer_starts: Any,
    starts: Any,
    counts: Any,
    links: Any,
    rest: Any,
    once: Any,
    twice: Any,
    take: Any,
    hits: Any,
    given: Any,
    how_many: Any,
    stamps: Any,
    stamp: int,
) -> int:
    """The points that each answer of a table is given to; where the first rule decides, those
    that no rule has matched yet are what is left of `rest`. Gives the rules that it looked at."""
    link_tables, link_sources, link_offsets, link_masks = links
    width = len(rest)
    how_many[t] = looks = 0
    if mode == ALONE:
        for k in range(width):
            once[k] = twice[k] = ZERO
    for word in range(starts[t], starts[t] + counts[t]):
        rules, free = row[word], ~ZERO
        for k in range(len(link_tables)):
            if link_tables[k] == t:
                # Rules that accept some, or all, of what the earlier table answers here.
                some, every, source = ZERO, ~ZERO, link_sources[k]
                at = link_offsets[k] + word - starts[t]
                for n in range(how_many[source]):
                    mask = link_masks[at + given[source, n] * counts[t]]
                    some |= mask
                    every &= mask
                rules &= some
                free &= every
        while rules != ZERO:
            low = rules & (~rules + ONE)
            rules ^= low
            rule = word * 64 + place_of(low)
            looks += 1
            any_point = ZERO
            for k in range(width):
                take[k] = matching[rule, k] & rest[k]
                any_point |= take[k]
            if any_point == ZERO:
                continue
            if free & low == ZERO:
                _keep_linked(take, low, t, word - starts[t], counts[t], links, answer_starts,
                             hits, given, how_many)  # fmt: skip
                if is_clear(take):
                    continue
            if mode == ALONE:
                for k in range(width):
                    twice[k] |= once[k] & take[k]
                    once[k] |= take[k]
            at = answer_starts[t] + answers[rule]
            if stamps[at] != stamp:
                stamps[at] = stamp
                given[t, how_many[t]] = answers[rule]
                how_many[t] += 1
                copy(take, hits[at])
            else:
                for k in range(width):
                    hits[at, k] |= take[k]
            if mode == FIRST:
                more = ZERO
                for k in range(width):
                    rest[k] ^= take[k]
                    more |= rest[k]
                if more == ZERO:
                    return looks
    return looks


@compiled  # type: ignore[untyped-decorator]
def _keep_linked(
    take: Any,
    low: Any,
    t: int,
    word: int,
    words: int,
    links: Any,
    answer_starts: Any,
    hits: Any,
    given: Any,
    how_many: Any,
) -> None:
    """Of the points of a rule those where it accepts what the earlier tables answer."""
    link_tables, link_sources, link_offsets, link_masks = links
    for link in range(len(link_tables)):
        if link_tables[link] != t:
            continue
        source = link_sources[link]
        for n in range(how_many[source]):
            answer = given[source, n]
            if link_masks[link_offsets[link] + answer * words + word] & low == ZERO:
                # No point has two answers of one table.
                at = answer_starts[source] + answer
                for k in range(len(take)):
                    take[k] &= ~hits[at, k]


@compiled  # type: ignore[untyped-decorator]
def _resolve(
    t: int,
    mode: int,
    start: int,
    ranks: Any,
    okay: Any,
    rest: Any,
    once: Any,
    twice: Any,
    hits: Any,
    given: Any,
    how_many: Any,
) -> None:
    """Where not the first rule decides: leave each answer its points, and `rest` the failures."""
    width, count = len(rest), how_many[t]
    if mode == AGREEING:
        for k in range(width):
            once[k] = twice[k] = ZERO
        for n in range(count):
            for k in range(width):
                twice[k] |= once[k] & hits[start + given[t, n], k]
                once[k] |= hits[start + given[t, n], k]
    elif mode == RANKED:
        for n in range(1, count):
            answer, m = given[t, n], n
            while m > 0 and ranks[start + given[t, m - 1]] > ranks[start + answer]:
                given[t, m] = given[t, m - 1]
                m -= 1
            given[t, m] = answer
    kept = 0
    for n in range(count):
        answer = given[t, n]
        any_point = ZERO
        for k in range(width):
            own = hits[start + answer, k]
            own &= rest[k] if mode == RANKED else ~twice[k]
            hits[start + answer, k] = own
            rest[k] &= ~own
            any_point |= own
        if any_point != ZERO:
            given[t, kept] = answer
            kept += 1
    how_many[t] = kept


@compiled  # type: ignore[untyped-decorator]
def _outcomes(
    told: Any,
    answer_starts: Any,
    shown: Any,
    okay: Any,
    parts: Any,
    hits: Any,
    given: Any,
    how_many: Any,
    planes: Any,
    found: Any,
) -> None:
    """Add the outcomes of all points, or label these: the answers of tables that have some point
    together."""
    last = len(told) - 1
    if last < 0:
        add(found, 1)
        if len(planes):
            _label(okay, okay, 1, planes)
        return
    # The last rows of `given` and of `parts` are for this: how far each table was gone through,
    # the outcomes up to there, and their points.
    gone, keys = given[-2], given[-1]
    copy(okay, parts[0])
    level, gone[0], keys[0] = 0, 0, 1
    while level >= 0:
        t = told[level]
        if gone[level] == how_many[t]:
            level -= 1
            continue
        at = answer_starts[t] + given[t, gone[level]]
        gone[level] += 1
        key = keys[level] + shown[at]
        if level == last:
            if len(planes):
                _label(parts[level], hits[at], key, planes)
            elif not has(found, key):
                for k in range(len(okay)):
                    if parts[level, k] & hits[at, k] != ZERO:
                        add(found, key)
                        break
            continue
        any_point = ZERO
        for k in range(len(okay)):
            parts[level + 1, k] = parts[level, k] & hits[at, k]
            any_point |= parts[level + 1, k]
        if any_point != ZERO:
            level += 1
            keys[level], gone[level] = key, 0

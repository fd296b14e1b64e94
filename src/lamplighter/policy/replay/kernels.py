"""The compiled loops: joint values of facts, then one AND a word of 64 rules.

They release Python's lock, so that blocks of calls run on all cores in threads, and they are
kept on disk once compiled. A block of calls is a matrix `index` with a row for each group of
inputs, and a matrix `given` with a row for what each table answers: 0 where it has no answer, else
the number of its answer and 1. What counts rows has no sign, so that no loop asks whether it is
counted from the end.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# What numba compiles is dynamic: arrays of several kinds of whole numbers.
_compiled: Any = numba.njit(nogil=True, cache=True)

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_SHIFT = np.uint64(58)
_ONE = np.uint64(1)
_ZERO = np.uint64(0)
_PLACE = np.zeros(64, np.int32)
_PLACE[[((int(_DE_BRUIJN) << bit) & (2**64 - 1)) >> 58 for bit in range(64)]] = np.arange(64)


@_compiled  # type: ignore[untyped-decorator]
def add_scaled(codes: Any, stride: Any, index: Any) -> None:
    """index[i] += codes[i] * stride"""
    for i in range(len(index)):
        index[i] += codes[i] * stride


@_compiled  # type: ignore[untyped-decorator]
def add_steps(codes: Any, steps: Any, index: Any) -> None:
    """index[i] += steps[codes[i]]"""
    for i in range(len(index)):
        index[i] += steps[codes[i]]


@_compiled  # type: ignore[untyped-decorator]
def look_up(index: Any, steps: Any, offsets: Any, listed: Any, found: Any) -> None:
    """found[i] = listed[sum over k of steps[offsets[k] + index[k, i]]]"""
    count = len(offsets)
    # Nearly always there are up to three; one that is not there adds nothing.
    second, third = min(1, count - 1), 2 if count > 2 else 0
    of_b, of_c = np.uint32(count > 1), np.uint32(count > 2)
    index_a, index_b, index_c = index[0], index[second], index[third]
    at_a, at_b, at_c = offsets[0], offsets[second], offsets[third]
    for i in range(len(found)):
        key = steps[at_a + index_a[i]]
        key += steps[at_b + index_b[i]] * of_b + steps[at_c + index_c[i]] * of_c
        for k in range(3, count):
            key += steps[offsets[k] + index[k, i]]
        found[i] = listed[key]


@_compiled  # type: ignore[untyped-decorator]
def look_up_known(index: Any, steps: Any, offsets: Any, listed: Any, found: Any) -> int:
    """As `look_up`; what is given is negative where a number that is looked up is.

    Without steps there is one group, and what is listed stands in its order.
    """
    every = listed[:1].sum() * 0
    if len(steps) == 0:
        only = index[0]
        for i in range(len(found)):
            found[i] = listed[np.uint64(only[i])]
            every |= found[i]
        return int(every)
    index_a, index_b, at_a, at_b = index[0], index[1], offsets[0], offsets[1]
    for i in range(len(found)):
        key = steps[at_a + index_a[i]] + steps[at_b + index_b[i]]
        for k in range(2, len(offsets)):
            key += steps[offsets[k] + index[k, i]]
        found[i] = listed[key]
        every |= found[i]
    return int(every)


@_compiled  # type: ignore[untyped-decorator]
def first_rule(
    index: Any,
    given: Any,
    parts: Any,
    offsets: Any,
    links: Any,
    link_offsets: Any,
    masks: Any,
    answers: Any,
    hits: Any,
    answer_of: Any,
) -> None:
    """The rule that stands first among those that match; -1 where none does.

    Part k reads `index[parts[k]]`; its masks begin at `offsets[k]`, one row of words for each
    value of it. Links do the same with the answers `given` by earlier tables.
    `answers[rule]` goes to `answer_of`.
    """
    count, linked = len(parts), len(links)
    words = np.uint64((len(answers) + 63) // 64)
    # Nearly all tables have up to three parts and one link. One that is not there is the first
    # part once more.
    second, third = min(1, count - 1), 2 if count > 2 else 0
    index_a, index_b, index_c = index[parts[0]], index[parts[second]], index[parts[third]]
    at_a, at_b, at_c = offsets[0], offsets[second], offsets[third]
    index_d, at_d = index_a, at_a
    if linked:
        index_d, at_d = given[links[0]], link_offsets[0]
    if words == _ONE and count <= 3 and linked <= 1:
        # Without a branch: which rule is first cannot be foreseen.
        for i in range(len(hits)):
            left = masks[at_a + index_a[i]] & masks[at_b + index_b[i]]
            left &= masks[at_c + index_c[i]] & masks[at_d + index_d[i]]
            rule = _PLACE[((left & (~left + _ONE)) * _DE_BRUIJN) >> _SHIFT]
            hits[i] = -1 if left == _ZERO else rule
            answer_of[i] = np.uint32(0) if left == _ZERO else answers[rule]
        return
    for i in range(len(hits)):
        rule, answer = -1, np.uint32(0)
        a = at_a + index_a[i] * words
        b = at_b + index_b[i] * words
        c = at_c + index_c[i] * words
        d = at_d + index_d[i] * words
        for word in range(words):
            left = masks[a + word] & masks[b + word] & masks[c + word] & masks[d + word]
            for k in range(3, count):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            for k in range(1, linked):
                left &= masks[link_offsets[k] + given[links[k], i] * words + word]
            if left != _ZERO:
                low = left & (~left + _ONE)
                rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                answer = answers[rule]
                break
        hits[i] = rule
        answer_of[i] = answer


@_compiled  # type: ignore[untyped-decorator]
def matching_rules(
    index: Any,
    given: Any,
    parts: Any,
    offsets: Any,
    links: Any,
    link_offsets: Any,
    masks: Any,
    found: Any,
) -> None:
    """All rules that match, as words of bits in `found[i]`; the rest as in `first_rule`."""
    words = np.uint64(found.shape[1])
    for i in range(len(found)):
        for word in range(words):
            left = masks[offsets[0] + index[parts[0], i] * words + word]
            for k in range(1, len(parts)):
                left &= masks[offsets[k] + index[parts[k], i] * words + word]
            for k in range(len(links)):
                left &= masks[link_offsets[k] + given[links[k], i] * words + word]
            found[i, word] = left


@_compiled  # type: ignore[untyped-decorator]
def agreeing_rule(found: Any, members: Any, answers: Any, hits: Any, answer_of: Any) -> None:
    """The first of the rules `found`, where none is found that is not among `members[first]`."""
    for i in range(len(hits)):
        rule, answer = -1, np.uint32(0)
        for word in range(found.shape[1]):
            left = found[i, word]
            if left != _ZERO:
                if rule < 0:
                    low = left & (~left + _ONE)
                    rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                    answer = answers[rule]
                if left & ~members[rule, word] != _ZERO:
                    rule, answer = -1, np.uint32(0)
                    break
        hits[i] = rule
        answer_of[i] = answer


@_compiled  # type: ignore[untyped-decorator]
def keep_rules(index: Any, masks: Any, left: Any, first: bool) -> None:
    """left[i] &= masks[index[i]], word by word; `first`: instead of what stood there."""
    words = masks.shape[1]
    for i in range(len(index)):
        row = index[i]
        for word in range(words):
            mask = masks[row, word]
            left[i, word] = mask if first else left[i, word] & mask


@_compiled  # type: ignore[untyped-decorator]
def told_by_quarter(moments: Any, first: int, table: Any, found: Any) -> None:
    """found[i] = table[quarter of an hour of moments[i], in microseconds, - first]"""
    start = first * 900_000_000
    for i in range(len(moments)):
        # A constant is divided by without a division.
        found[i] = table[np.uint64(moments[i] - start) // np.uint64(900_000_000)]


@_compiled  # type: ignore[untyped-decorator]
def keep(values: Any, wanted: Any, found: Any) -> None:
    """The values of the rows that are wanted, one after the other; there is room for one more."""
    count = np.uint64(0)
    for i in range(len(values)):
        # Without a branch: which rows are wanted cannot be foreseen.
        found[count] = values[i]
        count += np.uint64(wanted[i])


@_compiled  # type: ignore[untyped-decorator]
def pick(values: Any, numbers: Any, found: Any) -> None:
    """found[i] = values[numbers[i] + 1]"""
    for i in range(len(numbers)):
        found[i] = values[np.uint64(numbers[i] + 1)]


@_compiled  # type: ignore[untyped-decorator]
def narrow(
    rows: Any,
    masks: Any,
    waits: Any,
    starts: Any,
    counts: Any,
    takes_first: Any,
    needs_rule: Any,
    link_tables: Any,
    link_sources: Any,
    link_offsets: Any,
    link_masks: Any,
    link_tested: Any,
    answers: Any,
    answer_offsets: Any,
    new: Any,
) -> None:
    """new[i * classes + c] = rows[i] & masks[c], in its simplest form.

    Behind the rules stands a word for each table, with its answer once that is certain. `waits`
    has the rules that wait for an input. Where a table needs a rule and none is left, the row is
    empty.
    """
    words, classes = masks.shape[1], len(masks)
    # Where all rules that match count and no table looks at another, this is all there is to it.
    simple = len(link_tables) == 0 and not (takes_first.any() or needs_rule.any())
    for i in range(len(rows)):
        for c in range(classes):
            row = new[i * classes + c]
            for word in range(words):
                row[word] = rows[i, word] & masks[c, word]
            for word in range(words, rows.shape[1]):
                row[word] = rows[i, word]
            if simple:
                continue
            for t in range(len(starts)):
                if row[words + t] != _ZERO:
                    continue
                start, stop = starts[t], starts[t] + counts[t]
                for k in range(len(link_tables)):
                    answer = row[words + link_sources[k]]
                    if link_tables[k] == t and answer != _ZERO:
                        at = link_offsets[k] + np.int64(answer) * counts[t]
                        for word in range(counts[t]):
                            row[start + word] &= link_masks[at + word]
                rule, before = -1, False
                for word in range(start, stop):
                    left = row[word]
                    if left == _ZERO:
                        continue
                    if takes_first[t]:
                        waiting = waits[word]
                        for k in range(len(link_tables)):
                            if row[words + link_sources[k]] == _ZERO:
                                waiting |= link_tested[k, word]
                        certain = left & ~waiting
                        if certain != _ZERO:
                            low = certain & (~certain + _ONE)
                            row[word] = left & (low | (low - _ONE))
                            if not before and row[word] == low:
                                bit = _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                                rule = (word - start) * 64 + bit
                                row[word] = _ZERO
                            before = True
                            for behind in range(word + 1, stop):
                                row[behind] = _ZERO
                            break
                    before = True
                if rule >= 0:
                    row[words + t] = answers[answer_offsets[t] + rule]
                elif needs_rule[t] and not before:
                    row[:] = _ZERO
                    break


@_compiled  # type: ignore[untyped-decorator]
def unite(children: Any, sets: Any, united: Any) -> None:
    """united[i] = all bits of sets[child] for the children of i"""
    for i in range(len(children)):
        for k in range(children.shape[1]):
            child = children[i, k]
            for word in range(sets.shape[1]):
                united[i, word] |= sets[child, word]

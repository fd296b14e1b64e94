"""The compiled search for all outcomes that the answers to open inputs can lead to.

A *box* has, for each input that nobody asked, the classes of facts that it may still have, as
words of bits: input k has those from `ends[k]` to `ends[k + 1]`. The cells of a rule are a box
as well. Rules are numbered by their bits, table by table, 64 to a word.
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
_PLACE = np.zeros(64, np.int64)
_PLACE[[((int(_DE_BRUIJN) << bit) & (2**64 - 1)) >> 58 for bit in range(64)]] = np.arange(64)

# Boxes that may wait to be looked at. One more, and the search of a call is given up.
_WAITING = 4096
_APART = -1
_MANY = 1 << 30


@_compiled  # type: ignore[untyped-decorator]
def search(
    left: Any,
    cells: Any,
    ends: Any,
    full: Any,
    avoid: Any,
    clashes: Any,
    clashing: Any,
    answers: Any,
    shown: Any,
    starts: Any,
    counts: Any,
    link_tables: Any,
    link_sources: Any,
    link_offsets: Any,
    link_masks: Any,
    most: int,
    bits: Any,
) -> int:
    """bits[i] gets the outcomes that are possible where the rules left[i] may still match.

    Table t has `counts[t]` words of rules from `starts[t]` on. Rule g alone decides where it
    matches and none of the rules `avoid[g]` does; later tables are told `answers[g]`, and
    `shown[g]` is added to the number of the outcome. Outcome 0 is a failure: in a table no rule
    matches, or two that must not (`clashes`, where the table is `clashing`).

    Outcome k is bit k of what follows the first word. Where the search was given up after `most`
    looks at a rule, the first word is 1, and all outcomes are there that the rules allow one by
    one: some of them may not be possible. Gives the looks it took.
    """
    tables, width, words = len(starts), len(full), left.shape[1]
    last = tables - 1
    boxes = np.empty((_WAITING, width), np.uint64)
    pending = np.empty((_WAITING, words), np.uint64)
    given = np.empty((_WAITING, tables), np.int64)
    keys = np.empty(_WAITING, np.int64)
    levels = np.empty(_WAITING, np.int64)
    box, pend = np.empty(width, np.uint64), np.empty(words, np.uint64)
    live = np.empty(words, np.uint64)
    told = np.empty(tables, np.int64)
    links = (link_tables, link_sources, link_offsets, link_masks)
    total = 0
    for i in range(len(left)):
        found = bits[i, 1:]
        looks = 0
        # Of this one no table has a rule that is to decide yet.
        boxes[0] = full
        pending[0] = _ZERO
        keys[0], levels[0] = 1, -1
        waiting = 1
        while waiting:
            if looks > most or waiting + 64 * words + len(ends) > _WAITING:
                bits[i, 0] = _ONE
                _allowed(
                    left[i], full, cells, ends, answers, shown, starts, counts, links,
                    live, given, keys, levels, found,
                )  # fmt: skip
                break
            waiting -= 1
            level, key = levels[waiting], keys[waiting]
            if (level == last or key == 0) and _has(found, key):
                continue
            box[:] = boxes[waiting]
            told[:] = given[waiting]
            pend[:] = pending[waiting]
            chosen, ways, seen = _taken_out(box, pend, cells, ends)
            looks += seen
            if ways == 0:
                continue
            if level < last and key > 0:
                level += 1
                start, stop = starts[level], starts[level] + counts[level]
                _live(left[i], level, start, stop, told, links, live)
                looks += _narrowed(live, box, cells, ends, start, stop)
                failed = _has(found, 0)
                covered = False
                for word in range(start, stop):
                    rules = live[word]
                    while rules != _ZERO:
                        low = rules & (~rules + _ONE)
                        rules ^= low
                        rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                        if level == last and _has(found, key + shown[rule]):
                            if not covered and not failed:
                                covered = _cut(box, cells[rule], ends) == 0
                            continue
                        inside = True
                        for k in range(width):
                            boxes[waiting, k] = box[k] & cells[rule, k]
                            inside &= boxes[waiting, k] == box[k]
                        covered |= inside
                        keys[waiting], levels[waiting] = key + shown[rule], level
                        given[waiting] = told
                        given[waiting, level] = answers[rule]
                        pending[waiting] = pend
                        for k in range(start, stop):
                            pending[waiting, k] |= avoid[rule, k - start] & live[k]
                        waiting += 1
                if not covered and not failed:
                    boxes[waiting] = box
                    keys[waiting], levels[waiting] = 0, level
                    pending[waiting] = pend | live
                    waiting += 1
                if clashing[level] and not failed:
                    before = waiting
                    waiting, seen = _clash(
                        box, pend, cells, ends, live, clashes, start, stop, boxes, pending, waiting
                    )
                    looks += seen
                    keys[before:waiting], levels[before:waiting] = 0, level
            elif chosen < 0:
                _add(found, key)
            else:
                # One box for each input whose facts may lie outside the rule's cell, none of
                # them twice: in the later ones the inputs before lie inside.
                for k in range(len(ends) - 1):
                    if _inside(box, cells[chosen], ends[k], ends[k + 1]):
                        continue
                    boxes[waiting] = box
                    keys[waiting], levels[waiting] = key, level
                    given[waiting] = told
                    pending[waiting] = pend
                    for word in range(ends[k], ends[k + 1]):
                        boxes[waiting, word] &= ~cells[chosen, word]
                        box[word] &= cells[chosen, word]
                    waiting += 1
        total += looks
    return total


@_compiled  # type: ignore[untyped-decorator]
def _allowed(
    row: Any,
    full: Any,
    cells: Any,
    ends: Any,
    answers: Any,
    shown: Any,
    starts: Any,
    counts: Any,
    links: Any,
    live: Any,
    given: Any,
    keys: Any,
    levels: Any,
    found: Any,
) -> None:
    """All outcomes that rules could give if each were free to match or not to."""
    last = len(starts) - 1
    told = np.zeros(len(starts), np.int64)
    keys[0], levels[0] = 1, 0
    waiting = 1
    while waiting:
        waiting -= 1
        key, level = keys[waiting], levels[waiting]
        told[:] = given[waiting]
        start, stop = starts[level], starts[level] + counts[level]
        _live(row, level, start, stop, told, links, live)
        covered, before = False, waiting
        for word in range(start, stop):
            rules = live[word]
            while rules != _ZERO:
                low = rules & (~rules + _ONE)
                rules ^= low
                rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                covered |= _cut(full, cells[rule], ends) == 0
                if level == last:
                    _add(found, key + shown[rule])
                    continue
                known = False
                for k in range(before, waiting):
                    known |= given[k, level] == answers[rule]
                if not known and waiting < len(keys):
                    given[waiting] = told
                    given[waiting, level] = answers[rule]
                    keys[waiting], levels[waiting] = key + shown[rule], level + 1
                    waiting += 1
        if not covered:
            _add(found, 0)


@_compiled  # type: ignore[untyped-decorator]
def _taken_out(box: Any, pend: Any, cells: Any, ends: Any) -> tuple[int, int, int]:
    """Take rules that must not match out of a box, as long as there is one way to do so.

    Gives the rule that leaves the fewest ways, -1 where all are out; these ways, 0 where a rule
    takes the whole box; and the looks it took.
    """
    looks = 0
    while True:
        chosen, fewest = -1, _MANY
        for word in range(len(pend)):
            rules = pend[word]
            while rules != _ZERO:
                low = rules & (~rules + _ONE)
                rules ^= low
                rule = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
                looks += 1
                cut = _cut(box, cells[rule], ends)
                if cut == _APART:
                    pend[word] ^= low
                elif cut == 0:
                    return rule, 0, looks
                elif cut == 1:
                    for k in range(len(ends) - 1):
                        if not _inside(box, cells[rule], ends[k], ends[k + 1]):
                            for at in range(ends[k], ends[k + 1]):
                                box[at] &= ~cells[rule, at]
                    pend[word] ^= low
                    chosen, fewest = rule, 1
                elif cut < fewest:
                    chosen, fewest = rule, cut
        if fewest != 1:
            return chosen, fewest, looks


@_compiled  # type: ignore[untyped-decorator]
def _inside(box: Any, cell: Any, start: int, stop: int) -> bool:
    inside = True
    for word in range(start, stop):
        inside &= (box[word] & ~cell[word]) == _ZERO
    return inside


@_compiled  # type: ignore[untyped-decorator]
def _narrowed(live: Any, box: Any, cells: Any, ends: Any, start: int, stop: int) -> int:
    """Leave out the rules that match nowhere in a box; gives the looks it took."""
    looks = 0
    for word in range(start, stop):
        rules = live[word]
        while rules != _ZERO:
            low = rules & (~rules + _ONE)
            rules ^= low
            looks += 1
            if _cut(box, cells[word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]], ends) == _APART:
                live[word] ^= low
    return looks


@_compiled  # type: ignore[untyped-decorator]
def _live(row: Any, level: int, start: int, stop: int, told: Any, links: Any, live: Any) -> None:
    """The rules of a table that accept what earlier tables answered."""
    link_tables, link_sources, link_offsets, link_masks = links
    live[:] = _ZERO
    for word in range(start, stop):
        live[word] = row[word]
    for k in range(len(link_tables)):
        if link_tables[k] == level:
            at = link_offsets[k] + told[link_sources[k]] * (stop - start)
            for word in range(start, stop):
                live[word] &= link_masks[at + word - start]


@_compiled  # type: ignore[untyped-decorator]
def _cut(box: Any, cell: Any, ends: Any) -> int:
    """Of how many inputs some facts of a box lie outside a rule's cells; or that all do of one."""
    outside = 0
    for k in range(len(ends) - 1):
        meets, leaves = False, False
        for word in range(ends[k], ends[k + 1]):
            meets |= (box[word] & cell[word]) != _ZERO
            leaves |= (box[word] & ~cell[word]) != _ZERO
        if not meets:
            return _APART
        outside += leaves
    return outside


@_compiled  # type: ignore[untyped-decorator]
def _clash(
    box: Any,
    pend: Any,
    cells: Any,
    ends: Any,
    live: Any,
    clashes: Any,
    start: int,
    stop: int,
    boxes: Any,
    pending: Any,
    waiting: int,
) -> tuple[int, int]:
    """Let the boxes wait in which two rules match that must not; and the looks it took."""
    looks = 0
    for word in range(start, stop):
        rules = live[word]
        while rules != _ZERO:
            low = rules & (~rules + _ONE)
            rules ^= low
            one = word * 64 + _PLACE[(low * _DE_BRUIJN) >> _SHIFT]
            for other_word in range(word, stop):
                others = live[other_word] & clashes[one, other_word - start]
                while others != _ZERO:
                    bit = others & (~others + _ONE)
                    others ^= bit
                    other = other_word * 64 + _PLACE[(bit * _DE_BRUIJN) >> _SHIFT]
                    looks += 1
                    for k in range(len(box)):
                        boxes[waiting, k] = box[k] & cells[one, k] & cells[other, k]
                    if _is_empty(boxes[waiting], ends):
                        continue
                    pending[waiting] = pend
                    waiting += 1
                    if waiting == len(boxes) or not pend.any():
                        return waiting, looks
    return waiting, looks


@_compiled  # type: ignore[untyped-decorator]
def _is_empty(box: Any, ends: Any) -> bool:
    for k in range(len(ends) - 1):
        empty = True
        for word in range(ends[k], ends[k + 1]):
            empty &= box[word] == _ZERO
        if empty:
            return True
    return False


@_compiled  # type: ignore[untyped-decorator]
def _has(found: Any, key: int) -> bool:
    return bool((found[key >> 6] >> np.uint64(key & 63)) & _ONE)


@_compiled  # type: ignore[untyped-decorator]
def _add(found: Any, key: int) -> None:
    found[key >> 6] |= _ONE << np.uint64(key & 63)

"""The compiled search for all outcomes that the answers to open inputs can lead to.

A *box* has, for each input that nobody asked, the classes of facts that it may still have, as
bits of words; the cells of a rule are a box as well. Input k has the bits `inputs[2, k]` of the
words from `inputs[0, k]` to `inputs[1, k]`. Those with few classes share the first words: in word
w they have the bits `fields[0, w]`, and above each of them one bit more, which is clear
(`fields[1, w]`). To add 1 to every bit of an input carries into that bit just where the input has
a class left, so that one addition asks about all inputs of a word. Rules are numbered by their
bits, table by table, 64 to a word. Nothing is allocated here, so that no references are counted.
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

_STEPS = tuple(np.uint64(1 << step) for step in range(6))
_APART = -1
_MANY = 1 << 30


@compiled  # type: ignore[untyped-decorator]
def search(
    left: Any,
    cells: Any,
    fields: Any,
    inputs: Any,
    full: Any,
    avoid: Any,
    clashes: Any,
    clashing: Any,
    takes_first: Any,
    always: Any,
    answers: Any,
    shown: Any,
    starts: Any,
    counts: Any,
    link_tables: Any,
    link_sources: Any,
    link_offsets: Any,
    link_masks: Any,
    most: int,
    scratch: Any,
    places: Any,
    bits: Any,
) -> int:
    """bits[i] gets the outcomes that are possible where the rules left[i] may still match.

    Table t has `counts[t]` words of rules from `starts[t]` on. Rule g alone decides where it
    matches and none of the rules `avoid[g]` does; later tables are told `answers[g]`, and
    `shown[g]` is added to the number of the outcome. Outcome 0 is a failure: in a table no rule
    matches, or two that must not (`clashes`, where the table is `clashing`). The rules `always`
    test no input.

    Outcome k is bit k of what follows the first word. Where the search was given up after `most`
    looks at a rule, the first word is 1, and all outcomes are there that the rules allow one by
    one: some of them may not be possible. Gives the looks it took.
    """
    tables, width, words = len(starts), len(full), left.shape[1]
    last = tables - 1
    boxes, pending, box, pend, live = scratch
    given, keys, levels, told = places
    links = (link_tables, link_sources, link_offsets, link_masks)
    total = 0
    for i in range(len(left)):
        found = bits[i, 1:]
        looks = 0
        # Of this one no table has a rule that is to decide yet.
        copy(full, boxes[0])
        for k in range(words):
            pending[0, k] = ZERO
        keys[0], levels[0] = 1, -1
        waiting = 1
        while waiting:
            if looks > most or waiting + 64 * words + inputs.shape[1] > len(keys):
                bits[i, 0] = ONE
                _allowed(
                    left[i], full, cells, fields, inputs, answers, shown, starts, counts, links,
                    live, given, keys, levels, told, found,
                )  # fmt: skip
                break
            waiting -= 1
            level, key = levels[waiting], keys[waiting]
            if (level == last or key == 0) and has(found, key):
                continue
            copy(boxes[waiting], box)
            copy(given[waiting], told)
            copy(pending[waiting], pend)
            chosen, ways, seen = _taken_out(box, pend, cells, fields, inputs)
            looks += seen
            if ways == 0:
                continue
            if level < last and key > 0:
                level += 1
                start, stop = starts[level], starts[level] + counts[level]
                _live(left[i], level, start, stop, told, links, live)
                failed = has(found, 0)
                # Nothing new can come of it: every outcome that its rules allow is there.
                done, sure = level == last, failed
                for word in range(start, stop):
                    sure |= live[word] & always[word] != ZERO
                    rules = live[word] if done else ZERO
                    while rules != ZERO and done:
                        low = rules & (~rules + ONE)
                        rules ^= low
                        done = has(found, key + shown[word * 64 + place_of(low)])
                if done and sure and not (clashing[level] and not failed):
                    continue
                seen, covered = _narrowed(
                    live, box, cells, fields, inputs, start, stop, takes_first[level]
                )
                looks += seen
                # The last rule is put down first: what stands first is sought first.
                for word in range(stop - 1, start - 1, -1):
                    rules = live[word]
                    while rules != ZERO:
                        high = rules
                        for step in _STEPS:
                            high |= high >> step
                        high ^= high >> ONE
                        rules ^= high
                        rule = word * 64 + place_of(high)
                        if level == last and has(found, key + shown[rule]):
                            continue
                        for k in range(width):
                            boxes[waiting, k] = box[k] & cells[rule, k]
                        keys[waiting], levels[waiting] = key + shown[rule], level
                        copy(told, given[waiting])
                        given[waiting, level] = answers[rule]
                        copy(pend, pending[waiting])
                        for k in range(start, stop):
                            pending[waiting, k] |= avoid[rule, k - start] & live[k]
                        waiting += 1
                if not covered and not failed:
                    copy(box, boxes[waiting])
                    keys[waiting], levels[waiting] = 0, level
                    for k in range(words):
                        pending[waiting, k] = pend[k] | live[k]
                    waiting += 1
                if clashing[level] and not failed:
                    before = waiting
                    waiting, seen = _clash(
                        box,
                        pend,
                        cells,
                        fields,
                        inputs,
                        live,
                        clashes,
                        start,
                        stop,
                        boxes,
                        pending,
                        waiting,
                    )
                    looks += seen
                    for k in range(before, waiting):
                        keys[k], levels[k] = 0, level
            elif chosen < 0:
                add(found, key)
            else:
                # One box for each input whose facts may lie outside the rule's cell, none of
                # them twice: in the later ones the inputs before lie inside.
                for k in range(inputs.shape[1]):
                    if not _leaves(box, cells, chosen, fields, inputs, k):
                        continue
                    copy(box, boxes[waiting])
                    keys[waiting], levels[waiting] = key, level
                    copy(told, given[waiting])
                    copy(pend, pending[waiting])
                    for word in range(inputs[0, k], inputs[1, k]):
                        boxes[waiting, word] &= ~(cells[chosen, word] & inputs[2, k])
                        box[word] &= cells[chosen, word] | ~inputs[2, k]
                    waiting += 1
        total += looks
    return total


@compiled  # type: ignore[untyped-decorator]
def _allowed(
    row: Any,
    full: Any,
    cells: Any,
    fields: Any,
    inputs: Any,
    answers: Any,
    shown: Any,
    starts: Any,
    counts: Any,
    links: Any,
    live: Any,
    given: Any,
    keys: Any,
    levels: Any,
    told: Any,
    found: Any,
) -> None:
    """All outcomes that rules could give if each were free to match or not to."""
    last = len(starts) - 1
    keys[0], levels[0] = 1, 0
    waiting = 1
    while waiting:
        waiting -= 1
        key, level = keys[waiting], levels[waiting]
        copy(given[waiting], told)
        start, stop = starts[level], starts[level] + counts[level]
        _live(row, level, start, stop, told, links, live)
        covered, before = False, waiting
        for word in range(start, stop):
            rules = live[word]
            while rules != ZERO:
                low = rules & (~rules + ONE)
                rules ^= low
                rule = word * 64 + place_of(low)
                covered |= _cut(full, cells, rule, fields, inputs) == 0
                if level == last:
                    add(found, key + shown[rule])
                    continue
                known = False
                for k in range(before, waiting):
                    known |= given[k, level] == answers[rule]
                if not known and waiting < len(keys):
                    copy(told, given[waiting])
                    given[waiting, level] = answers[rule]
                    keys[waiting], levels[waiting] = key + shown[rule], level + 1
                    waiting += 1
        if not covered:
            add(found, 0)


@compiled  # type: ignore[untyped-decorator]
def _taken_out(box: Any, pend: Any, cells: Any, fields: Any, inputs: Any) -> tuple[int, int, int]:
    """Take rules that must not match out of a box, as long as there is one way to do so.

    Gives the rule that leaves the fewest ways, -1 where all are out; these ways, 0 where a rule
    takes the whole box; and the looks it took.
    """
    looks = 0
    while True:
        chosen, fewest = -1, _MANY
        for word in range(len(pend)):
            rules = pend[word]
            while rules != ZERO:
                low = rules & (~rules + ONE)
                rules ^= low
                rule = word * 64 + place_of(low)
                looks += 1
                cut = _cut(box, cells, rule, fields, inputs)
                if cut == _APART:
                    pend[word] ^= low
                elif cut == 0:
                    return rule, 0, looks
                elif cut == 1:
                    for k in range(inputs.shape[1]):
                        if _leaves(box, cells, rule, fields, inputs, k):
                            for at in range(inputs[0, k], inputs[1, k]):
                                box[at] &= ~(cells[rule, at] & inputs[2, k])
                    pend[word] ^= low
                    chosen, fewest = rule, 1
                elif cut < fewest:
                    chosen, fewest = rule, cut
        if fewest != 1:
            return chosen, fewest, looks


@compiled  # type: ignore[untyped-decorator]
def _leaves(box: Any, cells: Any, rule: int, fields: Any, inputs: Any, k: int) -> bool:
    """Whether some facts of an input that a box has lie outside a rule's cell."""
    outside = ZERO
    for word in range(inputs[0, k], inputs[1, k]):
        outside |= box[word] & ~cells[rule, word] & inputs[2, k]
    return bool(outside != ZERO)


@compiled  # type: ignore[untyped-decorator]
def _narrowed(
    live: Any, box: Any, cells: Any, fields: Any, inputs: Any, start: int, stop: int, first: bool
) -> tuple[int, bool]:
    """Leave out the rules that match nowhere in a box and, where the first one decides, those
    behind one that always matches; gives the looks it took, and whether there is such a one."""
    looks, covered = 0, False
    for word in range(start, stop):
        rules = live[word]
        while rules != ZERO:
            low = rules & (~rules + ONE)
            rules ^= low
            if covered and first:
                live[word] ^= low
                continue
            looks += 1
            cut = _cut(box, cells, word * 64 + place_of(low), fields, inputs)
            if cut == _APART:
                live[word] ^= low
            covered |= cut == 0
    return looks, covered


@compiled  # type: ignore[untyped-decorator]
def _live(row: Any, level: int, start: int, stop: int, told: Any, links: Any, live: Any) -> None:
    """The rules of a table that accept what earlier tables answered."""
    link_tables, link_sources, link_offsets, link_masks = links
    for word in range(len(live)):
        live[word] = row[word] if start <= word < stop else ZERO
    for k in range(len(link_tables)):
        if link_tables[k] == level:
            at = link_offsets[k] + told[link_sources[k]] * (stop - start)
            for word in range(start, stop):
                live[word] &= link_masks[at + word - start]


@compiled  # type: ignore[untyped-decorator]
def _cut(box: Any, cells: Any, rule: int, fields: Any, inputs: Any) -> int:
    """Of how many inputs some facts of a box lie outside a rule's cells; or that all do of one."""
    outside = 0
    for word in range(fields.shape[1]):
        meets = (box[word] & cells[rule, word]) + fields[0, word]
        if meets & fields[1, word] != fields[1, word]:
            return _APART
        leaves = ((box[word] & ~cells[rule, word]) + fields[0, word]) & fields[1, word]
        while leaves != ZERO:
            leaves &= leaves - ONE
            outside += 1
    for k in range(inputs.shape[1] - 1, -1, -1):
        if inputs[0, k] < fields.shape[1]:
            break
        meets, leaves = ZERO, ZERO
        for word in range(inputs[0, k], inputs[1, k]):
            meets |= box[word] & cells[rule, word]
            leaves |= box[word] & ~cells[rule, word]
        if meets == ZERO:
            return _APART
        outside += leaves != ZERO
    return outside


@compiled  # type: ignore[untyped-decorator]
def _clash(
    box: Any,
    pend: Any,
    cells: Any,
    fields: Any,
    inputs: Any,
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
        while rules != ZERO:
            low = rules & (~rules + ONE)
            rules ^= low
            one = word * 64 + place_of(low)
            for other_word in range(word, stop):
                others = live[other_word] & clashes[one, other_word - start]
                while others != ZERO:
                    bit = others & (~others + ONE)
                    others ^= bit
                    other = other_word * 64 + place_of(bit)
                    looks += 1
                    for k in range(len(box)):
                        boxes[waiting, k] = box[k] & cells[one, k] & cells[other, k]
                    if _is_empty(boxes[waiting], fields, inputs):
                        continue
                    copy(pend, pending[waiting])
                    waiting += 1
                    if waiting == len(boxes) or is_clear(pend):
                        return waiting, looks
    return waiting, looks


@compiled  # type: ignore[untyped-decorator]
def _is_empty(box: Any, fields: Any, inputs: Any) -> bool:
    for k in range(inputs.shape[1]):
        there = ZERO
        for word in range(inputs[0, k], inputs[1, k]):
            there |= box[word] & inputs[2, k]
        if there == ZERO:
            return True
    return False

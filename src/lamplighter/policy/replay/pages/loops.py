"""The compiled loops over pages of Parquet: headers, runs of codes, and codes packed into bits.

They release Python's lock and are kept on disk once compiled. What they read may be damaged or
made to do harm: nothing is read or written before it is known to lie within its page. `words` is
the same memory as `body`, where `words[at]` is the number in the eight bytes from `at` on; at least
eight bytes that no page has stand at its end.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# What numba compiles is dynamic: arrays of several kinds of whole numbers.
_compiled: Any = numba.njit(nogil=True, cache=True)

# A row of what `page_headers` finds: the fields of a page header, in the order of the format
# (parquet.thrift of the Apache Parquet project), then where the bytes of the page begin.
UNPACKED, PACKED, KIND, COUNT, AT, FOUND = 1, 2, 3, 4, 11, 12
# Of a data page of the first version and of a dictionary.
ENCODING = 5
# Of a data page of the second version.
ENCODING_2, LEVELS_2, REPEATS_2, IS_PACKED_2 = 7, 8, 9, 10
# What KIND says: which header stands in the page header.
DATA, DICTIONARY, DATA_2 = 5, 7, 8

# A row for each data page: where its levels and its values begin and end, its values in number,
# and how these are encoded. Levels of the first version stand before the values: then -1.
LEVELS, LEVELS_END, VALUES, VALUES_END, ROWS, ENCODED, PAGE = 0, 1, 2, 3, 4, 5, 6
PLAIN = 0

_DEEPEST = 4
_SEVEN = np.uint64(7)
_THREE = np.uint64(3)


@_compiled  # type: ignore[untyped-decorator]
def _varint(body: Any, at: int, end: int) -> Any:
    """A number of seven bits a byte, and where it ends; -1 where it does not."""
    number = np.uint64(0)
    for place in range(10):
        if at >= end:
            return np.uint64(0), -1
        byte = np.uint64(body[at])
        at += 1
        number |= (byte & np.uint64(127)) << np.uint64(7 * place)
        if byte < np.uint64(128):
            return number, at
    return np.uint64(0), -1


@_compiled  # type: ignore[untyped-decorator]
def page_headers(body: Any, found: Any) -> int:
    """Walk from page to page of a column; how many there are, -1 where they cannot be told.

    -2 where `found` has too few rows. Headers are in the compact protocol of Thrift.
    """
    size = len(body)
    last = np.zeros(_DEEPEST + 1, np.int64)
    at: Any = 0
    pages = 0
    while at < size:
        if pages == len(found):
            return -2
        row = found[pages]
        row[:] = 0
        row[IS_PACKED_2] = 1
        depth = 1
        last[1] = 0
        while depth:
            if at >= size:
                return -1
            head = np.int64(body[at])
            at += 1
            if head == 0:
                depth -= 1
                continue
            kind, step = head & 15, head >> 4
            if step:
                last[depth] += step
            else:
                number, at = _varint(body, at, size)
                if at < 0:
                    return -1
                last[depth] = np.int64(number >> np.uint64(1)) & 0xFFFF
            field = last[depth]
            value: Any = 0
            if kind <= 2:
                value = kind & 1
            elif kind == 3:
                at += 1
            elif kind <= 6:
                number, at = _varint(body, at, size)
                if at < 0:
                    return -1
                value = np.int64(number >> np.uint64(1)) ^ -np.int64(number & np.uint64(1))
            elif kind == 7:
                at += 8
            elif kind == 8:
                number, at = _varint(body, at, size)
                if at < 0 or number > np.uint64(size - at):
                    return -1
                at += np.int64(number)
            elif kind == 12 and depth < _DEEPEST:
                if depth == 1 and field in (DATA, DICTIONARY, DATA_2):
                    row[KIND] = field
                depth += 1
                last[depth] = 0
                continue
            else:
                return -1
            if depth == 1 and 1 <= field <= 3:
                row[field - 1] = value
            elif depth == 2 and last[1] == row[KIND] and 1 <= field <= 7:
                row[COUNT - 1 + field] = value
        if row[PACKED] < 0 or row[UNPACKED] < 0 or row[COUNT] < 0 or row[PACKED] > size - at:
            return -1
        row[AT] = at
        at += row[PACKED]
        pages += 1
    return pages


@_compiled  # type: ignore[untyped-decorator]
def _runs(body: Any, words: Any, at: Any, end: int, width: int, limit: int, out: Any) -> bool:
    """Fill `out` with codes of so many bits, in runs of one code or packed; all below `limit`.

    False where the runs end too soon or a code is too large.
    """
    mask = (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    most = np.uint64(limit)
    done: Any = 0
    count = len(out)
    while done < count:
        head, at = _varint(body, at, end)
        if at < 0 or head >= np.uint64(1 << 40):
            return False
        many = np.int64(head >> np.uint64(1))
        if head & np.uint64(1):
            values: Any = min(8 * many, count - done)
            if values == 0 or (values * width + 7) // 8 > end - at:
                return False
            own = out[done : done + values]
            start, step = np.uint64(at), np.uint64(width)
            largest = np.uint64(0)
            first: Any = 0
            if width <= 8:
                # Eight bytes have eight codes, each of them in the same place.
                for group in range(np.uint64(values) >> _THREE):
                    word = words[start + group * step]
                    for k in range(8):
                        code = (word >> (np.uint64(k) * step)) & mask
                        largest = max(largest, code)
                        own[(group << _THREE) + np.uint64(k)] = code
                first = values & ~7
            for i in range(first, values):
                bit = np.uint64(i) * step
                code = (words[start + (bit >> _THREE)] >> (bit & _SEVEN)) & mask
                largest = max(largest, code)
                own[i] = code
            if largest >= most:
                return False
            at += many * width
        else:
            values = min(many, count - done)
            whole = (width + 7) // 8
            if values == 0 or whole > end - at:
                return False
            code = words[at] & ((np.uint64(1) << np.uint64(8 * whole)) - np.uint64(1))
            if code >= most:
                return False
            out[done : done + values] = code
            at += whole
        done += values
    return True


@_compiled  # type: ignore[untyped-decorator]
def _told(body: Any, words: Any, page: Any, flags: Any) -> Any:
    """How many values of a page are there, and where they begin; -1 where that is damaged.

    `flags` says of each row whether it has a value, unless all have one, or none.
    """
    rows = page[ROWS]
    at, end, values = page[LEVELS], page[LEVELS_END], page[VALUES]
    if at < 0:
        if page[VALUES_END] - values < 4:
            return -1, values
        length = np.int64(words[values] & np.uint64(0xFFFFFFFF))
        at = values + 4
        if length > page[VALUES_END] - at:
            return -1, values
        end = values = at + length
    head, behind = _varint(body, at, end)
    if behind < 0 or behind >= end:
        return (-1 if rows else 0), values
    if not head & np.uint64(1) and np.int64(head >> np.uint64(1)) >= rows and body[behind] < 2:
        return rows * body[behind], values
    if not _runs(body, words, at, end, 1, 2, flags[:rows]):
        return -1, values
    return np.int64(np.sum(flags[:rows])), values


@_compiled  # type: ignore[untyped-decorator]
def _codes_of_page(body: Any, words: Any, start: int, end: int, limit: int, out: Any) -> Any:
    """The codes of a page: a byte with their width, then runs."""
    if len(out) == 0:
        return True
    if start >= end or body[start] > 32:
        return False
    return _runs(body, words, start + 1, end, np.int64(body[start]), limit, out)


@_compiled  # type: ignore[untyped-decorator]
def codes(body: Any, words: Any, pages: Any, optional: bool, limit: int, out: Any) -> int:
    """The codes of a column of words, `limit` where a row is empty; how many rows are.

    -1 where a page is damaged.
    """
    flags = np.empty(pages[:, ROWS].max() if optional else 0, np.uint8)
    done = empty = 0
    for p in range(len(pages)):
        page = pages[p]
        rows, start = page[ROWS], page[VALUES]
        there = rows
        if optional:
            there, start = _told(body, words, page, flags)
            if there < 0:
                return -1
        own = out[done : done + rows]
        if not _codes_of_page(body, words, start, page[VALUES_END], limit, own[:there]):
            return -1
        if there < rows:
            empty += rows - there
            for i in range(rows - 1, -1, -1):
                if there and flags[i]:
                    there -= 1
                    own[i] = own[there]
                else:
                    own[i] = limit
        done += rows
    return empty


@_compiled  # type: ignore[untyped-decorator]
def longs(body: Any, words: Any, pages: Any, optional: bool, listed: Any, out: Any) -> bool:
    """The numbers of a column, plain or as codes of those listed.

    False where a page is damaged or a row is empty.
    """
    flags = np.empty(pages[:, ROWS].max() if optional else 0, np.uint8)
    places = np.empty(pages[:, ROWS].max(), np.int32)
    done = 0
    for p in range(len(pages)):
        page = pages[p]
        rows, start = page[ROWS], page[VALUES]
        if optional:
            there, start = _told(body, words, page, flags)
            if there != rows:
                return False
        own = out[done : done + rows]
        if page[ENCODED] == PLAIN:
            if 8 * rows > page[VALUES_END] - start:
                return False
            first = np.uint64(start)
            for i in range(rows):
                own[i] = words[first + (np.uint64(i) << _THREE)]
        else:
            found = places[:rows]
            if not _codes_of_page(body, words, start, page[VALUES_END], len(listed), found):
                return False
            for i in range(rows):
                own[i] = listed[np.uint64(found[i])]
        done += rows
    return True


@_compiled  # type: ignore[untyped-decorator]
def pack(numbers: Any, codes: Any, width: int, words: Any) -> None:
    """Pack codes[numbers[i]], of so many bits each, into the bytes that are seen as `words`.

    These are eight more than the codes take.
    """
    step, full = np.uint64(width), np.uint64(64)
    first: Any = 0
    if width <= 8:
        # Eight codes are eight bytes or less; what is too much is written over by the next.
        for group in range(np.uint64(len(numbers)) >> _THREE):
            word = np.uint64(0)
            for k in range(8):
                number = numbers[(group << _THREE) + np.uint64(k)]
                word |= np.uint64(codes[np.uint64(number)]) << (np.uint64(k) * step)
            words[group * step] = word
        first = len(numbers) & ~7
    word = filled = np.uint64(0)
    at = np.uint64(first) * step >> _THREE
    for i in range(first, len(numbers)):
        code = np.uint64(codes[np.uint64(numbers[i])])
        word |= code << filled
        filled += step
        if filled >= full:
            words[at] = word
            at += np.uint64(8)
            filled -= full
            word = code >> (step - filled)
    if filled:
        words[at] = word


@_compiled  # type: ignore[untyped-decorator]
def there(numbers: Any, codes: Any, kept: Any, flags: Any) -> int:
    """flags[i] = whether codes[numbers[i]] is not negative; those numbers, one after another.

    How many they are.
    """
    count = 0
    for i in range(len(numbers)):
        known = codes[np.uint64(numbers[i])] >= 0
        flags[i] = known
        kept[count] = numbers[i]
        count += known
    return count


@_compiled  # type: ignore[untyped-decorator]
def put_lists(pieces: Any, starts: Any, data: Any, begins: Any, found: Any) -> None:
    """Put words behind their lengths, of four bytes; word k is made of the pieces from `starts[k]`
    to the next one's, and piece p is data[begins[p]:begins[p + 1]]."""
    at = 0
    for k in range(len(starts) - 1):
        head = at
        at += 4
        for n in range(starts[k], starts[k + 1]):
            piece = pieces[n]
            for byte in range(begins[piece], begins[piece + 1]):
                found[at] = data[byte]
                at += 1
        for byte in range(4):
            found[head + byte] = (at - head - 4) >> (8 * byte) & 255

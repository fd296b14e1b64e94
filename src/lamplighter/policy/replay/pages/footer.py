"""What the footer of a Parquet file says of its groups of rows and of their columns.

PyArrow knows that too, but asked about a damaged footer it may end the process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.policy.replay.pages import thrift

MARK = b"PAR1"
_TAIL = 8
_MOST = 1 << 28


class NotOurs(Exception):
    """This is for PyArrow: it is written in another way than replays read, or damaged."""


@dataclass(frozen=True)
class Column:
    """The numbers that parquet.thrift has for a column in a group of rows, and where its pages are.

    `size` is that of all pages and headers once unpacked, `packed` their size in the file.
    """

    type: int
    encodings: tuple[int, ...]
    path: tuple[str, ...]
    codec: int
    values: int
    size: int
    packed: int
    first: int
    dictionary: int | None

    @property
    def start(self) -> int:
        """Where its first page begins, of data or the dictionary."""
        return self.first if self.dictionary is None else min(self.first, self.dictionary)


@dataclass(frozen=True)
class Group:
    """A group of rows; a column that is encrypted or stands in another file is None."""

    rows: int
    columns: tuple[Column | None, ...]


def read_groups(file: int) -> tuple[Group, ...]:
    """The groups of rows of an open file, given by its number.

    Raises `NotOurs` where the footer is damaged.
    """
    size = os.fstat(file).st_size
    tail = os.pread(file, _TAIL, max(size - _TAIL, 0))
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != MARK or not 0 < length <= min(size - _TAIL, _MOST):
        raise NotOurs
    return groups_of(os.pread(file, length, size - _TAIL - length))


def groups_of(footer: bytes) -> tuple[Group, ...]:
    """The groups of rows that a footer has. Raises `NotOurs` where it is damaged."""
    try:
        groups = [held for _, held in thrift.read(footer)[4][1]]
        found = [
            Group(_number(group[3]), tuple(_column(held) for _, held in group[1][1]))
            for group in groups
        ]
    except (thrift.ThriftError, LookupError, TypeError, AttributeError):
        raise NotOurs from None
    if any(group.rows < 0 for group in found):
        raise NotOurs
    return tuple(found)


def _column(chunk: Mapping[int, thrift.Value]) -> Column | None:
    # In a file of its own, or encrypted.
    if 3 not in chunk or {1, 8, 9} & chunk.keys():
        return None
    about: Mapping[int, thrift.Value] = chunk[3][1]
    dictionary = _number(about[11]) if 11 in about else 0
    return Column(
        type=_number(about[1]),
        encodings=tuple(_number(value) for value in about[2][1]),
        path=tuple(name.decode(errors="replace") for _, name in about[3][1]),
        codec=_number(about[4]),
        values=_number(about[5]),
        size=_number(about[6]),
        packed=_number(about[7]),
        first=_number(about[9]),
        dictionary=dictionary if dictionary > 0 else None,
    )


def _number(value: thrift.Value) -> int:
    _, held = value
    if not isinstance(held, int):
        raise TypeError
    return held

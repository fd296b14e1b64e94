"""Reads columns of words as codes, and columns of whole numbers, from the pages of a chunk."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.replay.pages import loops
from lamplighter.policy.replay.pages.chunks import (
    DICTIONARIES,
    PLAIN,
    Chunk,
    is_one_of,
    pages_of,
)
from lamplighter.policy.replay.pages.footer import NotOurs

Array: TypeAlias = npt.NDArray[Any]


def coded(chunk: Chunk, optional: bool) -> tuple[Array, list[str | None]]:
    """The codes of a column of words, and its words; None is the last where some rows are empty.

    Raises `NotOurs` where some page is not of codes, or is damaged.
    """
    pages = pages_of(chunk)
    if not is_one_of(pages.table[:, loops.ENCODED], *DICTIONARIES):
        raise NotOurs
    words: list[str | None] = [*_words(pages.listed, pages.count)]
    found = np.empty(chunk.rows, np.uint8 if len(words) < 256 else np.int32)
    empty = loops.codes(pages.body, pages.words, pages.table, optional, len(words), found)
    if empty < 0:
        raise NotOurs
    return found, [*words, None] if empty else words


def longs(chunk: Chunk, optional: bool) -> Array:
    """The numbers of a column of 64 bits each.

    Raises `NotOurs` where a row is empty, or a page is encoded in another way, or damaged.
    """
    pages = pages_of(chunk)
    if not is_one_of(pages.table[:, loops.ENCODED], PLAIN, *DICTIONARIES):
        raise NotOurs
    if len(pages.listed) != 8 * pages.count:
        raise NotOurs
    listed = np.frombuffer(pages.listed, np.int64)
    found = np.empty(chunk.rows, np.int64)
    if not loops.longs(pages.body, pages.words, pages.table, optional, listed, found):
        raise NotOurs
    return found


def _words(listed: memoryview, count: int) -> list[str]:
    """The words of a dictionary: each its length in four bytes, then UTF-8."""
    words = []
    at = 0
    for _ in range(count):
        start = at + 4
        at = start + int.from_bytes(listed[at:start], "little")
        if at > len(listed):
            raise NotOurs
        try:
            words.append(str(listed[start:at], "utf-8"))
        except UnicodeDecodeError:
            raise NotOurs from None
    return words

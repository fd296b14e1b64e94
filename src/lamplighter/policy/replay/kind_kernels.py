"""The compiled loops over kinds of calls: they are made of what hits, counted and looked up.

Like those of `kernels` they release Python's lock and are kept on disk once compiled.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

# What numba compiles is dynamic: arrays of several kinds of whole numbers.
_compiled: Any = numba.njit(nogil=True, cache=True)


@_compiled  # type: ignore[untyped-decorator]
def combine(hits: Any, strides: Any, numbers: Any, found: Any) -> int:
    """The number of what hits in all tables; counts those not seen yet, which are -1.

    found[i] = numbers[sum of (what hits in a table, from -1, + 1) times stride]
    """
    missing = 0
    second = min(1, len(strides) - 1)
    hits_a, hits_b = hits[0], hits[second]
    stride_a, stride_b = strides[0], strides[second] * np.uint64(second)
    for i in range(len(found)):
        key = np.uint64(hits_a[i] + 1) * stride_a + np.uint64(hits_b[i] + 1) * stride_b
        for k in range(2, len(strides)):
            key += np.uint64(hits[k, i] + 1) * strides[k]
        value = numbers[key]
        found[i] = value
        missing += value < 0
    return missing


@_compiled  # type: ignore[untyped-decorator]
def mark_combined(hits: Any, strides: Any, met: Any) -> None:
    """Mark where `combine` looks."""
    for i in range(hits.shape[1]):
        key = np.uint64(0)
        for k in range(len(strides)):
            key += np.uint64(hits[k, i] + 1) * strides[k]
        met[key] = True


@_compiled  # type: ignore[untyped-decorator]
def of_each(values: Any, numbers: Any, found: Any) -> None:
    """found[i] = values[numbers[i]]"""
    for i in range(len(found)):
        found[i] = values[np.uint64(numbers[i])]


@_compiled  # type: ignore[untyped-decorator]
def count(numbers: Any, counts: Any) -> None:
    """The sum of the four rows of counts[:, numbers[i]] += 1.

    To add to what was added to just before takes long, and most numbers are often the same.
    """
    a, b, c, d = counts
    whole = len(numbers) & ~3
    for i in range(0, whole, 4):
        a[np.uint64(numbers[i])] += 1
        b[np.uint64(numbers[i + 1])] += 1
        c[np.uint64(numbers[i + 2])] += 1
        d[np.uint64(numbers[i + 3])] += 1
    for i in range(whole, len(numbers)):
        a[np.uint64(numbers[i])] += 1


@_compiled  # type: ignore[untyped-decorator]
def count_kinds(kinds: Any, first: int, counts: Any, places: Any) -> None:
    """counts[kinds[i]] += 1, and places[kinds[i]] = first + i"""
    for i in range(len(kinds)):
        kind = np.uint64(kinds[i])
        counts[kind] += 1
        places[kind] = first + i


@_compiled  # type: ignore[untyped-decorator]
def count_pairs(codes: Any, kinds: Any, others: Any, counts: Any) -> None:
    """counts[codes[i], others[kinds[i]]] += 1"""
    for i in range(len(codes)):
        counts[np.uint64(codes[i]), np.uint64(others[np.uint64(kinds[i])])] += 1

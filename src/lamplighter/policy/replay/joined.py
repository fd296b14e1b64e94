"""Several columns of small codes joined into few numbers a call, at the speed of memory.

The codes of a column are used as they are: what they stand for is asked once for each joint
value, not once for each call. So a call costs one multiplication and one addition a column, which
the processor does for sixteen calls at a time. Only a column of many words is first translated
into the classes that the policy tells apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

# Columns of more words than this, and than the policy has classes, are translated.
_FEW_WORDS = 64


@dataclass(frozen=True, slots=True)
class Given:
    """The facts of one input: a call with the code c has a fact of the class `classes[c]`."""

    codes: Array
    classes: Array


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that are joined: the sum of digit times stride. `classes[k][digit]` is the class
    that a digit of input k stands for."""

    inputs: tuple[int, ...]
    strides: tuple[int, ...]
    classes: tuple[Array, ...]

    @property
    def size(self) -> int:
        return prod(len(classes) for classes in self.classes)

    def keys(self, strides: Mapping[int, int]) -> Array:
        """For each joint value the sum of class times stride, where an input has one."""
        keys = np.zeros(1, np.int32)
        for position, classes in zip(self.inputs, self.classes, strict=True):
            own = classes * np.int32(strides.get(position, 0))
            keys = (own[:, None] + keys[None, :]).ravel()
        return keys


class Joined:
    """Inputs in as few groups as may be, of at most `most` joint values where that is possible."""

    def __init__(self, given: Mapping[int, Given], most: int) -> None:
        self._columns: dict[int, tuple[Array, Array | None]] = {}
        classes: dict[int, Array] = {}
        for position, one in given.items():
            codes = usable(one.codes)
            told = np.unique(one.classes)
            if len(one.classes) <= max(_FEW_WORDS, len(told)):
                self._columns[position] = codes, None
                classes[position] = one.classes
            else:
                self._columns[position] = codes, np.searchsorted(told, one.classes)
                classes[position] = told
        self.groups = tuple(
            Group(
                inputs,
                tuple(prod(len(classes[p]) for p in inputs[:k]) for k in range(len(inputs))),
                tuple(classes[position] for position in inputs),
            )
            for inputs in _binned({position: len(own) for position, own in classes.items()}, most)
        )

    def steps(self, strides: Mapping[int, int]) -> tuple[Array, Array]:
        """What each joint value adds to a sum of class times stride, and where groups begin."""
        steps = [group.keys(strides) for group in self.groups]
        offsets = np.cumsum([0, *[len(one) for one in steps[:-1]]])
        return np.concatenate(steps).astype(np.uint32), offsets.astype(np.uint64)

    def of(self, start: int, stop: int) -> Array:
        """A row for each group, with the joint value of each call of a block."""
        from lamplighter.policy.replay import kernels

        index = np.zeros((len(self.groups), stop - start), np.uint32)
        for group, row in zip(self.groups, index, strict=True):
            for position, stride in zip(group.inputs, group.strides, strict=True):
                codes, digits = self._columns[position]
                if digits is None:
                    kernels.add_scaled(codes[start:stop], np.uint32(stride), row)
                else:
                    steps = (digits * stride).astype(np.uint32)
                    kernels.add_steps(codes[start:stop], steps, row)
        return index


def _binned(sizes: Mapping[int, int], most: int) -> list[tuple[int, ...]]:
    """Inputs in bins: the one with the most values first, each into the first bin with room."""
    bins: list[list[int]] = []
    for position in sorted(sizes, key=lambda position: (-sizes[position], position)):
        for one in bins:
            if prod(sizes[p] for p in one) * sizes[position] <= most:
                one.append(position)
                break
        else:
            bins.append([position])
    return [tuple(one) for one in bins] or [()]


def usable(codes: Array) -> Array:
    """Codes of a kind that the loops are compiled for."""
    if codes.dtype in (np.uint8, np.int32):
        return codes
    return codes.astype(np.uint8 if codes.dtype == np.int8 else np.int32)

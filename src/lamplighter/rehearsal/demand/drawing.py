"""Draws what a history does not tell, so that the same call says the same whatever is compared."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import UNKNOWN
from lamplighter.policy.errors import FactError
from lamplighter.rehearsal.answers import Answer, Rates

Array = npt.NDArray[Any]


def uniform(seed: int, name: str, places: Array) -> npt.NDArray[np.float64]:
    """A number from 0 to 1 for each call, by the seed, a name and the place of the call.

    It depends on nothing else: neither on other calls nor on other facts. The mixing is that of
    SplitMix64 (Steele, Lea and Flood, 2014).

    >>> bool((uniform(1, "weapon", np.arange(9)) == uniform(1, "weapon", np.arange(9))).all())
    True
    """
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    mixed = places.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed += np.uint64(int.from_bytes(digest[:8], "little"))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    found: npt.NDArray[np.float64] = (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return found


def drawn_classes(
    axis: Axis, rates: Rates, natures: Sequence[str | None], nature: Array, numbers: Array
) -> npt.NDArray[np.int32]:
    """The class of what is answered in each call, `nature` being its place in `natures`.

    Where no rate is stated, or the stated answer is none that the policy knows, the answer is
    that nobody knows.
    """
    said = [
        rates.natures.get(name or "", {}).get(axis.name)
        or rates.facts.get(axis.name)
        or (("unknown", 1.0),)
        for name in natures
    ]
    many = max((len(answers) for answers in said), default=1)
    # Answers that a nature does not have end where they begin: nobody gives them.
    ends = np.ones((len(said), many))
    classes = np.zeros((len(said), many), np.int32)
    for place, answers in enumerate(said):
        ends[place, : len(answers) - 1] = np.cumsum([share for _, share in answers])[:-1]
        classes[place, : len(answers)] = [_class_of(axis, answer) for answer, _ in answers]
    chosen = np.zeros(len(nature), np.intp)
    for answer in range(many - 1):
        chosen += numbers >= ends[:, answer][nature]
    found: npt.NDArray[np.int32] = classes[nature, chosen]
    return found


def _class_of(axis: Axis, answer: Answer) -> int:
    try:
        return axis.code(answer)
    except FactError:
        return axis.codes[UNKNOWN]

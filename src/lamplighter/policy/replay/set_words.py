"""Sets of outcomes as the words of a file of outcomes, put together for those that it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.replay.bulk import UNLISTED, Bulk
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.ordered import Ordered
from lamplighter.policy.replay.pages import loops
from lamplighter.policy.replay.pages.writing import Words
from lamplighter.policy.replay.result import ReplayError, plain_outcome

Array: TypeAlias = npt.NDArray[Any]

# An outcome that is the only one of a set, the first, one between others, and the last.
_FORMS = ("[{}]", "[{}, ", "{}, ", "{}]")
_ONLY, _FIRST, _BETWEEN, _LAST = range(4)
_MOST_BYTES = (1 << 31) - 1


class SetWords(Words):
    """Each set as a JSON list of its outcomes in the policy's order: null for a failure, "more" for
    what is not listed."""

    def __init__(self, bulk: Bulk, sets: Listing) -> None:
        self._bulk, self._sets = bulk, sets

    def __len__(self) -> int:
        return len(self._sets)

    def taken(self, places: Array) -> tuple[Array, int, memoryview]:
        outcomes = list(self._bulk.outcomes)
        # A set may be there twice, once as one that is unsure.
        first, codes = self._sets.picked(places).kinds()
        sets = Ordered(self._bulk).of(self._sets.picked(places[first]))
        words = [_word(outcome) for outcome in outcomes]
        forms = [form.format(word).encode() for form in _FORMS for word in words]
        lengths = np.array([len(form) for form in forms])
        pieces = _formed(sets, len(outcomes))
        size = int(lengths[pieces].sum()) + 4 * len(sets)
        if size > _MOST_BYTES:
            raise ReplayError(
                f"{len(sets):,} different sets of outcomes are too many for one group of rows: "
                "write the history in smaller groups of rows, or replay without -o."
            )
        found = np.empty(size, np.uint8)
        data, begins = np.frombuffer(b"".join(forms), np.uint8), np.cumsum([0, *lengths])
        loops.put_lists(pieces, sets.starts, data, begins, found)
        return codes, len(sets), found.data


def _formed(sets: Listing, outcomes: int) -> Array:
    """The form in which each member of each set stands in its list; form f of outcome k has the
    number `f * outcomes + k`."""
    forms = np.full(len(sets.members), _BETWEEN)
    begins, lasts = sets.starts[:-1], sets.starts[1:] - 1
    forms[lasts] = _LAST
    forms[begins] = np.where(begins == lasts, _ONLY, _FIRST)
    return forms * outcomes + sets.members


def _word(outcome: Mapping[str, Result]) -> str:
    told = "more" if outcome is UNLISTED else plain_outcome(outcome) if outcome else None
    return json.dumps(told, ensure_ascii=False)

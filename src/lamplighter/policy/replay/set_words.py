"""Sets of outcomes as the words of a file of outcomes, put together for those that it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.replay.bulk import UNLISTED, Bulk
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.ordered import Ordered
from lamplighter.policy.replay.pages.writing import Words
from lamplighter.policy.replay.result import plain_outcome

if TYPE_CHECKING:
    import pyarrow as pa

Array: TypeAlias = npt.NDArray[Any]

# Sets that are put together at once.
_BLOCK = 1 << 15


class SetWords(Words):
    """Each set as a JSON list of its outcomes in the policy's order: null for a failure, "more" for
    what is not listed."""

    def __init__(self, bulk: Bulk, sets: Listing) -> None:
        self._bulk, self._sets = bulk, sets

    def __len__(self) -> int:
        return len(self._sets)

    def taken(self, places: Array) -> pa.Array:
        import pyarrow as pa

        ordered = Ordered(self._bulk)
        words = [_word(outcome) for outcome in self._bulk.outcomes]
        # An outcome between others, the first, the last, and the only one of a set.
        forms = pa.array(
            [form.format(word) for form in ("{}", "[{}", "{}]", "[{}]") for word in words]
        )
        blocks = [places[start : start + _BLOCK] for start in range(0, len(places), _BLOCK)]
        told = [_joined(ordered.of(self._sets.picked(block)), forms) for block in blocks]
        return pa.concat_arrays(told) if told else forms[:0]


def _joined(sets: Listing, forms: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as compute

    members, outcomes = sets.members.astype(np.int32), len(forms) // 4
    members[sets.starts[:-1]] += outcomes
    members[sets.starts[1:] - 1] += 2 * outcomes
    words = forms.take(pa.array(members))
    lists = pa.ListArray.from_arrays(pa.array(sets.starts.astype(np.int32)), words)
    return compute.binary_join(lists, ", ")


def _word(outcome: Mapping[str, Result]) -> str:
    told = "more" if outcome is UNLISTED else plain_outcome(outcome) if outcome else None
    return json.dumps(told, ensure_ascii=False)

"""What a replay tells of sets of outcomes: which values they leave possible, and the sets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.replay.bulk import UNLISTED
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.ordered import Ordered, values_in_order
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import PossibleSet
from lamplighter.policy.replay.tally import Seen, main_output

Array: TypeAlias = npt.NDArray[Any]


def gaps_of(possible: Possible, start: int = 0) -> Array:
    """How many values of the main output each set, from this one on, leaves open, a failure among
    them; 0 for one."""
    main = main_output(possible.bulk.policy)
    numbers: dict[Result | None, int] = {}
    of_outcome = [
        numbers.setdefault(outcome.get(main), len(numbers)) for outcome in possible.bulk.outcomes
    ]
    values = possible.sets.renumbered(np.array(of_outcome), start).counts
    return np.where(values > 1, values, 0)


def seen_of(possible: Possible, occurring: Array) -> dict[str, Seen]:
    """By output the values that each set leaves possible, of those that are in some occurring
    set."""
    policy, outcomes = possible.bulk.policy, possible.bulk.outcomes
    sets = possible.sets.listing
    occurs, unlisted = np.zeros((2, len(sets)), bool)
    occurs[occurring] = unlisted[list(possible.unlisted)] = True
    met = np.zeros(len(outcomes), bool)
    met[sets.members[sets.of_each(occurs)]] = True
    found = {}
    for name in policy.outcome:
        values = values_in_order(policy, name, [outcomes[n] for n in np.flatnonzero(met)])
        places = {value: place for place, value in enumerate(values, 1)}
        of_outcome = [places.get(outcome[name], 0) if outcome else 0 for outcome in outcomes]
        found[name] = Seen(values, possible.sets.renumbered(np.array(of_outcome)), unlisted)
    return found


class PossibleSets(Sequence[PossibleSet]):
    """The sets that calls have, the most frequent first, told when somebody reads them.

    A history may have nearly as many sets as calls, and hardly anybody reads them.
    """

    def __init__(self, possible: Possible, sets: Listing, places: Array, calls: Array) -> None:
        self._bulk = possible.bulk
        self._sets = sets.picked(places)
        self._calls = calls
        self._unsure, self._unlisted = (
            {place for place, number in enumerate(places.tolist()) if number in some}
            if some
            else set()
            for some in (possible.unsure, possible.unlisted)
        )

    def __len__(self) -> int:
        return len(self._calls)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    @overload
    def __getitem__(self, place: int) -> PossibleSet: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[PossibleSet, ...]: ...
    def __getitem__(self, place: int | slice) -> PossibleSet | tuple[PossibleSet, ...]:
        found = self._order[place]
        return self._tell(found) if isinstance(found, int) else tuple(map(self._tell, found))

    @cached_property
    def _listed(self) -> Listing:
        """The outcomes of each set that can be told, in the policy's order."""
        ordered = Ordered(self._bulk).of(self._sets)
        can_be = np.array([outcome is not UNLISTED for outcome in self._bulk.outcomes])
        return ordered.only(can_be[ordered.members])

    @cached_property
    def _order(self) -> list[int]:
        """The places of the sets, the most frequent first, then by their outcomes as words."""
        words = [str(dict(outcome)) for outcome in self._bulk.outcomes]
        ranks = {word: rank for rank, word in enumerate(sorted(set(words)))}
        of_outcome = np.array([ranks[word] for word in words], ">u4")
        # Numbers whose largest byte is first are in order as bytes, too.
        told, size = of_outcome[self._listed.members].tobytes(), of_outcome.itemsize
        ends = (size * self._listed.starts).tolist()
        keys = [
            (-calls, told[start:stop])
            for calls, (start, stop) in zip(self._calls.tolist(), pairwise(ends), strict=True)
        ]
        return sorted(range(len(keys)), key=keys.__getitem__)

    def _tell(self, place: int) -> PossibleSet:
        members = self._listed.members[slice(*self._listed.starts[place : place + 2])]
        return PossibleSet(
            tuple([self._bulk.outcomes[member] for member in members.tolist()]),
            int(self._calls[place]),
            place not in self._unsure,
            place in self._unlisted,
        )

"""Puts outcomes, and the values in them, into the policy's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from lamplighter.policy.domains import Domain, Result
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.listing import Listing


class Ordered:
    """Where each outcome of a bulk stands in the policy's order.

    There are few outcomes and very many sets of them, so places are worked out for the outcomes,
    anew only where others have come up.
    """

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._places = self._numbers = np.zeros(0, np.int64)

    def of(self, sets: Listing) -> Listing:
        """The outcomes of each set in the policy's order; what is empty, a failure, comes first."""
        if len(self._places) < len(self._bulk.outcomes):
            # What stands at the same place, a failure and what is not listed, is told by number.
            placed = np.array(self._placed(list(self._bulk.outcomes)), np.int64)
            self._numbers = np.lexsort((np.arange(len(placed)), placed))
            self._places = np.argsort(self._numbers)
        found = sets.renumbered(self._places)
        return Listing(self._numbers[found.members], found.starts)

    def _placed(self, outcomes: Sequence[Mapping[str, Result]]) -> list[int]:
        policy = self._bulk.policy
        domains = {name: policy.output(name).domain for name in policy.outcome}
        ranks = [
            tuple([rank(domains[name], value) for name, value in outcome.items()])
            for outcome in outcomes
        ]
        places = {ranked: place for place, ranked in enumerate(sorted(set(ranks)))}
        return [places[ranked] for ranked in ranks]


def values_in_order(
    policy: Policy, name: str, outcomes: Iterable[Mapping[str, Result]]
) -> list[Result]:
    """The values of an output that some of the outcomes have, as the policy orders them."""
    found = {outcome[name] for outcome in outcomes if outcome}
    return sorted(found, key=lambda value: rank(policy.output(name).domain, value))


def rank(domain: Domain, result: Result) -> tuple[float, ...]:
    """Where a value stands in the policy's order; of a list, all of its values."""
    places: list[float] = []
    for value in result if isinstance(result, tuple) else (result,):
        number = domain.number(value)
        if number is not None:
            places.append(number)
        elif isinstance(value, str):
            places.append(domain.values.index(value))
        else:
            places.append(not value)
    return tuple(places)

"""The compiled loop that sums up bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.policy.replay.bit_kernels import compiled


@compiled  # type: ignore[untyped-decorator]
def bounds(
    members: Any,
    starts: Any,
    unlisted: Any,
    labels: Any,
    sets: Any,
    calls: Any,
    least: Any,
    most: Any,
) -> None:
    """most[labels[i], k] += calls[i] for each member k of the set sets[i], or each k where that is
    unlisted; where it is the only member of the set, least too.

    The members of set s are members[starts[s]:starts[s + 1]].
    """
    for i in range(len(sets)):
        one, label = sets[i], np.uint64(labels[i])
        if unlisted[one]:
            for k in range(most.shape[1]):
                most[label, k] += calls[i]
            continue
        for at in range(starts[one], starts[one + 1]):
            most[label, members[at]] += calls[i]
        if starts[one + 1] - starts[one] == 1:
            least[label, members[starts[one]]] += calls[i]

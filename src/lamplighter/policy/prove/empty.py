"""Finds promises that nothing could break: "never: weapon and not weapon" promises nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamplighter.policy.axes import Axis
from lamplighter.policy.model import Policy
from lamplighter.policy.promises import condition_of
from lamplighter.policy.prove.ways import Ways
from lamplighter.policy.report import Finding


def empty_promises(policy: Policy, axes: Sequence[Axis]) -> Iterator[Finding]:
    """One finding for each promise that no facts and no answers whatever could break.

    The axes must be cut for the promises.
    """
    by_name = {axis.name: axis for axis in axes}
    for promise in policy.promises:
        condition = condition_of(policy, promise)
        if not Ways(policy, by_name, condition).any():
            message = (
                f"promise {promise.id} promises nothing: whatever the call and the answer, "
                "what it says is never done; mend or remove it"
            )
            yield Finding("empty", message, line=promise.line)

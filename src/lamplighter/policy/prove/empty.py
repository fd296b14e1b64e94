"""Finds promises that nothing could break: "never: weapon and not weapon" promises nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lamplighter.policy.axes import Axis
from lamplighter.policy.model import Policy
from lamplighter.policy.promises import condition_of
from lamplighter.policy.prove.ways import Ways
from lamplighter.policy.report import Finding
from lamplighter.policy.sentences import say


def empty_promises(policy: Policy, axes: Sequence[Axis]) -> Iterator[Finding]:
    """One finding for each promise that no facts and no answers whatever could break.

    The axes must be cut for the promises.
    """
    by_name = {axis.name: axis for axis in axes}
    for promise in policy.promises:
        condition = condition_of(policy, promise)
        if not Ways(policy, by_name, condition).any():
            yield Finding("empty", say("found.empty", name=promise.id), line=promise.line)

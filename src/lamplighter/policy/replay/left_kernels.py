"""The compiled loop over what the facts of calls leave of the rules."""

from __future__ import annotations

from typing import Any

from lamplighter.policy.replay.bit_kernels import ONE, ZERO, compiled


@compiled  # type: ignore[untyped-decorator]
def rules_left(index: Any, offsets: Any, masks: Any, begins: Any, both: Any, rows: Any) -> None:
    """rows[i] = all of masks[offsets[k] + index[k, i]], without the rules behind a certain one.

    A mask has the rules that may match, then those that are certain to where they are left, then
    words that are kept as they are. `begins` has all bits of the word in which a table begins.
    """
    words = len(begins)
    for i in range(len(rows)):
        row = masks[offsets[0] + index[0, i]]
        for k in range(len(both)):
            both[k] = row[k]
        for group in range(1, len(offsets)):
            row = masks[offsets[group] + index[group, i]]
            for k in range(len(both)):
                both[k] &= row[k]
        # Without a branch: where a table ends cannot be foreseen.
        open_ = ZERO
        for k in range(words):
            open_ |= begins[k]
            certain = both[k] & both[words + k]
            rows[i, k] = both[k] & (certain ^ (certain - ONE)) & open_
            open_ = open_ if certain == ZERO else ZERO
        for k in range(2 * words, len(both)):
            rows[i, k - words] = both[k]

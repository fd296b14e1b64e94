"""One pass over the calls of a scenario: what each needs, as one number, and what comes up."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.compiled import whole

LOWEST = -128  # of the priorities that there can be


@whole  # type: ignore[untyped-decorator]
def read_calls(
    columns: Any, tables: Any, priority: Any, codes: Any, seen: Any, priorities: Any
) -> None:
    """Sum up for each call what the tables say of its columns, and mark which sums are seen.

    What is not told, as -1, stands first in a table: no place is looked at for whether it counts
    from the end.
    """
    responder, backup, area, nature = columns
    of_responder, of_backup, of_area, of_nature = tables
    for call in range(len(codes)):
        code = (
            of_responder[np.uint32(responder[call] + 1)]
            + of_backup[np.uint32(backup[call] + 1)]
            + of_area[np.uint32(area[call] + 1)]
            + of_nature[np.uint32(nature[call] + 1)]
        )
        codes[call] = code
        seen[np.uint32(code)] = True
        priorities[np.uint32(priority[call] - LOWEST)] = True

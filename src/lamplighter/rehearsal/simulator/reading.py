"""One pass over the calls of a scenario: what each needs, as one number, and what comes up."""

from __future__ import annotations

from typing import Any

from lamplighter.rehearsal.simulator.compiled import whole

LOWEST = -128  # of the priorities that there can be


@whole  # type: ignore[untyped-decorator]
def read_calls(
    columns: Any, tables: Any, priority: Any, codes: Any, seen: Any, priorities: Any
) -> None:
    """Sum up for each call what the tables say of its columns, and mark which sums are seen.

    -1, which is not told, reads the last place of a table.
    """
    responder, backup, area, nature = columns
    of_responder, of_backup, of_area, of_nature = tables
    for call in range(len(codes)):
        code = (
            of_responder[responder[call]]
            + of_backup[backup[call]]
            + of_area[area[call]]
            + of_nature[nature[call]]
        )
        codes[call] = code
        seen[code] = True
        priorities[priority[call] - LOWEST] = True

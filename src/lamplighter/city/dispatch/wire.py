"""The board as JSON: what the page is given first, and what changes after that."""

import uuid
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from .board import Board


def whole(board: Board) -> dict[str, Any]:
    """Everything on the board; it replaces what a page knew."""
    return {
        "at": board.at,
        "seq": board.seq,
        "incidents": [asdict(incident) for incident in board.incidents],
        "units": [asdict(unit) for unit in board.units],
    }


def part(
    board: Board, incident_ids: Collection[uuid.UUID], unit_ids: Collection[uuid.UUID]
) -> dict[str, Any]:
    """What was asked for, and of it what is no longer on the board: closed, or out of service."""
    incidents = {incident.id for incident in board.incidents}
    units = {unit.id for unit in board.units}
    return {
        **whole(board),
        "gone_incidents": sorted(set(incident_ids) - incidents),
        "gone_units": sorted(set(unit_ids) - units),
    }

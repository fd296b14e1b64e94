"""What the live process knows of the board, encoded once however many boards are open."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime

from lamplighter.city.dispatch.board import Board, BoardIncident, BoardUnit

from .messages import encoded, event

Encoded = dict[uuid.UUID, bytes]


class Known:
    """The board as last read. Every change gives the bytes to send, or None if nothing differs."""

    def __init__(self) -> None:
        self.at: datetime | None = None
        self.seq = 0
        self.next_change: datetime | None = None
        self._incidents: Encoded = {}
        self._units: Encoded = {}
        self._units_on: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
        self._snapshot: bytes | None = None

    @property
    def unit_ids(self) -> list[uuid.UUID]:
        return list(self._units)

    def units_on(self, incident_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """The units that are at work on any of these incidents."""
        return {unit for pk in incident_ids for unit in self._units_on.get(pk, ())}

    def replace(self, board: Board) -> bytes | None:
        """Take the whole board as read; what is not on it is gone."""
        incident_ids = {*self._incidents, *(incident.id for incident in board.incidents)}
        unit_ids = {*self._units, *(unit.id for unit in board.units)}
        self.next_change = board.next_change()
        return self.take(board, incident_ids, unit_ids)

    def take(
        self, board: Board, incident_ids: Collection[uuid.UUID], unit_ids: Collection[uuid.UUID]
    ) -> bytes | None:
        """Take what was read of some incidents and units; of these, what is not there is gone."""
        incidents = _differing(board.incidents, self._incidents)
        units = _differing(board.units, self._units)
        gone_incidents = _gone(incident_ids, board.incidents, self._incidents)
        gone_units = _gone(unit_ids, board.units, self._units)
        for incident in board.incidents:
            self._units_on[incident.id] = frozenset(
                sent.unit_id for sent in incident.assignments if sent.cleared_at is None
            )
        for pk in gone_incidents:
            del self._incidents[pk], self._units_on[pk]
        for pk in gone_units:
            del self._units[pk]
        self._incidents.update(incidents)
        self._units.update(units)
        self.at, self.seq = board.at, max(self.seq, board.seq)
        if not (incidents or units or gone_incidents or gone_units):
            return None
        self._snapshot = None
        return event(
            "change",
            b'{"at":%b,"seq":%d,"incidents":[%b],"units":[%b],'
            b'"gone_incidents":%b,"gone_units":%b}'
            % (
                encoded(board.at),
                board.seq,
                b",".join(incidents.values()),
                b",".join(units.values()),
                encoded(gone_incidents),
                encoded(gone_units),
            ),
        )

    def snapshot(self) -> bytes:
        """The whole board; it replaces what a page knew."""
        if self._snapshot is None:
            self._snapshot = event(
                "snapshot",
                b'{"at":%b,"seq":%d,"incidents":[%b],"units":[%b]}'
                % (
                    encoded(self.at),
                    self.seq,
                    b",".join(self._incidents.values()),
                    b",".join(self._units.values()),
                ),
            )
        return self._snapshot


def _differing(read: Iterable[BoardIncident | BoardUnit], known: Encoded) -> Encoded:
    new = {one.id: encoded(asdict(one)) for one in read}
    return {pk: content for pk, content in new.items() if known.get(pk) != content}


def _gone(
    asked: Collection[uuid.UUID], read: Iterable[BoardIncident | BoardUnit], known: Encoded
) -> list[uuid.UUID]:
    there = {one.id for one in read}
    return [pk for pk in asked if pk in known and pk not in there]

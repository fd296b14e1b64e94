"""The rows of the board as the first paint shows them: calls and units, codes turned into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .board import BoardIncident, BoardUnit
from .models import UnitKind

# Icons of icons.svg by kind of unit; the answer that needs two kinds shows the ambulance.
KIND_ICONS = {
    "police": "local_police",
    "fire": "local_fire_department",
    "ems": "medical_services",
    "co_response": "local_police",
    "community_team": "groups",
    "ems_and_community_team": "medical_services",
    "outreach_team": "directions_walk",
    "violence_interrupters": "groups",
    "mediation": "chat",
    "clinician_by_phone": "phone",
    "crisis_line": "phone",
    "traffic_desk": "support_agent",
    "report_desk": "support_agent",
    "self_service": "edit",
}
# And by what a unit is doing: a shape of its own beside the word.
STATE_ICONS = {
    "free": "unit-free",
    "assigned": "unit-sent",
    "accepted": "check",
    "en_route": "unit-on-the-way",
    "on_scene": "unit-on-scene",
    "off_shift": "unit-off-shift",
}


@dataclass(frozen=True)
class CallRow:
    """One call in a list."""

    incident: BoardIncident
    nature: str
    team: str
    icon: str
    sent: str
    still: str
    backup: str
    is_late: bool
    minutes: int


@dataclass(frozen=True)
class UnitRow:
    """One unit in a list."""

    unit: BoardUnit
    state: str
    icon: str
    more: str


@dataclass(frozen=True)
class UnitGroup:
    """The units of one kind."""

    kind: str
    name: str
    icon: str
    units: tuple[UnitRow, ...]
    free: int


def call_rows(
    incidents: Iterable[BoardIncident], words: dict[str, Any], now: datetime
) -> list[CallRow]:
    """The rows of some incidents, in their order."""
    return [_call_row(incident, words, now) for incident in incidents]


def _call_row(incident: BoardIncident, words: dict[str, Any], now: datetime) -> CallRow:
    there = [sent for sent in incident.assignments if sent.cleared_at is None]
    kinds = words["kind"]
    return CallRow(
        incident=incident,
        nature=words["nature"].get(incident.nature, incident.nature),
        team=words["responder"][incident.responder],
        icon=KIND_ICONS[incident.responder],
        sent=", ".join(f"{sent.call_sign}: {words['state'][sent.status]}" for sent in there),
        still=", ".join(kinds[kind] for kind in incident.missing) if there else "",
        backup=", ".join(
            _("Backup: %(kind)s, %(minutes)s min")
            % {"kind": kinds[asked.kind], "minutes": minutes_since(asked.asked_at, now)}
            for asked in incident.backup
        ),
        is_late=incident.minutes_left(now) < 0,
        minutes=minutes_since(incident.first_call_at, incident.helped_since or now),
    )


def minutes_since(start: datetime, end: datetime) -> int:
    """Whole minutes passed, never negative."""
    return max(0, int((end - start).total_seconds() // 60))


def unit_groups(
    units: Iterable[BoardUnit], words: dict[str, Any], now: datetime
) -> list[UnitGroup]:
    """The units by kind, kinds in the order declared; a kind without units is left out."""
    units = list(units)
    groups = []
    for kind in UnitKind.values:
        rows = tuple(_unit_row(unit, words, now) for unit in units if unit.kind == kind)
        if rows:
            free = sum(row.unit.state == "free" for row in rows)
            groups.append(UnitGroup(kind, words["kind"][kind], KIND_ICONS[kind], rows, free))
    return groups


def _unit_row(unit: BoardUnit, words: dict[str, Any], now: datetime) -> UnitRow:
    if unit.since is not None:
        more = _("%(minutes)s min") % {"minutes": minutes_since(unit.since, now)}
    elif unit.incidents:
        more = _("%(count)s calls now") % {"count": len(unit.incidents)}
    elif unit.on_shift_until is not None:
        more = _("until %(time)s") % {"time": _clock(unit.on_shift_until)}
    elif unit.next_shift_at is not None:
        more = _("from %(time)s") % {"time": _clock(unit.next_shift_at)}
    else:
        more = ""
    return UnitRow(unit, words["state"][unit.state], STATE_ICONS[unit.state], more)


def _clock(at: datetime) -> str:
    return date_format(localtime(at), "H:i")

"""What is done with searches for a staffing: asked for, stopped, gone on with."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import StaffingSearch
from lamplighter.city.rehearsal.under_way.actions import start, stop


@dataclass(frozen=True)
class Wanted:
    """The target: of 100 calls, how many are reached within minutes, and how many may fall back."""

    percent_within: float
    minutes: float
    percent_fall_back: float
    bases: str
    most_scenarios: int


def ask_search(
    scenario_id: uuid.UUID, wanted: Wanted, *, by: User, now: datetime
) -> StaffingSearch:
    """Start a search, in a process of its own; what an earlier one simulated is not done again.

    Raises Refusal where one is under way.
    """
    search = StaffingSearch(scenario_id=scenario_id, asked_by=by, asked_at=now, **asdict(wanted))
    already = Refusal(
        "searches-already",
        _("Teams for this scenario are being searched: its page shows how far it is."),
        status=409,
    )
    start(
        search,
        "lamplighter.city.rehearsal.searches.work",
        verb="staffing searched",
        already=already,
    )
    return search


def stop_search(search_id: uuid.UUID, *, by: User, now: datetime) -> bool:
    """Stop a search; says whether there was one to stop."""
    return stop(StaffingSearch, search_id, verb="staffing search stopped", by=by, now=now)

"""What is done with searches for a staffing: asked for, stopped, gone on with."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.apart import refuse_more, start_apart
from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal

from .actions import WENT_AWAY
from .models import StaffingSearch
from .queries import silent_since


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

    1. A search whose process went away is ended with a sentence, so that it stands in nobody's way.
    2. The database allows one open search a scenario: whoever comes second is refused.
    3. The process starts when the search is kept, not before.
    """
    with act(by, now) as done:
        StaffingSearch.objects.filter(silent_since(now), scenario=scenario_id).update(
            done_at=now, failed=WENT_AWAY
        )
        refuse_more(StaffingSearch.objects.filter(done_at=None).exclude(silent_since(now)).count())
        try:
            with transaction.atomic():
                search = StaffingSearch.objects.create(
                    scenario_id=scenario_id,
                    percent_within=wanted.percent_within,
                    minutes=wanted.minutes,
                    percent_fall_back=wanted.percent_fall_back,
                    bases=wanted.bases,
                    most_scenarios=wanted.most_scenarios,
                    asked_by=by,
                    asked_at=now,
                )
        except IntegrityError:
            raise Refusal(
                "searches-already",
                _("Teams for this scenario are being searched: its page shows how far it is."),
                status=409,
            ) from None
        done.record("staffing searched", subject_id=search.pk, scenario=scenario_id)
        transaction.on_commit(
            lambda: start_apart("lamplighter.city.rehearsal.searching", search.pk)
        )
    return search


def stop_search(search_id: uuid.UUID, *, by: User, now: datetime) -> bool:
    """Stop a search; its process finds out at its next beat. Says whether there was one to stop."""
    with act(by, now) as done:
        stopped = StaffingSearch.objects.filter(pk=search_id, done_at=None).update(
            done_at=now, stopped_by=by
        )
        if stopped:
            done.record("staffing search stopped", subject_id=search_id)
    return bool(stopped)

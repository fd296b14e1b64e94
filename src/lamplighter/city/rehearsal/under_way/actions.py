"""What is done with a run or a search alike: started, stopped."""

import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from lamplighter.city.accounts.models import User
from lamplighter.city.apart import refuse_beyond, start_apart
from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import ScenarioRun, StaffingSearch

from .queries import silent_since

# What the page says of work whose process went away without a word.
WENT_AWAY = "The run stopped before it was done: run it again."


def start(asked: ScenarioRun | StaffingSearch, module: str, *, verb: str, already: Refusal) -> None:
    """Keep what was asked for, and start the module that does it, in a process of its own.

    1. One whose process went away is ended with a sentence, so that it stands in nobody's way.
    2. The database allows one open of a kind a scenario: whoever comes second gets `already`.
    3. The process starts when it is kept, not before.
    """
    of_this_kind, now = type(asked).objects.filter(done_at=None), asked.asked_at
    with act(asked.asked_by, now) as done:
        of_this_kind.filter(silent_since(now), scenario=asked.scenario_id).update(
            done_at=now, failed=WENT_AWAY
        )
        refuse_beyond(of_this_kind.exclude(silent_since(now)))
        try:
            with transaction.atomic():
                asked.save(force_insert=True)
        except IntegrityError:
            raise already from None
        done.record(verb, subject_id=asked.pk, scenario=asked.scenario_id)
        transaction.on_commit(lambda: start_apart(module, asked.pk))


def stop(
    kind: type[ScenarioRun | StaffingSearch],
    asked_id: uuid.UUID,
    *,
    verb: str,
    by: User,
    now: datetime,
) -> bool:
    """Stop it; its process finds out at its next beat. Says whether there was one to stop."""
    with act(by, now) as done:
        stopped = kind.objects.filter(pk=asked_id, done_at=None).update(done_at=now, stopped_by=by)
        if stopped:
            done.record(verb, subject_id=asked_id)
    return bool(stopped)

"""Rehearsing a draft on a history, in a process of its own: asked for, run, followed.

    python -m lamplighter.city.policies.rehearsing ID

runs the rehearsal that was asked for under this id. Its state stands in the database, so that a
page can follow it, and a process that dies leaves behind only that it stopped.
"""

import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lamplighter.city.apart import paced, refuse_beyond, start_apart, wait_for_turn

if TYPE_CHECKING:
    from lamplighter.city.accounts.models import User

    from .models import ImportedHistory, Rehearsal

# A process that has not been heard of for so long is gone.
SILENCE = timedelta(seconds=60)


def ask_rehearsal(
    draft_id: uuid.UUID, history: "ImportedHistory", *, by: "User", now: datetime
) -> "Rehearsal":
    """Ask for a rehearsal of what a draft says now; it starts when it is asked for.

    Raises Refusal where the draft cannot be read as a policy, or none is in force to compare with.
    """
    from django.db.models import Q
    from django.utils.translation import gettext as _

    from lamplighter.city.journal.actions import act
    from lamplighter.city.refusal import Refusal

    from .checking import result_of
    from .models import Draft, Rehearsal
    from .queries import in_force_or_none

    draft = Draft.objects.get(pk=draft_id)
    policy, _problems, _report = result_of(draft.text)
    if policy is None:
        raise Refusal(
            "not-a-policy",
            _("The draft cannot be read as a policy yet: mend what the check names."),
        )
    standing = in_force_or_none(policy.name, now)
    if standing is None:
        raise Refusal("no-policy", _("No policy is in force to compare it with."))
    heard = Q(beat_at__gte=now - SILENCE) | Q(beat_at=None, asked_at__gte=now - SILENCE)
    with act(by, now) as done:
        refuse_beyond(Rehearsal.objects.filter(heard, done_at=None))
        asked = Rehearsal.objects.create(
            draft=draft,
            revision=draft.revision,
            content_hash=policy.content_hash,
            text=draft.text,
            against=standing.stored,
            history=history,
            asked_by=by,
            asked_at=now,
        )
        done.record(
            "policy rehearsed",
            subject_id=asked.pk,
            draft=draft.pk,
            content_hash=policy.content_hash,
            against=standing.stored.content_hash,
            history=history.sha256,
        )
    _start(asked.pk)
    return asked


def run(rehearsal_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Run a rehearsal that was asked for, unless another process has taken it.

    1. Take it: an update that finds nobody's beat says that it is ours.
    2. Wait for a rehearsal that is under way, and say meanwhile that we live.
    3. Replay and compare, writing how far it is; then what was found, or one sentence why not.
    """
    from lamplighter.history import HistoryError

    from .histories import file_of
    from .keeping import keep_found
    from .models import Rehearsal

    ours = Rehearsal.objects.filter(pk=rehearsal_id)
    if not ours.filter(beat_at=None).update(beat_at=clock()):
        return

    def tell(percent: int) -> None:
        ours.update(percent=percent, beat_at=clock())

    wait_for_turn(lambda: tell(0))
    asked = Rehearsal.objects.select_related("against", "history").get(pk=rehearsal_id)
    try:
        kept: dict[str, Any] = {"found": rehearse(asked, paced(tell)), "percent": 100}
    except (HistoryError, ValueError, OSError) as error:
        # Where the city keeps its files is nobody's business who reads the page.
        folder = f"{file_of(asked.history.sha256).parent}/"
        failed = type(error).__name__ if isinstance(error, OSError) else str(error)
        kept = {"failed": failed.replace(folder, "")}
    keep_found(ours, kept, clock())


def rehearse(asked: "Rehearsal", tell: Callable[[float], None]) -> dict[str, Any]:
    """What the draft would do with the history, and what moves against the version in force."""
    from lamplighter.policy import parse_policy
    from lamplighter.policy.replay import compare, replay

    from .histories import file_of

    path = file_of(asked.history.sha256)
    old, new = parse_policy(asked.against.text), parse_policy(asked.text)

    def first(done: int, of: int) -> None:
        tell(0.6 * done / max(1, of))

    def second(done: int, of: int) -> None:
        tell(0.6 + 0.4 * done / max(1, of))

    moved = compare(old, new, path, progress=first).to_dict()
    bounds = replay(new, path, progress=second).to_dict()
    return {"moved": moved, "bounds": {name: bounds[name] for name in _KEPT}}


_KEPT = ("calls", "decided", "open", "failed", "left_out", "main_output", "outputs", "questions")


def is_silent(asked: "Rehearsal", now: datetime) -> bool:
    """Whether the process of a rehearsal that is not done has not been heard of for too long."""
    heard = asked.beat_at or asked.asked_at
    return asked.done_at is None and now - heard > SILENCE


def _start(rehearsal_id: uuid.UUID) -> None:
    start_apart("lamplighter.city.policies.rehearsing", rehearsal_id)


if __name__ == "__main__":
    import django

    django.setup()
    run(uuid.UUID(sys.argv[1]), clock=lambda: datetime.now(UTC))

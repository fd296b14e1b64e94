"""What the process of a run or a search does: takes it, says how far it is, keeps what is found."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.city.apart import wait_for_turn

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lamplighter.city.policies.models import ImportedHistory

Beat = Callable[[str, int], None]


class Stopped(Exception):
    """Somebody stopped the work, or it was taken for dead: nobody waits for it."""


def do_once(
    kind: Any,
    asked_id: uuid.UUID,
    do: Callable[[Any, Beat], Mapping[str, Any]],
    *,
    counts: str,
    clock: Callable[[], datetime],
) -> None:
    """Do what was asked for, unless another process has taken it.

    1. Take it: an update that finds nobody's beat says that it is ours.
    2. Wait for work that is under way, and say meanwhile that we live.
    3. Do it, writing how far it is into the field `counts`. An update that finds it ended says that
       nobody waits.
    4. Keep what `do` gives, by fields, as far as a database can; or one sentence why not.
    """
    from lamplighter.city.policies.keeping import keep_found
    from lamplighter.history import HistoryError

    asked = kind.objects.filter(pk=asked_id, done_at=None)
    if not asked.filter(beat_at=None).update(beat_at=clock()):
        return

    one = kind.objects.select_related("scenario__history").get(pk=asked_id)

    def beat(step: str, reached: int) -> None:
        if not asked.update(step=step, beat_at=clock(), **{counts: reached}):
            raise Stopped

    try:
        wait_for_turn(lambda: beat(kind.Step.WAITING, 0))
        found = do(one, beat)
    except Stopped:
        return
    except (HistoryError, ValueError, OSError) as error:
        found = {"failed": sentence_of(error, one.scenario.history)}
    keep_found(asked, found, clock())


def waited_for(kind: Any, asked_id: uuid.UUID) -> "QuerySet[Any]":
    """The row that waits for this process, as long as it does."""
    return kind.objects.filter(pk=asked_id, done_at=None, beat_at__isnull=False)


def sentence_of(error: Exception, history: "ImportedHistory") -> str:
    """Why it failed; where the city keeps its files is nobody's business who reads the page."""
    from django.conf import settings

    from lamplighter.city.policies.histories import file_of

    if isinstance(error, OSError):
        return type(error).__name__
    named = str(error).replace(str(file_of(history.sha256)), f"“{history.name}”")
    return named.replace(f"{Path(settings.CITY_HOME)}/", "")

"""A call file looked at, or read with its layout, in a process of its own.

    python -m lamplighter.city.policies.call_files.work ID

does what the file of this id waits for. Where it stands is in the database, so that a page can
follow it; a process that dies leaves behind only that it stopped.
"""

import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.city.apart import (
    heartbeat,
    limit_disk,
    limit_memory,
    no_words_in_the_log,
    paced,
    wait_for_turn,
)

if TYPE_CHECKING:
    from lamplighter.city.policies.models import CallFile
    from lamplighter.history import Report

# A process that has not been heard of for so long is gone.
SILENCE = timedelta(seconds=60)
NOTHING_KEPT = (
    "No call could be read with this layout: see which column has the time, and how it is written."
)
NOT_UNDERSTOOD = "Something in the file is not understood: export it again, as CSV for one."
# What reading takes is under a gigabyte, but for a workbook, which is held whole.
MOST_MEMORY = 6 << 30
# No file that is made of one is larger than it is when it is unpacked.
MOST_UNPACKED = 20


class GivenUp(Exception):
    """Somebody gave the file up: nobody waits for what is made of it."""


def run(call_file_id: uuid.UUID, *, clock: Callable[[], datetime]) -> None:
    """Look at a file, or read it, unless another process has taken it.

    1. Take it: an update that finds nobody's beat says that it is ours.
    2. Wait for work that is under way, and say meanwhile that we live.
    3. Look at it, or read it. A file that cannot be looked at is deleted; one that cannot be read
       with its layout waits for another layout.
    """
    from lamplighter.city.policies.models import CallFile
    from lamplighter.city.refusal import Refusal
    from lamplighter.history import HistoryError

    from .disk import delete

    waiting = CallFile.objects.filter(pk=call_file_id, ended_at=None, history=None)
    if not waiting.filter(beat_at=None).update(beat_at=clock()):
        return

    def tell(percent: int) -> None:
        if not waiting.update(percent=percent, beat_at=clock()):
            raise GivenUp

    found = CallFile.objects.select_related("by").get(pk=call_file_id)
    try:
        wait_for_turn(lambda: tell(0))
        with heartbeat(lambda: waiting.update(beat_at=clock())):
            if found.confirmed_at is None:
                _look_at(found, paced(tell))
            else:
                _read(found, tell, clock())
    except GivenUp:
        delete(call_file_id)
    except (HistoryError, Refusal, OSError) as error:
        _failed(found, error, clock())
    except Exception as error:
        # Whatever a hostile file brings about, it is deleted, and its words go nowhere.
        _failed(found, error, clock())
        raise


def _look_at(found: "CallFile", tell: Callable[[float], None]) -> None:
    from lamplighter.city.policies.models import CallFile
    from lamplighter.history.describing import describe_file

    from .disk import path_of
    from .proposed import layout_of, storable, without_places

    proposal = describe_file(path_of(found.pk), progress=lambda done, of: tell(done / max(1, of)))
    proposal = without_places(replace(proposal, file=found.file_name))
    CallFile.objects.filter(pk=found.pk, ended_at=None).update(
        proposal=storable(proposal.to_dict()), layout=layout_of(proposal), percent=100
    )


def _read(found: "CallFile", tell: Callable[[int], None], now: datetime) -> None:
    from lamplighter.city.policies.histories import file_of, import_history
    from lamplighter.city.policies.models import CallFile
    from lamplighter.history import HistoryError, read_history

    from .disk import delete, history_beside, path_of
    from .proposed import read_layout, storable

    target, pace = history_beside(found.pk), paced(tell)
    report = read_history(
        path_of(found.pk),
        read_layout(found.layout),
        target,
        now=now,
        progress=lambda done, of: pace(done / max(1, of)),
    )
    tell(99)
    if not report.rows_kept:
        raise HistoryError(NOTHING_KEPT)
    report = replace(report, file=found.file_name, output=found.name)
    # A history of the same calls may be there already: then it is that one.
    history = import_history(target, name=found.name, by=found.by, now=now)
    _write_pages(target, report, file_of(history.sha256))
    kept = CallFile.objects.filter(pk=found.pk, ended_at=None)
    if kept.update(history=history, report=storable(report.to_dict()), percent=100):
        delete(found.pk)


def _write_pages(history: Path, report: "Report", beside: Path) -> None:
    """The quality page in both languages, kept beside the history."""
    from lamplighter.history.quality import quality_of, quality_page

    from .labels import labels_of_natures

    quality = quality_of(history, report)
    for language in ("en", "es"):
        drawn = quality_page(quality, language, labels=labels_of_natures(language))
        beside.with_suffix(f".{language}.html").write_text(drawn, encoding="utf-8")


def _failed(found: "CallFile", error: Exception, now: datetime) -> None:
    from lamplighter.city.policies.models import CallFile
    from lamplighter.city.refusal import Refusal
    from lamplighter.history import HistoryError

    from .disk import delete, history_beside, path_of

    path = path_of(found.pk)
    says = NOT_UNDERSTOOD
    if isinstance(error, Refusal):
        says = error.sentence
    elif isinstance(error, HistoryError):
        says = str(error)
    elif isinstance(error, OSError):
        says = "The file could not be read to its end: bring it again."
    # Where the city keeps it is nobody's business, and its name there tells nobody anything.
    says = says.replace(f"{path.parent}/", "").replace(path.name, found.file_name)
    history_beside(found.pk).unlink(missing_ok=True)
    waiting = CallFile.objects.filter(pk=found.pk, ended_at=None)
    if found.confirmed_at is not None:
        waiting.update(failed=says, confirmed_at=None)
        return
    waiting.update(failed=says, ended_at=now)
    delete(found.pk)


def state_of(found: "CallFile", now: datetime) -> str:
    """`looking`, `proposed`, `reading`, `done`, `failed`, `given up`, or `silent` of the first two.

    A file that could not be read with its layout is `proposed` again, with a sentence in `failed`.
    """
    if found.history_id is not None:
        return "done"
    if found.ended_at is not None:
        return "failed" if found.failed else "given up"
    if found.proposal is not None and found.confirmed_at is None:
        return "proposed"
    if now - (found.beat_at or found.asked_at) > SILENCE:
        return "silent"
    return "looking" if found.confirmed_at is None else "reading"


if __name__ == "__main__":
    import django

    django.setup()

    from django.conf import settings

    from lamplighter.city.policies.call_files.disk import path_of

    # What is unpacked on the way lies where it is cleared away, too, if this process is killed.
    tempfile.tempdir = str(path_of(uuid.UUID(sys.argv[1])).parent)
    no_words_in_the_log()
    limit_memory(MOST_MEMORY)
    limit_disk(MOST_UNPACKED * settings.LARGEST_CALL_FILE)
    run(uuid.UUID(sys.argv[1]), clock=lambda: datetime.now(UTC))

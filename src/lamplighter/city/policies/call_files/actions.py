"""What is done with a call file: brought, its layout confirmed, given up."""

import uuid
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.apart import refuse_more, start_apart
from lamplighter.city.journal.actions import act
from lamplighter.city.policies.models import CallFile
from lamplighter.city.refusal import Refusal

from .disk import ToDisk, clear_folders, delete, open_place, strays
from .proposed import LONGEST_LAYOUT, read_layout

# A file that nobody goes on with is not kept: there are places and perhaps names in it.
KEPT = timedelta(days=1)


def take_place(call_file_id: uuid.UUID) -> BinaryIO:
    """Where a file may be written as it comes in; whoever has taken it closes it.

    Raises Refusal where as many files wait or come in as the machine can hold.
    """

    def refuse(coming: set[uuid.UUID]) -> None:
        waiting = CallFile.objects.filter(ended_at=None, history=None)
        refuse_more(len(coming | set(waiting.values_list("pk", flat=True))))

    return open_place(call_file_id, refuse)


def bring(
    call_file_id: uuid.UUID, written: ToDisk, *, name: str, by: User, now: datetime
) -> CallFile:
    """Keep a file that was written to the city's disk, and start to look at it.

    Raises Refusal where none came, there was no place for it, or it is empty or too large.
    """
    if written.refused is not None:
        raise written.refused
    if written.too_large:
        raise Refusal(
            "file-too-large",
            _("The file is larger than %(most)s MB, which is the most here: bring a part of it.")
            % {"most": written.most // 1_000_000},
            field="file",
        )
    if not written.complete or not written.size:
        sentence = (
            _("The file is empty: bring another.") if written.name else _("Choose a call file.")
        )
        raise Refusal("no-file", sentence, field="file")
    with act(by, now) as done:
        made = CallFile.objects.create(
            id=call_file_id,
            name=name.strip()[:120] or written.name,
            file_name=written.name,
            bytes=written.size,
            sha256=written.sha256,
            by=by,
            at=now,
            asked_at=now,
        )
        done.record("call file brought", subject_id=made.pk, sha256=made.sha256, bytes=made.bytes)
        transaction.on_commit(lambda: _start(made.pk))
    written.kept = True
    return made


def keep_layout(call_file_id: uuid.UUID, text: str, *, as_text: bool) -> None:
    """Keep what somebody has made of the layout so far, faults and all."""
    waiting = CallFile.objects.filter(pk=call_file_id, ended_at=None, history=None)
    kept = text.replace("\r\n", "\n").replace("\0", "")[:LONGEST_LAYOUT]
    waiting.filter(confirmed_at=None).update(layout=kept, as_text=as_text)


def confirm_layout(call_file_id: uuid.UUID, text: str, *, by: User, now: datetime) -> CallFile:
    """Say that the layout is right, and begin to read the file with it.

    Raises Refusal where it cannot be used; LayoutError's sentences are in `data["problems"]`.
    """
    layout = read_layout(text)
    with act(by, now) as done:
        found = CallFile.objects.select_for_update().get(pk=call_file_id)
        if found.ended_at or found.confirmed_at or found.history_id or not found.proposal:
            raise Refusal(
                "not-waiting", _("This file is not waiting for a layout any more."), status=409
            )
        found.layout, found.confirmed_at, found.asked_at = text, now, now
        found.beat_at, found.percent, found.failed = None, 0, ""
        found.save()
        done.record("call file read", subject_id=found.pk, layout=layout.content_hash)
        transaction.on_commit(lambda: _start(found.pk))
    return found


def start_again(call_file_id: uuid.UUID, *, now: datetime) -> None:
    """Begin anew what a process left undone."""
    waiting = CallFile.objects.filter(pk=call_file_id, ended_at=None, history=None)
    if waiting.update(beat_at=None, asked_at=now, percent=0):
        _start(call_file_id)


def give_up(call_file_id: uuid.UUID, *, by: User | None, now: datetime) -> None:
    """Delete a file that nobody reads further; what was done with it stays in the record."""
    with act(by, now) as done:
        ended = CallFile.objects.filter(pk=call_file_id, ended_at=None, history=None)
        if ended.update(ended_at=now):
            done.record("call file given up", subject_id=call_file_id)
            transaction.on_commit(lambda: delete(call_file_id))


def clear_away(now: datetime) -> None:
    """Delete files that were left for a day, and those that belong to nothing.

    One that cannot be deleted keeps none of the others; its error is raised at the end.
    """
    open_files = CallFile.objects.filter(ended_at=None, history=None)
    errors: list[OSError] = []
    for left in open_files.filter(at__lt=now - KEPT):
        try:
            give_up(left.pk, by=None, now=now)
        except OSError as error:
            errors.append(error)
    known = {str(pk) for pk in open_files.values_list("pk", flat=True)}
    for stray in strays(known, now - KEPT):
        try:
            delete(stray)
        except OSError as error:
            errors.append(error)
    clear_folders(now - KEPT)
    if errors:
        raise errors[0]


def _start(call_file_id: uuid.UUID) -> None:
    start_apart("lamplighter.city.policies.call_files.work", call_file_id)

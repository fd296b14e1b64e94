"""Histories that the city has imported: files in its folder, named by what is in them."""

import hashlib
import shutil
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import act
from lamplighter.city.refusal import Refusal
from lamplighter.history import HistoryError, open_history

from .models import ImportedHistory

FOLDER = "histories"
# The layout by which the sample city's history was "read".
INVENTED = "sample"
_BLOCK = 1 << 20


def import_history(
    path: Path, *, name: str, by: User | None, now: datetime, home: Path | None = None
) -> ImportedHistory:
    """Take a history's file into the city's folder; the same content again changes nothing.

    The file is read before anything is kept; one that was damaged since is put right. Raises
    Refusal where it is no history.
    """
    try:
        opened = open_history(path)
        times = opened.table(["time"]).column("time")
    except HistoryError as error:
        raise Refusal("not-a-history", str(error), field="file") from None
    import pyarrow.compute as compute

    ends = compute.min_max(times).as_py()
    digest = _digest(path)
    known = ImportedHistory.objects.filter(sha256=digest).first()
    kept = file_of(digest, home)
    if known is not None and kept.exists() and _digest(kept) == digest:
        return known
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(".new")
    shutil.copyfile(path, part)
    part.replace(kept)
    if known is not None:
        return known
    with act(by, now) as done:
        try:
            with transaction.atomic():
                made = ImportedHistory.objects.create(
                    name=name[:120],
                    sha256=digest,
                    rows=len(opened),
                    first_at=ends["min"],
                    last_at=ends["max"],
                    imported_by=by,
                    imported_at=now,
                )
        except IntegrityError:
            raise Refusal(
                "imported-already", _("This history is imported already."), status=409
            ) from None
        done.record("history imported", subject_id=made.pk, sha256=digest, rows=made.rows)
    return made


def file_of(digest: str, home: Path | None = None) -> Path:
    """Where a history's file is kept."""
    return (home or Path(settings.CITY_HOME)) / FOLDER / f"{digest}.parquet"


def is_invented(path: Path) -> bool:
    """Whether a history is one that was made for the sample city."""
    try:
        return _layout_of(path) == INVENTED
    except HistoryError:
        return False


@lru_cache(maxsize=256)
def _layout_of(path: Path) -> str:
    """The layout that a history was read by; its content never changes."""
    return open_history(path).info.layout


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()

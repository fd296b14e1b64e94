"""Call files on the city's disk: written as they arrive, never larger than the city allows."""

import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from lamplighter.city.refusal import Refusal

FOLDER = "call_files"
LONGEST_NAME = 120


class ToDisk(FileUploadHandler):
    """Writes the field `file` of one form to a place that `take` gives, or that it refuses.

    The first byte too many ends it. What was written stays only where somebody sets `kept`; the
    place is held until `close`.
    """

    def __init__(self, request: HttpRequest, take: Callable[[], BinaryIO], most: int) -> None:
        super().__init__(request)
        self.take = take
        self.most = most
        self.refused: Refusal | None = None
        self.size = 0
        self.complete = False
        self.kept = False
        self.too_large = False
        self.name = ""
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        if self.field_name != "file" or self._file is not None:
            raise SkipFile
        self.name = shown_name(self.file_name)
        try:
            self._file = self.take()
        except Refusal as refusal:
            self.refused = refusal
            raise StopUpload(connection_reset=False) from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._file is not None, "a new file is announced before its data"
        self.size += len(raw_data)
        if self.size > self.most:
            self.too_large = True
            self.close()
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        assert self._file is not None, "a new file is announced before its end"
        self._file.flush()
        self.complete = True
        return UploadedFile(BytesIO(), name=self.name, size=self.size)

    def close(self) -> None:
        """Let go of the place, and take back what was written where it is not kept."""
        if self._file is None:
            return
        if not self.kept:
            Path(self._file.name).unlink(missing_ok=True)
        self._file.close()


def open_place(call_file_id: uuid.UUID, refuse: Callable[[set[uuid.UUID]], None]) -> BinaryIO:
    """Where a call file is written as it comes in; it is held until it is closed.

    `refuse` is told which others are coming in now, and raises where they are too many: it is asked
    before a byte is written, and one after the other, whoever brings how many. The system lets go
    of a place however its process ends.
    """
    path = path_of(call_file_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _one_after_the_other(path.parent):
        refuse(_coming_in(path.parent))
        place = path.open("xb")
        fcntl.flock(place, fcntl.LOCK_EX)
    path.chmod(0o600)
    return place


@contextmanager
def _one_after_the_other(folder: Path) -> Iterator[None]:
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _coming_in(folder: Path) -> set[uuid.UUID]:
    """The files that some process is writing now."""
    found = set()
    for path in folder.iterdir():
        with suppress(ValueError, FileNotFoundError):
            named = uuid.UUID(path.name)
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    found.add(named)
    return found


def path_of(call_file_id: uuid.UUID) -> Path:
    """Where a call file lies while it is looked at and read."""
    return Path(settings.CITY_HOME) / FOLDER / str(call_file_id)


def delete(call_file_id: uuid.UUID) -> None:
    """Delete a call file, and what was being made of it."""
    for path in (path_of(call_file_id), history_beside(call_file_id)):
        path.unlink(missing_ok=True)


def history_beside(call_file_id: uuid.UUID) -> Path:
    """Where the history is written before the city takes it."""
    return path_of(call_file_id).with_suffix(".parquet")


def strays(known: set[str], before: datetime) -> list[uuid.UUID]:
    """Files last written before this time that belong to nothing: of a form that was cut off.

    A file that is coming in just now belongs to nothing yet.
    """
    folder = Path(settings.CITY_HOME) / FOLDER
    found = set()
    for path in folder.glob("*") if folder.is_dir() else ():
        with suppress(ValueError, FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                found.add(uuid.UUID(path.stem))
    return [one for one in found if str(one) not in known]


def clear_folders(before: datetime) -> None:
    """Delete folders of processes that were killed at work, in which parts of a file may lie."""
    for path in (Path(settings.CITY_HOME) / FOLDER).glob("*"):
        with suppress(FileNotFoundError):
            if path.is_dir() and path.stat().st_mtime < before.timestamp():
                shutil.rmtree(path, ignore_errors=True)


def shown_name(name: str | None) -> str:
    """A file's name as words to show: no folders, nothing that nobody sees.

    >>> shown_name("../../etc/calls\\u202e.csv")
    'calls.csv'
    """
    last = PurePosixPath((name or "").replace("\\", "/")).name
    seen = "".join(letter for letter in last if letter.isprintable())
    return " ".join(seen.split())[-LONGEST_NAME:] or "calls"

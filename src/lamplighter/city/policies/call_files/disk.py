"""Call files on the city's disk: written as they arrive, never larger than the city allows."""

import hashlib
import shutil
import uuid
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

FOLDER = "call_files"
LONGEST_NAME = 120


class ToDisk(FileUploadHandler):
    """Writes the field `file` of one form to its place; the first byte too many ends it.

    What was written stays only where somebody sets `kept`.
    """

    def __init__(self, request: HttpRequest, path: Path, most: int) -> None:
        super().__init__(request)
        self.path = path
        self.most = most
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
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.name = shown_name(self.file_name)
        self._file = self.path.open("xb")
        self.path.chmod(0o600)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._file is not None, "a new file is announced before its data"
        self.size += len(raw_data)
        if self.size > self.most:
            self.too_large = True
            self.drop()
            raise StopUpload(connection_reset=False)
        self._file.write(raw_data)
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        assert self._file is not None, "a new file is announced before its end"
        self._file.close()
        self.complete = True
        return UploadedFile(BytesIO(), name=self.name, size=self.size)

    def upload_interrupted(self) -> None:
        self.drop()

    def drop(self) -> None:
        """Take back what was written."""
        if self._file is not None:
            self._file.close()
            self.path.unlink(missing_ok=True)
        self.complete = False


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

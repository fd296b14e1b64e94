"""Open a call file of any format."""

from collections.abc import Sequence
from pathlib import Path

from lamplighter.history.formats.base import CallRecords
from lamplighter.history.formats.delimited import Delimited
from lamplighter.history.formats.json_records import JsonRecords
from lamplighter.history.formats.kinds import Kind, kind_of
from lamplighter.history.formats.parquet import ParquetRecords
from lamplighter.history.formats.workbook import Workbook
from lamplighter.history.layout import FileForm
from lamplighter.history.unpacked import Packing, Progress, Unpacked


def open_records(
    path: Path,
    form: FileForm,
    other_encodings: Sequence[str],
    scratch: Path,
    progress: Progress | None = None,
) -> CallRecords:
    """Return the records of a file, whose format its bytes tell.

    A workbook or a Parquet file that is compressed once more is unpacked in the folder `scratch`.
    Raises HistoryError where the file is nothing that calls are read from.
    """
    kind, packing = kind_of(path)
    if kind is Kind.TEXT:
        return Delimited(path, form, other_encodings, progress)
    if kind is Kind.JSON:
        return JsonRecords(path, progress)
    place = path
    if packing is not Packing.NONE:
        place = scratch / "unpacked"
        Unpacked(path, progress).copy_to(place)
    if kind is Kind.WORKBOOK:
        return Workbook(place, form, progress, path.name)
    return ParquetRecords(place, progress, path.name)

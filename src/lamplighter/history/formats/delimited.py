"""Text with one record a line, cut by commas, tabs, semicolons or bars."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.errors import HistoryError
from lamplighter.history.layout import FileForm
from lamplighter.history.records import Tally, cut_records, take_header
from lamplighter.history.source import CallFile
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import pyarrow as pa


class Delimited:
    """A file of delimited text, read as its form says."""

    ragged = False
    in_mercator = False
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        path: Path,
        form: FileForm,
        other_encodings: Sequence[str],
        progress: Progress | None = None,
    ) -> None:
        self.file = CallFile(path, other_encodings, progress)
        self.form = form
        self.kind = {"\t": "TSV", ",": "CSV"}.get(form.delimiter, f"text cut by {form.delimiter!r}")
        # A reader of its own, so that what is mended in these lines is counted once.
        header = take_header(CallFile(path, other_encodings).lines(), form)
        if header is None:
            raise HistoryError(f"{path.name} has no text in it: check that it is the right file.")
        self.names = header.names

    @property
    def recoded(self) -> int:
        """Lines that were in another encoding than UTF-8."""
        return self.file.recoded

    @property
    def undecodable(self) -> int:
        """Lines with characters that no encoding could read."""
        return self.file.undecodable

    @property
    def cut_short(self) -> bool:
        """Whether compressed data ended or broke too early."""
        return self.file.cut_short

    def tables(self, wanted: Sequence[int], tally: Tally) -> "Iterator[pa.Table]":
        """Yield all records in batches."""
        chunks = self.file.lines()
        header = take_header(chunks, self.form)
        if header is not None:
            rows = chain([header.rest], chunks)
            yield from cut_records(rows, len(self.names), wanted, tally, self.form.delimiter)

    def sample(self, most_bytes: int, tally: Tally) -> "tuple[pa.Table, bool]":
        """Return records from the start of the file and from all over it."""
        import pyarrow as pa

        some, whole = self.file.some_lines(most_bytes)
        chunks = iter(some)
        header = take_header(chunks, self.form)
        rows = chain([header.rest] if header else [], chunks)
        wanted = range(len(self.names))
        tables = list(cut_records(rows, len(self.names), wanted, tally, self.form.delimiter))
        names = [f"f{column}" for column in wanted]
        none = pa.table({name: pa.array([], pa.string()) for name in names})
        return pa.concat_tables([table.select(names) for table in tables] or [none]), whole

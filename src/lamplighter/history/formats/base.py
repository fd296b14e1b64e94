"""What every format gives: named columns, and the records of a file as tables of texts."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from lamplighter.history.records import Tally


class CallRecords(Protocol):
    """The records of one call file, whatever its format.

    `names` are those of its columns; of a file whose records name their own fields (`ragged`) these
    are the names in its first records, and others may follow. `notes` are sentences about what the
    file says of itself.
    """

    @property
    def kind(self) -> str:
        """What the format is called."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""

    @property
    def ragged(self) -> bool:
        """Whether records name their own fields."""

    @property
    def in_mercator(self) -> bool:
        """Whether the file says that its x and y are meters of Web Mercator."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the file says of itself, in sentences."""

    @property
    def recoded(self) -> int:
        """Lines that were in another encoding than UTF-8."""

    @property
    def undecodable(self) -> int:
        """Lines with characters that no encoding could read."""

    @property
    def cut_short(self) -> bool:
        """Whether the file ended or broke too early."""

    def tables(self, wanted: Sequence[int], tally: "Tally") -> "Iterator[pa.Table]":
        """Yield all records in batches.

        A table has a column `f3` for column 3 of the file, `line` for where the record stands (a
        line of text, a row of a sheet, the number of a record), and `raw` for all that it says.
        What is no record goes to the tally.
        """

    def sample(self, most_bytes: int, tally: "Tally") -> "tuple[pa.Table, bool]":
        """Return some records with all columns, and whether these are all that there are."""

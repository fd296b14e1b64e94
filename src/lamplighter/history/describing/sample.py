"""Take a sample of a call file as a table of texts, from its start and from all over it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.formats.delimited import Delimited
from lamplighter.history.layout import FileForm
from lamplighter.history.records import Tally

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of a file as texts, in columns f0, f1 and so on with these names.

    `whole` tells that these are all the rows. `recoded` and `undecodable` count lines that were not
    UTF-8, `cut_short` tells that compressed data ended too early. `in_mercator` tells that the file
    itself says that its x and y are meters of Web Mercator, `in_degrees` that they are degrees.
    """

    kind: str
    form: FileForm
    names: tuple[str, ...]
    table: "pa.Table"
    whole: bool
    recoded: int = 0
    undecodable: int = 0
    cut_short: bool = False
    set_aside: int = 0
    in_mercator: bool = False
    in_degrees: bool = False


SAMPLE_BYTES = 16 << 20


def take_sample(path: Path) -> Sample:
    """Return a sample of a file of any format."""
    tally = Tally()
    records = Delimited(path, FileForm(), ("cp1252",))
    table, whole = records.sample(SAMPLE_BYTES, tally)
    return Sample("CSV", FileForm(), records.names, table, whole)

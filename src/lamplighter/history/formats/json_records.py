"""JSON: a list of records, one record a line, and what Socrata, ArcGIS and CKAN give."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.history.errors import HistoryError
from lamplighter.history.formats.json_text import (
    SEPARATOR,
    JsonText,
    find_records,
    is_json_lines,
    is_like,
    records_after_a_cut,
)
from lamplighter.history.formats.texts import as_text, text_table
from lamplighter.history.records import Reason, Tally
from lamplighter.history.unpacked import Packing, Progress, Unpacked

if TYPE_CHECKING:
    import pyarrow as pa

HEAD_RECORDS = 2_000
BATCH_RECORDS = 20_000
SAMPLE_PIECES = 16
WEB_MERCATOR = (3857, 102100, 102113, 900913)
LONGITUDE_AND_LATITUDE = (4326, 4269)


class JsonRecords:
    """A JSON file, whatever wraps its records."""

    ragged = True
    recoded = 0

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path = path
        self._unpacked = Unpacked(path, progress)
        self._ended_early = False
        self.undecodable = 0
        text = JsonText(Unpacked(path).pieces())
        self.lines = is_json_lines(text.text[text.position :].lstrip())
        about = {} if self.lines else self._find(text)
        self.shape = _shape_of(about)
        self.kind = "JSON, one record a line" if self.lines else self.shape.kind
        self.notes = self.shape.notes
        names: dict[str, None] = dict.fromkeys(self.shape.names)
        head = _walk(text, Tally())
        first: Any = None
        for (value, _, _), _ in zip(head, range(HEAD_RECORDS), strict=False):
            first = value if first is None else first
            names |= dict.fromkeys(self.shape.texts(value))
        if first is None:
            raise HistoryError(
                f"{path.name} is JSON without a list of records in it: "
                "ask the portal for the rows of the data set, as JSON or CSV."
            )
        self.names = tuple(names)
        self.like: Sequence[str] | int = len(first) if isinstance(first, list) else tuple(first)
        self.in_mercator = self.shape.wkid in WEB_MERCATOR

    @property
    def cut_short(self) -> bool:
        """Whether the file ends within a record, or its compressed data broke."""
        return self._ended_early or self._unpacked.cut_short

    def tables(self, wanted: Sequence[int], tally: Tally) -> "Iterator[pa.Table]":
        """Yield all records in batches; `line` counts records, or lines where each has one."""
        text = JsonText(self._unpacked.pieces())
        if not self.lines:
            find_records(text)
        records: list[dict[str, str | None]] = []
        numbers: list[int] = []
        raws: list[str] = []
        for value, raw, number in _walk(text, tally, self.like):
            records.append(self.shape.texts(value))
            numbers.append(number)
            raws.append(raw)
            if len(records) >= BATCH_RECORDS:
                yield text_table(records, self.names, wanted, numbers, raws)
                records, numbers, raws = [], [], []
        self._ended_early = not self.lines and text.sign() != "]"
        self.undecodable = text.undecodable
        if records:
            yield text_table(records, self.names, wanted, numbers, raws)

    def sample(self, most_bytes: int, tally: Tally) -> "tuple[pa.Table, bool]":
        """Return records from the start of the file and, if it is not packed, from all over it."""
        size = self.path.stat().st_size
        jumps = self._unpacked.packing is Packing.NONE and size > most_bytes
        head_bytes = most_bytes // 4 if jumps else most_bytes
        text = JsonText(self._unpacked.pieces())
        if not self.lines:
            find_records(text)
        records, raws, read, whole = [], [], 0, True
        for value, raw, _ in _walk(text, tally, self.like):
            records.append(self.shape.texts(value))
            raws.append(raw)
            read += len(raw)
            if read > head_bytes:
                whole = False
                break
        for piece in self._pieces_of(size, most_bytes - head_bytes) if jumps else ():
            for value, raw in records_after_a_cut(piece, self.like):
                records.append(self.shape.texts(value))
                raws.append(raw)
        self.names = tuple(dict.fromkeys(name for record in records for name in record))
        positions = range(len(self.names))
        self._ended_early = whole and not self.lines and text.sign() != "]"
        table = text_table(records, self.names, positions, range(1, len(records) + 1), raws)
        return table, whole

    def _pieces_of(self, size: int, most_bytes: int) -> Iterator[str]:
        each = most_bytes // SAMPLE_PIECES
        with self.path.open("rb") as file:
            for number in range(1, SAMPLE_PIECES + 1):
                file.seek(number * (size - each) // SAMPLE_PIECES)
                yield file.read(each).decode("utf-8", "ignore")

    def _find(self, text: JsonText) -> dict[str, Any]:
        try:
            about = find_records(text)
        except json.JSONDecodeError as error:
            raise HistoryError(
                f"{self.path.name} starts like JSON and is none ({error.msg}): download it again."
            ) from error
        if about is None:
            raise HistoryError(
                f"{self.path.name} is JSON without a list of records in it, perhaps the error "
                "message of a portal: ask the portal for the rows of the data set."
            )
        return about


class Shape:
    """How records are wrapped: what their fields are called, and where they are."""

    def __init__(self, about: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = ()
        self.kind = "JSON, a list of records"
        self.wkid: int | None = None
        self.notes: tuple[str, ...] = ()
        if about.get("exceededTransferLimit"):
            self.notes = ("The service cut its answer short: the city has more calls than these.",)

    def texts(self, value: Any) -> dict[str, str | None]:
        """Return the fields of one record as texts; parts of parts are named with a dot."""
        if isinstance(value, list):
            return {f"column {number}": as_text(item) for number, item in enumerate(value, start=1)}
        if not isinstance(value, dict):
            return {}
        if isinstance(value.get("attributes"), dict):
            return flat(value["attributes"]) | _geometry(value.get("geometry"))
        if isinstance(value.get("properties"), dict) and "geometry" in value:
            return flat(value["properties"]) | _geometry(value["geometry"])
        return flat(value)


class SocrataRows(Shape):
    """Rows as lists, with a description of their columns before them."""

    def __init__(self, about: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(about)
        self.kind = "JSON, rows of Socrata"
        self.columns = tuple(
            (str(column.get("name", number)), tuple(column.get("subColumnTypes") or ()))
            for number, column in enumerate(columns, start=1)
        )
        self.hidden = {
            number
            for number, column in enumerate(columns)
            if str(column.get("fieldName", "")).startswith(":")
        }

    def texts(self, value: Any) -> dict[str, str | None]:
        """Return the fields of one row; those that the portal hides are left out."""
        if not isinstance(value, list):
            return {}
        record: dict[str, str | None] = {}
        for number, ((name, parts), item) in enumerate(zip(self.columns, value, strict=False)):
            if number in self.hidden:
                continue
            if parts and isinstance(item, list):
                named = zip(parts, item, strict=False)
                record |= {f"{name}.{part}": as_text(inner) for part, inner in named}
            else:
                record[name] = as_text(item)
        return record


def _shape_of(about: Mapping[str, Any]) -> Shape:
    meta = about.get("meta")
    view = meta.get("view") if isinstance(meta, dict) else None
    columns = view.get("columns") if isinstance(view, dict) else None
    if isinstance(columns, list) and columns:
        return SocrataRows(about, columns)
    shape = Shape(about)
    reference = about.get("spatialReference")
    if isinstance(reference, dict):
        wkid = reference.get("latestWkid") or reference.get("wkid")
        shape.wkid = wkid if isinstance(wkid, int) else None
    if "geometryType" in about or reference:
        shape.kind = "JSON, features of ArcGIS"
    elif about.get("type") == "FeatureCollection":
        shape.kind, shape.wkid = "GeoJSON", LONGITUDE_AND_LATITUDE[0]
    return shape


def flat(record: Mapping[str, Any], lead: str = "") -> dict[str, str | None]:
    """Return a record without records in it.

    >>> flat({"id": 7, "at": {"type": "Point", "coordinates": [-87.9, 43.0]}})
    {'id': '7', 'at.x': '-87.9', 'at.y': '43'}
    """
    texts: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{lead}{key}"
        if isinstance(value, dict):
            point = _geometry(value, name) if "coordinates" in value else None
            texts |= flat(value, f"{name}.") if point is None else point
        else:
            texts[name] = as_text(value)
    return texts


def _geometry(value: Any, name: str = "geometry") -> dict[str, str | None]:
    """Return a point of ArcGIS or GeoJSON; of other forms nothing, since a call is at a point."""
    if not isinstance(value, dict):
        return {}
    place = value.get("coordinates")
    x, y = (
        place[:2]
        if isinstance(place, list) and len(place) >= 2
        else (value.get("x"), value.get("y"))
    )
    if isinstance(x, list | dict) or isinstance(y, list | dict):
        return {}
    return {f"{name}.x": as_text(x), f"{name}.y": as_text(y)}


def _walk(
    text: JsonText, tally: Tally, like: Sequence[str] | int | None = None
) -> Iterator[tuple[Any, str, int]]:
    """Yield each record, its text and its number, up to the end of their list.

    What is no record is set aside, and reading goes on at the next value like the others.
    """
    number = 0
    in_step = True
    while (sign := text.sign(SEPARATOR)) not in ("", "]"):
        try:
            value, raw = text.value_and_text() if sign in "{[" else (None, "")
        except json.JSONDecodeError:
            value, raw = None, ""
        if isinstance(value, dict | list) and (in_step or like is None or is_like(value, like)):
            number += 1
            in_step = True
            yield value, raw, number
            continue
        if in_step:
            number += 1
            tally.add(Reason.RECORD_UNREADABLE, number)
        in_step = False
        if not text.to_next_record():
            return

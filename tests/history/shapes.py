"""The invented city's calls in the shapes that call files come in, with what each column is."""

import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.history.invented import (
    Call,
    Column,
    arcgis,
    clock,
    geojson,
    milliseconds,
    records,
    rows,
    socrata,
    text,
    xlsx,
)

AM_PM = "%m/%d/%Y %I:%M:%S %p"
ISO = "%Y-%m-%dT%H:%M:%S"

RADIO: tuple[Column, ...] = (
    ("Incident No", lambda call: call.id),
    ("Time Received", clock(AM_PM, "received")),
    ("Dispatched", clock(AM_PM, "dispatched")),
    ("On Scene", clock(AM_PM, "arrived")),
    ("Cleared", clock(AM_PM, "cleared")),
    ("Address", lambda call: call.place),
    ("Lat", lambda call: call.latitude),
    ("Long", lambda call: call.longitude),
    ("Beat", lambda call: call.beat),
    ("Pri", lambda call: call.priority),
    ("Radio Code", lambda call: call.code),
    ("Description", lambda call: call.words),
    ("Dispo", lambda call: call.ending),
    ("Unit", lambda call: call.unit),
)
RADIO_FIELDS = {
    "id": "Incident No",
    "time": "Time Received",
    "dispatched": "Dispatched",
    "arrived": "On Scene",
    "cleared": "Cleared",
    "place": "Address",
    "latitude": "Lat",
    "longitude": "Long",
    "area": "Beat",
    "priority": "Pri",
    "nature": "Radio Code",
    "nature words": "Description",
    "disposition": "Dispo",
    "unit": "Unit",
}
SHEET: tuple[Column, ...] = (
    ("Event Number", lambda call: call.id),
    ("Call Date/Time", lambda call: call.received),
    ("Priority", lambda call: int(call.priority)),
    ("Beat", lambda call: int(call.beat)),
    ("Call Type", lambda call: call.words),
    ("Address", lambda call: call.place),
    ("Latitude", lambda call: call.latitude),
    ("Longitude", lambda call: call.longitude),
)
SHEET_FIELDS = {
    "id": "Event Number",
    "time": "Call Date/Time",
    "priority": "Priority",
    "area": "Beat",
    "nature": "Call Type",
    "place": "Address",
    "latitude": "Latitude",
    "longitude": "Longitude",
}
SERVICE: tuple[Column, ...] = (
    ("OBJECTID", lambda call: int(call.id[3:])),
    ("CALL_NUMBER", lambda call: call.id),
    ("CALL_TYPE", lambda call: call.words),
    ("CALL_RECEIVED", lambda call: milliseconds(call.received)),
    ("DISPATCH_TIME", lambda call: milliseconds(call.dispatched)),
    ("ENROUTE_TIME", lambda call: milliseconds(call.dispatched)),
    ("ARRIVAL_TIME", lambda call: milliseconds(call.arrived)),
    ("BEAT", lambda call: call.beat),
    ("PRIORITY", lambda call: call.priority),
    ("RESPONSE_TIME_MINUTES", lambda call: (call.arrived - call.received).seconds / 60),
)
SERVICE_FIELDS = {
    "id": "CALL_NUMBER",
    "nature": "CALL_TYPE",
    "time": "CALL_RECEIVED",
    "dispatched": "DISPATCH_TIME",
    "arrived": "ARRIVAL_TIME",
    "area": "BEAT",
    "priority": "PRIORITY",
}
PORTAL: tuple[Column, ...] = (
    ("case_number", lambda call: call.id),
    ("call_date_time", clock(ISO + ".000", "received")),
    ("nature_code", lambda call: call.code),
    ("nature_description", lambda call: call.words),
    ("police_district", lambda call: call.beat),
    ("block_address", lambda call: call.place),
    ("call_source", lambda call: "OFFICER" if call.on_view else "911"),
)
PORTAL_FIELDS = {
    "id": "case_number",
    "time": "call_date_time",
    "nature": "nature_code",
    "nature words": "nature_description",
    "area": "police_district",
    "place": "block_address",
    "source": "call_source",
}
POINT: Column = (
    "location",
    lambda call: {"type": "Point", "coordinates": [call.longitude, call.latitude]},
)
TWO_CLOCKS: tuple[Column, ...] = (
    ("Call No", lambda call: call.id),
    ("Call Date", clock("%d/%m/%Y", "received")),
    ("Call Time", clock("%H:%M:%S", "received")),
    ("Nature", lambda call: call.words),
    ("Location 1", lambda call: f"{call.place}\nDENVER\n({call.latitude}, {call.longitude})"),
    ("Sector", lambda call: call.beat),
)
TWO_CLOCKS_FIELDS = {
    "id": "Call No",
    "time": ("Call Date", "Call Time"),
    "nature": "Nature",
    "place": "Location 1",
    "point": "Location 1",
    "area": "Sector",
}


@dataclass(frozen=True)
class Shape:
    """How the calls are written, and what must be proposed for the file."""

    name: str
    write: Callable[[Sequence[Call]], bytes]
    fields: Mapping[str, str | tuple[str, ...]]
    formats: tuple[str, ...]
    has_id: bool = True
    rounds: bool = False
    officers: tuple[str, ...] = ()


def numbered(columns: Sequence[Column], fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields by the numbers of their columns; without names, words are the codes."""
    at = {name: f"column {number}" for number, (name, _) in enumerate(columns, start=1)}
    found = {field: at[name] for field, name in fields.items()}
    found["nature"] = found.pop("nature words")
    return found


def parquet(columns: Sequence[Column], some: Sequence[Call]) -> bytes:
    """Return a Parquet file whose times are timestamps."""
    import pyarrow as pa
    import pyarrow.parquet

    place = io.BytesIO()
    table = pa.Table.from_pylist(records(columns, some))
    pyarrow.parquet.write_table(table, place, row_group_size=100)
    return place.getvalue()


def zstd(data: bytes) -> bytes:
    """Return the data in Zstandard."""
    import pyarrow as pa

    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


def stream_zstd(data: bytes) -> bytes:
    """Return the data as the command zstd writes them, without their length."""
    import pyarrow as pa

    place = pa.BufferOutputStream()
    with pa.CompressedOutputStream(place, "zstd") as stream:
        stream.write(data)
    return bytes(place.getvalue().to_pybytes())


def sheet(some: Sequence[Call]) -> bytes:
    """Return a workbook with a title over its table."""
    names = [name for name, _ in SHEET]
    return xlsx([["Calls for service, 2026"], [], names, *rows(SHEET, some)])


def lines(columns: Sequence[Column], some: Sequence[Call]) -> bytes:
    """Return one record a line."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records(columns, some))


DEGREES = {"latitude": "geometry.y", "longitude": "geometry.x"}
PORTAL_POINT = {"latitude": "location.y", "longitude": "location.x"}
SHAPES = (
    Shape("radio.csv", lambda some: text(RADIO, some), RADIO_FIELDS, (AM_PM,)),
    Shape(
        "headerless.csv",
        lambda some: text(RADIO, some, header=False),
        numbered(RADIO, RADIO_FIELDS),
        (AM_PM,),
    ),
    Shape("radio.tsv", lambda some: text(RADIO, some, "\t"), RADIO_FIELDS, (AM_PM,)),
    Shape(
        "radio.txt.gz",
        lambda some: gzip.compress(text(RADIO, some, "|")),
        RADIO_FIELDS,
        (AM_PM,),
    ),
    Shape("radio.csv.zst", lambda some: stream_zstd(text(RADIO, some)), RADIO_FIELDS, (AM_PM,)),
    Shape(
        "two_clocks.csv",
        lambda some: text(TWO_CLOCKS, some, ";"),
        TWO_CLOCKS_FIELDS,
        ("%d/%m/%Y %H:%M:%S",),
    ),
    Shape("sheet.xlsx", sheet, SHEET_FIELDS, ("%Y-%m-%d %H:%M:%S",)),
    Shape(
        "sheet.xlsx.gz",
        lambda some: gzip.compress(sheet(some)),
        SHEET_FIELDS,
        ("%Y-%m-%d %H:%M:%S",),
    ),
    Shape(
        "service.json",
        lambda some: arcgis(SERVICE, some),
        SERVICE_FIELDS | {"x": "geometry.x", "y": "geometry.y"},
        ("epoch milliseconds",),
    ),
    Shape(
        "service.geojson",
        lambda some: geojson(SERVICE, some),
        SERVICE_FIELDS | DEGREES,
        ("epoch milliseconds",),
    ),
    Shape(
        "portal.json",
        lambda some: json.dumps(records((*PORTAL, POINT), some)).encode(),
        PORTAL_FIELDS | PORTAL_POINT,
        (ISO + ".%f",),
        officers=("OFFICER",),
    ),
    Shape(
        "portal_rows.json",
        lambda some: socrata(PORTAL, some),
        PORTAL_FIELDS | {"latitude": "Location.latitude", "longitude": "Location.longitude"},
        (ISO + ".%f",),
        officers=("OFFICER",),
    ),
    Shape(
        "portal.jsonl.zst",
        lambda some: stream_zstd(lines((*PORTAL, POINT), some)),
        PORTAL_FIELDS | PORTAL_POINT,
        (ISO + ".%f",),
        officers=("OFFICER",),
    ),
    Shape(
        "ckan.json",
        lambda some: json.dumps(
            {"success": True, "result": {"records": records((*PORTAL, POINT), some)}}
        ).encode(),
        PORTAL_FIELDS | PORTAL_POINT,
        (ISO + ".%f",),
        officers=("OFFICER",),
    ),
    Shape(
        "sheet.parquet", lambda some: parquet(SHEET, some), SHEET_FIELDS, ("%Y-%m-%d %H:%M:%S.%f",)
    ),
)

"""Shapes that the open files of some thirty cities have are told; all rows here are invented."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lamplighter.history import open_history, parse_layout, read_history
from lamplighter.history.describing import describe_file, layout_text
from lamplighter.history.describing.proposal import Proposal
from tests.history.conftest import NOW
from tests.history.invented import CODES, FIRST_DAY, ZONE, Call, Column, calls, clock, records, text

CALLS = calls(400)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LOW = 5  # of nine calls, this one's writing differs

NUMBER: Column = ("Call_ID", lambda call: call.id)
WORDS: Column = ("Call Type", lambda call: call.words)
PLACE: Column = ("Block", lambda call: call.place)
POINT: tuple[Column, ...] = (
    ("Latitude", lambda call: call.latitude),
    ("Longitude", lambda call: call.longitude),
)


def odd(call: Call) -> bool:
    """Tell whether this is one of the calls that are written otherwise."""
    return int(call.id[3:]) % 9 == LOW


def days(call: Call) -> float:
    """Return when a call came in as a workbook counts."""
    return (call.received - FIRST_DAY) / timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """How a city writes when a call came in, and what must be told of it."""

    name: str
    columns: tuple[Column, ...]
    formats: tuple[str, ...]
    exact_to: timedelta = SECOND
    header: bool = True


CLOCKS = (
    Clock(
        "a day as ISO writes it, and a clock",
        (("Date", clock("%Y-%m-%d", "received")), ("Time", clock("%H:%M:%S", "received"))),
        ("%Y-%m-%d %H:%M:%S",),
    ),
    Clock(
        "a month as a word",
        (("TimeStamp", clock("%Y %b %d %I:%M:%S %p", "received")),),
        ("%Y %b %d %I:%M:%S %p",),
    ),
    Clock(
        "years of two and of four digits",
        (
            ("DATE", lambda c: f"{c.received:%-d %b %y}" if odd(c) else f"{c.received:%-d %b %Y}"),
            ("TIME", clock("%I:%M %p", "received")),
        ),
        ("%d %b %Y %I:%M %p", "%d %b %y %I:%M %p"),
        MINUTE,
    ),
    Clock(
        "digits alone without names",
        (("", clock("%m%d%Y", "received")), ("", clock("%H%M%S", "received"))),
        ("%m%d%Y %H%M%S",),
        header=False,
    ),
    Clock(
        "a day and a part of a day, as a workbook counts",
        (
            ("Incident Date", lambda call: int(days(call))),
            ("Incident Time", lambda call: f"{days(call) % 1:.9f}"),
        ),
        ("excel days",),
    ),
    Clock(
        "a clock that lost its zeros beside midnight in UTC, names written together",
        (
            ("ACTDATE", clock("%Y-%m-%dT07:00:00.000Z", "received")),
            ("ACTTIME", lambda call: call.received.hour * 100 + call.received.minute),
        ),
        ("%Y-%m-%dT07:00:00.000Z %H%M",),
        MINUTE,
    ),
    Clock(
        "the hour alone",
        (("Date", clock("%Y-%m-%d", "received")), ("Hour", lambda call: call.received.hour)),
        ("%Y-%m-%d %H",),
        HOUR,
    ),
)


def described(folder: Path, columns: tuple[Column, ...], *, header: bool = True) -> Proposal:
    """Describe the invented calls in these columns."""
    path = folder / "calls.csv"
    path.write_bytes(text(columns, CALLS, header=header))
    return describe_file(path)


def fields(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    """Return which columns were taken for what."""
    return {guess.field: guess.columns for guess in proposal.columns}


@pytest.mark.parametrize("way", CLOCKS, ids=lambda way: way.name)
def test_when_a_call_came_in_is_told_and_read(way: Clock, tmp_path: Path) -> None:
    columns = (NUMBER, *way.columns, PLACE, WORDS, *POINT)
    names = [name if way.header else f"column {n}" for n, (name, _) in enumerate(columns, start=1)]

    proposal = described(tmp_path, columns, header=way.header)

    assert fields(proposal)["time"] == tuple(names[1 : 1 + len(way.columns)])
    assert proposal.time_formats == way.formats
    layout = parse_layout(layout_text(proposal))
    output = tmp_path / "calls.parquet"
    report = read_history(tmp_path / "calls.csv", layout, output, now=NOW)
    assert report.rows_kept == len(CALLS)
    read = {call.id: call.time for call in open_history(output)}
    for call in CALLS:
        written = call.received.replace(tzinfo=ZONE)
        early = written - read.get(call.id, written)
        assert -SECOND <= early < way.exact_to, call.received


def test_four_digits_without_a_name_of_time_are_no_clock(tmp_path: Path) -> None:
    columns = (
        NUMBER,
        ("Date", clock("%Y-%m-%d", "received")),
        ("Grid", clock("%H%M", "received")),
        WORDS,
    )

    assert "time" not in fields(described(tmp_path, columns))


def test_numbers_of_calls_are_no_times(tmp_path: Path) -> None:
    """Such a number, taken for milliseconds since 1970, would lie in our years."""
    start = datetime(2021, 1, 1)  # noqa: DTZ001 - only its digits count
    columns = (
        ("Call Id", lambda call: 1_609_459_000_000 + 7_000 * int(call.id[3:])),
        ("Event", lambda call: f"{start:%Y}{int(call.id[3:]):09}"),
        ("Reported", clock("%m/%d/%Y %H:%M", "received")),
        WORDS,
    )
    proposal = described(tmp_path, columns)

    assert fields(proposal)["time"] == ("Reported",)
    assert fields(proposal)["id"] in {("Call Id",), ("Event",)}
    assert proposal.time_formats == ("%m/%d/%Y %H:%M",)
    assert not any("holds times" in remark for remark in proposal.not_understood)


def test_a_number_that_few_calls_have_is_not_their_id(tmp_path: Path) -> None:
    columns = (
        ("Incident Number", lambda call: call.id if odd(call) else ""),
        ("Event ID", lambda call: 4_000_000 + int(call.id[3:])),
        ("Received", clock("%m/%d/%Y %H:%M", "received")),
        WORDS,
    )

    assert fields(described(tmp_path, columns))["id"] == ("Event ID",)


def test_short_names_of_several_times_are_understood(tmp_path: Path) -> None:
    columns = (
        NUMBER,
        ("ADD_TS", clock("%m/%d/%Y %I:%M:%S %p", "received")),
        ("DISP_TS", clock("%m/%d/%Y %I:%M:%S %p", "dispatched")),
        ("ARRIVD_TS", clock("%m/%d/%Y %I:%M:%S %p", "arrived")),
        ("CLOSNG_TS", clock("%m/%d/%Y %I:%M:%S %p", "cleared")),
        ("TYP_DESC", lambda call: call.words),
    )
    found = fields(described(tmp_path, columns))

    assert [found[field] for field in ("time", "dispatched", "arrived", "cleared")] == [
        (name,) for name, _ in columns[1:5]
    ]
    assert found["nature"] == ("TYP_DESC",)


@pytest.mark.parametrize("none", ["-361", "0"])
def test_coordinates_that_stand_for_no_place_do_not_hide_the_others(
    none: str, tmp_path: Path
) -> None:
    columns = (
        NUMBER,
        ("Received", clock("%Y-%m-%d %H:%M:%S", "received")),
        WORDS,
        ("Lat", lambda call: none if odd(call) else call.latitude),
        ("Lon", lambda call: none if odd(call) else call.longitude),
    )
    proposal = described(tmp_path, columns)

    assert fields(proposal)["latitude"] == ("Lat",)
    assert fields(proposal)["longitude"] == ("Lon",)
    assert proposal.time_zone == "America/Denver"
    assert proposal.bounds is not None
    assert 39 < proposal.bounds.south < 39.64


def test_an_address_in_parts_is_put_together(tmp_path: Path) -> None:
    columns = (
        NUMBER,
        ("Date Time", clock("%m/%d/%Y %H:%M", "received")),
        ("Address Number", lambda call: call.place.split()[0]),
        ("Address Direction", lambda call: "NSEW"[int(call.beat) % 4]),
        ("Address Street Name", lambda call: call.place.split()[1]),
        ("Address Street Type", lambda call: call.place.split()[2]),
        WORDS,
    )

    assert fields(described(tmp_path, columns))["place"] == tuple(n for n, _ in columns[2:6])


def test_codes_with_words_that_say_the_same_are_the_natures(tmp_path: Path) -> None:
    columns = (
        NUMBER,
        ("Entry Date/Time", clock("%m/%d/%Y %H:%M", "received")),
        ("Call Type Code", lambda call: call.code.replace("10-", "T")),
        ("Final Call Type", lambda call: call.words.title()),
        ("Priority", lambda call: call.priority),
    )
    found = fields(described(tmp_path, columns))

    assert found["nature"] == ("Call Type Code",)
    assert found["nature words"] == ("Final Call Type",)


def test_who_started_a_call_may_stand_under_call_type(tmp_path: Path) -> None:
    """Some cities write there how the call came, and under another name what it is about."""
    ways = ("911", "TELEPHONE OTHER, NOT 911", "WALK-IN")
    columns = (
        NUMBER,
        ("Call Type", lambda c: "ONVIEW" if c.on_view else ways[int(c.id[3:]) % len(ways)]),
        ("Original Time Queued", clock("%m/%d/%Y %I:%M:%S %p", "received")),
        ("Initial Call Type", lambda call: call.words),
        ("Final Call Type", lambda call: call.words if odd(call) else "--" + call.words),
    )
    proposal = described(tmp_path, columns)

    assert fields(proposal)["source"] == ("Call Type",)
    assert fields(proposal)["nature"] == ("Initial Call Type",)
    assert {(guess.started_by, guess.sources) for guess in proposal.natures if guess.sources} == {
        ("officer", ("ONVIEW",))
    }


SPANISH: Mapping[str, str] = {
    "DOMESTIC DISTURBANCE": "Violencia familiar",
    "WELFARE CHECK": "Persona extraviada",
    "ALARM BURGLAR AUDIBLE": "Alarma activada",
    "ACCIDENT NO INJURY": "Accidente de tránsito sin lesionados",
    "TRAFFIC STOP": "Disparos de arma de fuego",
    "INTOXICATED PERSON": "Persona en estado de ebriedad",
    "MENTAL CASE TRANSPORT": "Crisis psicológica",
    "PROWLER": "Persona sospechosa",
    "SHOOTING": "Herido por arma de fuego",
    "SUBJ WITH GUN": "Persona con arma blanca",
    "LOOSE DOG": "Animal suelto en la vía",
    "TRESPASSING": "Robo a negocio",
}


def test_a_file_in_spanish_is_told(tmp_path: Path) -> None:
    columns: tuple[Column, ...] = (
        ("FOLIO", lambda call: call.id),
        ("FECHA_CREACION", clock("%d/%m/%Y", "received")),
        ("HORA_CREACION", clock("%H:%M:%S", "received")),
        ("TIPO DE INCIDENTE", lambda call: SPANISH[call.words]),
        ("COLONIA", lambda call: f"Colonia {call.beat}"),
        ("LATITUD", lambda call: call.latitude - 20.3),
        ("LONGITUD", lambda call: call.longitude + 5.9),
    )
    path = tmp_path / "llamadas.csv"
    path.write_bytes(text(columns, CALLS, ";").decode().encode("cp1252"))
    proposal = describe_file(path)
    found = fields(proposal)

    assert found["time"] == ("FECHA_CREACION", "HORA_CREACION")
    assert (found["nature"], found["area"]) == (("TIPO DE INCIDENTE",), ("COLONIA",))
    assert proposal.time_formats == ("%d/%m/%Y %H:%M:%S",)
    assert proposal.time_zone == "America/Mexico_City"


def test_a_service_whose_days_are_midnight_in_utc_keeps_its_clock(tmp_path: Path) -> None:
    columns = (
        ("CallNo", lambda call: call.id),
        ("CreateDate", clock("%Y/%m/%d 05:00:00+00", "received")),
        ("CreateTime", clock("%H%M", "received")),
        ("Nature", lambda call: call.words),
    )
    path = tmp_path / "service.json"
    path.write_text(json.dumps(records(columns, CALLS)))
    proposal = describe_file(path)

    assert fields(proposal)["time"] == ("CreateDate", "CreateTime")
    assert proposal.time_formats == ("%Y/%m/%d 05:00:00+00 %H%M",)


def test_every_code_of_these_tests_is_known() -> None:
    assert SPANISH.keys() == {words for _, words, _, _ in CODES}

"""Describe a call file: look at a sample of it and propose a layout."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lamplighter.history.describing.clock import guess_clock
from lamplighter.history.describing.codes import propose, read_codes, sources_of_officers
from lamplighter.history.describing.columns import Column, look_at_columns
from lamplighter.history.describing.coordinates import Coordinates, guess_coordinates
from lamplighter.history.describing.moments import LATER_STEPS, guess_times
from lamplighter.history.describing.places import bounds_of
from lamplighter.history.describing.proposal import ColumnGuess, Guess, Proposal
from lamplighter.history.describing.relations import (
    calls_in_rows_of_units,
    rare_days,
    rows_of_an_id,
)
from lamplighter.history.describing.roles import guess_texts
from lamplighter.history.describing.sample import OTHER_ENCODINGS, Sample, take_sample
from lamplighter.history.errors import HistoryError
from lamplighter.history.layout import REQUIRED_FIELDS, TIME_FIELDS, Bounds
from lamplighter.history.staging_sql import degrees_of
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import duckdb

STEPS = 4
SURE_OF_A_NAME = 0.9
OFTEN_IN_SEVERAL_ROWS = 0.02
MOSTLY_ONE_CALL = 0.5  # of the ids in several rows


def describe_file(
    path: str | Path, *, time_zone: str | None = None, progress: Progress | None = None
) -> Proposal:
    """Look at a sample of a call file and propose a layout for it.

    `time_zone`, if given, is not guessed. `progress` is called with the steps done and in all.
    Raises HistoryError when the file cannot be read or is no table of calls.
    """
    import duckdb

    path = Path(path)
    if not path.is_file():
        raise HistoryError(f"There is no file {path}: check the path.")
    if time_zone is not None:
        _check_zone(time_zone)
    tell = progress or (lambda _done, _total: None)
    tell(0, STEPS)
    try:
        with TemporaryDirectory(prefix="lamplighter-") as scratch:
            sample = take_sample(path, Path(scratch))
    except OSError as error:
        raise HistoryError(
            f"{path.name} cannot be read ({error.strerror}): see to the disk and its permissions."
        ) from error
    tell(1, STEPS)
    columns = look_at_columns(sample.table, sample.names)
    tell(2, STEPS)
    with duckdb.connect() as database:
        with suppress(duckdb.InvalidInputException):
            # In a notebook without widgets DuckDB has no bar, and refuses to be told so.
            database.execute("SET enable_progress_bar = false")
        database.execute("SET TimeZone = 'UTC'")
        database.register("texts", sample.table)
        proposal = _propose(database, path, sample, columns, time_zone)
    tell(STEPS, STEPS)
    return proposal


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise HistoryError(
            f"There is no time zone {name!r}: write one like America/Chicago."
        ) from error


def _propose(
    database: "duckdb.DuckDBPyConnection",
    path: Path,
    sample: Sample,
    columns: Sequence[Column],
    time_zone: str | None,
) -> Proposal:
    where = guess_coordinates(columns, in_mercator=sample.in_mercator)
    latitude, longitude = degrees_of(
        {field: f"f{column.position}" for field, column in where.fields.items()}
    )
    database.execute(
        f"CREATE TEMP VIEW sample AS SELECT *, {latitude} AS lat, {longitude} AS lon FROM texts"
    )
    rest = [column for column in columns if column not in where.fields.values()]
    times = guess_times(database, rest)
    rest = [column for column in rest if column.position not in times.taken]
    texts = guess_texts(database, rest, with_coordinates=bool(where.fields))
    guesses = (*times.guesses, *texts, *where.guesses, *_place_beside_point(where, texts))
    at = _positions(guesses, columns)
    bounds, bounds_guess = _bounds(database)
    middle = (bounds.middle if bounds else None) if where.fields else None
    clock = guess_clock(database, path, times, middle, time_zone)
    codes = (
        read_codes(
            database,
            at["nature"],
            at.get("nature suffix"),
            at.get("nature words"),
            _suffix_words(columns) if "nature suffix" in at else None,
        )
        if "nature" in at
        else []
    )
    natures, strange, rare = propose(codes, with_words="nature words" in at)
    officers = sources_of_officers(database, at["source"]) if "source" in at else ()
    used = {name for guess in guesses for name in guess.columns}
    joined = _joins_rows(database, at)
    return Proposal(
        file=path.name,
        kind=sample.kind,
        form=sample.form,
        rows=sample.table.num_rows,
        whole=sample.whole,
        columns=guesses,
        unused=tuple(column.name for column in columns if column.name not in used),
        time_formats=clock.formats,
        time_formats_guess=times.formats_guess,
        time_zone=clock.time_zone,
        time_zone_guess=clock.guess,
        city=clock.city,
        other_encodings=OTHER_ENCODINGS,
        never=tuple(
            rare_days(database, [at[field] for field in TIME_FIELDS if field in at], times.formats)
        ),
        bounds=bounds,
        bounds_guess=bounds_guess,
        natures=(*officers, *natures),
        strange_codes=strange,
        rare_codes=rare,
        code_rows=sum(code.rows for code in codes),
        not_understood=(
            *sample.remarks,
            *_missing(at),
            *times.remarks,
            *clock.remarks,
            *where.remarks,
            *_about_ids(database, at, joined=joined),
        ),
        rows_joined=joined,
    )


def _suffix_words(columns: Sequence[Column]) -> int | None:
    """Return the column with the words of suffixes, which a layout does not need."""
    named = [column for column in columns if column.named("suffix words") >= SURE_OF_A_NAME]
    return named[0].position if named else None


def _place_beside_point(
    where: Coordinates, texts: Sequence[ColumnGuess]
) -> tuple[ColumnGuess, ...]:
    """A column of points may begin with the address, which then is the place, too."""
    point = where.fields.get("point")
    if point is None or point.streets < 0.5 or any(guess.field == "place" for guess in texts):
        return ()
    because = "an address before the point; the point comes with it"
    return (ColumnGuess("place", (point.name,), 0.7, because),)


def _positions(guesses: Sequence[ColumnGuess], columns: Sequence[Column]) -> Mapping[str, int]:
    """Return where the first column of each field stands; of two names alike the first is meant."""
    positions = {column.name: column.position for column in reversed(columns)}
    return {guess.field: positions[guess.columns[0]] for guess in guesses}


def _bounds(database: "duckdb.DuckDBPyConnection") -> tuple[Bounds | None, Guess]:
    degrees = database.execute(
        "SELECT lat, lon FROM sample WHERE lat IS NOT NULL AND lon IS NOT NULL"
    ).fetchnumpy()
    found = bounds_of(degrees["lat"], degrees["lon"])
    if found is None:
        return None, Guess(0.0, "no coordinates that belong together")
    box, inside = found
    return box, Guess(round(inside, 2), f"{inside:.1%} of the coordinates lie within")


def _missing(at: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"No column was found for the {field}, without which the file cannot be read: name it "
        "under 'columns'."
        for field in REQUIRED_FIELDS
        if field not in at
    )


def _about_ids(
    database: "duckdb.DuckDBPyConnection", at: Mapping[str, int], *, joined: bool
) -> tuple[str, ...]:
    if "id" not in at:
        return ("No column is an id: calls are named after their line.",)
    ids, repeated = rows_of_an_id(database, at["id"])
    if repeated < OFTEN_IN_SEVERAL_ROWS * ids:
        return ()
    if joined:
        return (
            f"{repeated / ids:.0%} of the ids stand in several rows: a call may have a row for "
            "each unit or step. They tell of one moment and several units or steps, so the layout "
            "says 'rows of one call: joined'.",
        )
    return (
        f"{repeated / ids:.0%} of the ids stand in several rows: a call may have a row for each "
        "unit or step. The first good row of a call is kept, unless the layout says 'rows of one "
        "call: joined'.",
    )


def _joins_rows(database: "duckdb.DuckDBPyConnection", at: Mapping[str, int]) -> bool:
    """Tell whether the rows of an id are those of one call: one moment, and several units."""
    if "id" not in at or "time" not in at:
        return False
    ids, repeated = rows_of_an_id(database, at["id"])
    steps = [at[field] for field in ("unit", *LATER_STEPS) if field in at]
    told = calls_in_rows_of_units(database, at["id"], at["time"], steps)
    return repeated >= OFTEN_IN_SEVERAL_ROWS * ids and told > MOSTLY_ONE_CALL * repeated

"""Describe a call file: look at a sample of it and propose a layout."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.describing.codes import propose, read_codes
from lamplighter.history.describing.columns import Column, look_at_columns
from lamplighter.history.describing.moments import Times, guess_times
from lamplighter.history.describing.places import bounds_of, city_named_in, zone_at
from lamplighter.history.describing.proposal import ColumnGuess, Guess, Proposal
from lamplighter.history.describing.roles import guess_texts
from lamplighter.history.describing.sample import Sample, take_sample
from lamplighter.history.errors import HistoryError
from lamplighter.history.layout import Bounds
from lamplighter.history.unpacked import Progress

if TYPE_CHECKING:
    import duckdb

UNNAMED_CITY = "My City, State"


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
    tell = progress or (lambda _done, _total: None)
    tell(0, 4)
    sample = take_sample(path)
    tell(1, 4)
    columns = look_at_columns(sample.table, sample.names)
    tell(2, 4)
    with duckdb.connect() as database:
        database.execute("SET enable_progress_bar = false")
        database.execute("SET TimeZone = 'UTC'")
        database.register("sample", sample.table)
        times = guess_times(database, columns)
        tell(3, 4)
        proposal = _propose(database, path, sample, columns, times, time_zone)
    tell(4, 4)
    return proposal


def _propose(
    database: "duckdb.DuckDBPyConnection",
    path: Path,
    sample: Sample,
    columns: Sequence[Column],
    times: Times,
    time_zone: str | None,
) -> Proposal:
    free = [column for column in columns if column.position not in times.taken]
    latitude, longitude = _degrees(free)
    coordinates = _coordinate_guesses(latitude, longitude)
    others = [column for column in free if column not in (latitude, longitude)]
    texts = guess_texts(database, others, latitude, longitude)
    guesses = (*times.guesses, *texts, *coordinates)
    by_field = {guess.field: guess for guess in guesses}
    bounds, bounds_guess, middle = _bounds(database, latitude, longitude)
    zone, zone_guess, city = _zone(path, middle, time_zone)
    positions = {column.name: column.position for column in reversed(columns)}

    def position(field: str) -> int | None:
        guess = by_field.get(field)
        return positions[guess.columns[0]] if guess else None

    nature = position("nature")
    words = position("nature words")
    codes = (
        read_codes(database, nature, position("nature suffix"), words) if nature is not None else []
    )
    natures, strange, rare = propose(codes, with_words=words is not None)
    used = {name for guess in guesses for name in guess.columns}
    return Proposal(
        file=path.name,
        kind=sample.kind,
        form=sample.form,
        rows=sample.table.num_rows,
        whole=sample.whole,
        columns=guesses,
        unused=tuple(column.name for column in columns if column.name not in used),
        time_formats=times.formats,
        time_formats_guess=times.formats_guess,
        time_zone=zone,
        time_zone_guess=zone_guess,
        city=city,
        other_encodings=("cp1252",),
        never=(),
        bounds=bounds,
        bounds_guess=bounds_guess,
        natures=natures,
        strange_codes=strange,
        rare_codes=rare,
        code_rows=sum(code.rows for code in codes),
        not_understood=times.remarks,
    )


def _degrees(columns: Sequence[Column]) -> tuple[Column | None, Column | None]:
    """Return the columns of latitude and longitude, told by name, else by their numbers."""
    numbers = [column for column in columns if column.numbers > 0.9 and column.decimals > 0.5]
    latitudes = [column for column in numbers if column.named("latitude")]
    longitudes = [column for column in numbers if column.named("longitude")]
    if latitudes and longitudes:
        return latitudes[0], longitudes[0]
    narrow = [column for column in numbers if column.high - column.low < 5]
    for first, second in pairwise(narrow):
        for latitude, longitude in ((first, second), (second, first)):
            if latitude.low > 15 and latitude.high < 72 and -180 < longitude.low < -50:
                return latitude, longitude
    return None, None


def _coordinate_guesses(
    latitude: Column | None, longitude: Column | None
) -> tuple[ColumnGuess, ...]:
    if latitude is None or longitude is None:
        return ()
    named = bool(latitude.named("latitude") and longitude.named("longitude"))
    sureness = 0.97 if named else 0.8
    because = "its name and its numbers" if named else "degrees that suit a city of this continent"
    return (
        ColumnGuess("latitude", (latitude.name,), sureness, because),
        ColumnGuess("longitude", (longitude.name,), sureness, because),
    )


def _bounds(
    database: "duckdb.DuckDBPyConnection", latitude: Column | None, longitude: Column | None
) -> tuple[Bounds | None, Guess, tuple[float, float] | None]:
    if latitude is None or longitude is None:
        return None, Guess(0.0, "no coordinates"), None
    numbers = database.execute(f"""
SELECT try_cast(f{latitude.position} AS DOUBLE) AS lat,
    try_cast(f{longitude.position} AS DOUBLE) AS lon
FROM sample WHERE lat IS NOT NULL AND lon IS NOT NULL""").fetchnumpy()  # noqa: S608
    found = bounds_of(numbers["lat"], numbers["lon"])
    if found is None:
        return None, Guess(0.0, "no coordinates that belong together"), None
    box, inside = found
    middle = (box.south + box.north) / 2, (box.west + box.east) / 2
    return box, Guess(round(inside, 2), f"{inside:.1%} of the coordinates lie within"), middle


def _zone(
    path: Path, middle: tuple[float, float] | None, given: str | None
) -> tuple[str | None, Guess, str | None]:
    named = city_named_in(path.name)
    city = f"{named.name}, {named.state}" if named else None
    if middle is not None:
        nearest, sureness = zone_at(*middle)
        if nearest.degrees_to(*middle) < 0.3 and not named:
            city = f"{nearest.name}, {nearest.state}"
        guess = Guess(sureness, f"the calls lie near {nearest.name}, {nearest.state}")
        zone: str | None = nearest.time_zone
    elif named:
        zone, guess = named.time_zone, Guess(0.6, f"the file's name says {named.name}")
    else:
        zone, guess = None, Guess(0.0, "nothing in the file tells where its calls are")
    if given is not None:
        return given, Guess(1.0, "as you said"), city
    return zone, guess, city

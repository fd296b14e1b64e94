"""Say in which time zone the clock of a file runs, from where its calls are and when they rest."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamplighter.history.describing.moments import Times
from lamplighter.history.describing.places import FAR_FROM_ALL, city_named_in, zone_at
from lamplighter.history.describing.proposal import Guess
from lamplighter.history.describing.relations import calls_by_hour
from lamplighter.history.time_forms import LOCAL_MILLISECONDS, MILLISECONDS, is_in_utc

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

NEAR_A_CITY = 0.3  # degrees
ENOUGH_CALLS = 500
# The middle of the four quietest hours of the files that we have seen is 4 and 6 o'clock.
RESTING_HOURS = range(2, 8)
CLEAR_REST = 0.13  # of the calls in the four quietest hours; without any rest it were 4 of 24


@dataclass(frozen=True, slots=True)
class Clock:
    """The city and its time zone, as far as the file tells, and formats that suit the clock."""

    city: str | None
    time_zone: str | None
    guess: Guess
    formats: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def guess_clock(
    database: "duckdb.DuckDBPyConnection",
    path: Path,
    times: Times,
    middle: tuple[float, float] | None,
    given: str | None,
) -> Clock:
    """Return the time zone: that of the nearest city, or of the city in the name of the file.

    `middle` is where the calls are. People's calls rest when people sleep, so a clock whose quiet
    hours lie in the day is called into question.
    """
    city, zone, guess = _place(path, middle)
    if given is not None:
        zone, guess = given, Guess(1.0, "as you said")
    if zone is None or times.call is None:
        return Clock(city, zone, guess, times.formats)
    text = " || ' ' || ".join(f"trim(f{column.position})" for column in times.call.columns)
    local = _rest(calls_by_hour(database, text, times.call.formats, zone))
    if local is None or local in RESTING_HOURS:
        return Clock(city, zone, guess, times.formats)
    doubted = Guess(min(guess.confidence, 0.4), f"{guess.because}, but see below")
    as_written = (
        _rest(calls_by_hour(database, text, times.call.formats, "UTC"))
        if any(is_in_utc(form) for form in times.call.formats)
        else None
    )
    if as_written in RESTING_HOURS and times.call.formats == (MILLISECONDS,):
        formats = tuple(LOCAL_MILLISECONDS if f == MILLISECONDS else f for f in times.formats)
        remark = (
            "The times count milliseconds of the city's own clock, to judge by the quiet hours "
            f"around {as_written} o'clock, and not of UTC."
        )
        return Clock(city, zone, guess, formats, (remark,))
    if as_written in RESTING_HOURS:
        remark = (
            f"The times say their offset from UTC, but calls rest around {as_written} o'clock as "
            "they are written: the city's own clock may be meant. If so, write the sign and "
            "figures of the offset into the format in place of %z."
        )
        return Clock(city, zone, doubted, times.formats, (remark,))
    remark = (
        f"The fewest calls come around {local} o'clock, which is no time to sleep: the clock may "
        "be that of another time zone, such as UTC."
    )
    return Clock(city, zone, doubted, times.formats, (remark,))


def _place(path: Path, middle: tuple[float, float] | None) -> tuple[str | None, str | None, Guess]:
    named = city_named_in(path.name)
    if middle is not None:
        nearest, sureness = zone_at(*middle)
        if nearest.degrees_to(*middle) > FAR_FROM_ALL:
            return None, None, Guess(0.0, "the calls lie far from every city that is known here")
        is_there = nearest.degrees_to(*middle) < NEAR_A_CITY
        city = named if named and named.degrees_to(*middle) < 2 * NEAR_A_CITY else nearest
        name = f"{city.name}, {city.state}" if is_there or city is named else None
        because = f"the calls lie near {nearest.name}, {nearest.state}"
        return name, nearest.time_zone, Guess(sureness, because)
    if named:
        because = f"the name of the file says {named.name}"
        return f"{named.name}, {named.state}", named.time_zone, Guess(0.6, because)
    return None, None, Guess(0.0, "nothing in the file tells where its calls are")


def _rest(calls: "NDArray[np.float64]") -> int | None:
    """Return the middle of the four quietest hours; None where too few calls tell, or none rest."""
    import numpy as np

    if calls.sum() < ENOUGH_CALLS:
        return None
    sums = np.convolve(np.concatenate([calls, calls[:3]]), np.ones(4), "valid")
    quietest = int(np.argmin(sums))
    return (quietest + 2) % 24 if sums[quietest] < CLEAR_REST * calls.sum() else None

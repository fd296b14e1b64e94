"""Say which columns of a sample are the times of a call, and how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamplighter.history.describing.columns import Column
from lamplighter.history.describing.proposal import ColumnGuess, Guess
from lamplighter.history.describing.relations import shares_later
from lamplighter.history.describing.times import (
    HOUR_ALONE,
    Moment,
    joined_forms,
    number_form,
)
from lamplighter.history.layout import TIME_FIELDS
from lamplighter.history.time_forms import DAYS_IN_EXCEL

if TYPE_CHECKING:
    import duckdb

LEAST_SHARE = 0.6
NAMES_TIME = 0.6
NAMES_ID = 0.6
VAGUE = 0.75  # a name that says no more than "date"
HAS_CLOCKS = 0.05  # of days that are counted; fewer with a part of a day are slips
LATER_STEPS = ("dispatched", "arrived", "cleared")


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """One column, or a day and a clock in two, that tell whole moments."""

    columns: tuple[Column, ...]
    formats: tuple[str, ...]
    share: float
    either_way: bool
    meanings: dict[str, float]

    @property
    def first(self) -> Column:
        """The column by which it is compared with others."""
        return self.columns[0]


@dataclass(frozen=True, slots=True)
class Times:
    """The time columns of a call, what was left out, and remarks about them."""

    guesses: tuple[ColumnGuess, ...]
    formats: tuple[str, ...]
    formats_guess: Guess
    call: TimeColumn | None
    taken: frozenset[int]
    remarks: tuple[str, ...]


def guess_times(database: "duckdb.DuckDBPyConnection", columns: Sequence[Column]) -> Times:
    """Return which columns tell when a call came in, was sent, was there and was done."""
    found = _time_columns(columns)
    usable = [column for column in found if column.meanings.get("other time", 0) < 0.9]
    if not usable:
        nothing = Guess(0.0, "no column has times")
        return Times((), (), nothing, None, frozenset(), _without_clock(columns))
    single = [column for column in usable if len(column.columns) == 1]
    formats = tuple(dict.fromkeys(form for column in usable for form in column.formats))
    later = shares_later(database, [column.first.position for column in single], formats)
    call, sureness, because = _call_time(usable, later)
    guesses = [ColumnGuess("time", _names(call), sureness, because)]
    taken = set(_positions(call))
    remarks = _in_no_format(columns)
    rest = [column for column in usable if column is not call]
    named, unnamed = _by_name(rest)
    for field, (column, name) in named.items():
        share = later.get((call.first.position, column.first.position), 1.0)
        because = f"its name; not before the call in {share:.0%}"
        guesses.append(
            ColumnGuess(field, _names(column), round(name * min(1.0, share + 0.1), 2), because)
        )
        taken |= set(_positions(column))
        if share < 0.9:
            remarks.append(
                f"{_names(column)[0]!r} is before {_names(call)[0]!r} in {1 - share:.0%} of the "
                "rows: see whether it is what its name says."
            )
    free = [field for field in LATER_STEPS if field not in named]
    if not named and unnamed and len(free) >= len(unnamed):
        for field, column in zip(free, _in_order(unnamed, later), strict=False):
            guesses.append(ColumnGuess(field, _names(column), 0.65, "its place in order of time"))
            taken |= set(_positions(column))
    remarks += [
        f"{_names(column)[0]!r} holds times and was not used: if they are when a unit was sent, "
        "was there or was done, name it as dispatched, arrived or cleared under 'columns'."
        for column in found
        if not set(_positions(column)) & taken
    ]
    remarks += _without_clock([column for column in columns if column.position not in taken])
    formats = tuple(
        dict.fromkeys(
            form for column in usable if set(_positions(column)) <= taken for form in column.formats
        )
    )
    # What holds times is nothing else, used or not.
    taken |= {position for column in found for position in _positions(column)}
    return Times(
        tuple(guesses), formats, _formats_guess(call), call, frozenset(taken), tuple(remarks)
    )


def _time_columns(columns: Sequence[Column]) -> list[TimeColumn]:
    found = []
    for column in columns:
        form = column.time
        names_time = any(column.named(field) >= NAMES_TIME for field in TIME_FIELDS)
        if form and form.moment is Moment.WHOLE and form.share >= LEAST_SHARE:
            if not form.zero_clock:
                found.append(
                    TimeColumn(
                        (column,), form.formats, form.share, form.either_way, column.meanings
                    )
                )
        elif column.numbers > 0.9 and column.filled and column.named("id") < NAMES_ID:
            number = number_form(column.low, column.high, named_as_time=names_time)
            whole_days = number == DAYS_IN_EXCEL and column.decimals < HAS_CLOCKS
            parts = (column, *_fraction_after(column, columns)) if whole_days else (column,)
            if number and not (whole_days and len(parts) == 1):
                found.append(TimeColumn(parts, (number,), column.numbers, False, column.meanings))
    found += _pairs(columns)
    return found


def _fraction_after(day: Column, columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the column beside a day that counts the part of it that is over, as Excel does."""
    return tuple(
        column
        for column in columns
        if column.position == day.position + 1
        and column.numbers > 0.9
        and column.decimals > 0.9
        and 0 <= column.low <= column.high < 1
    )


def _pairs(columns: Sequence[Column]) -> list[TimeColumn]:
    """Join each clock with the day that stands nearest before it, else nearest."""
    clocks = [c for c in columns if c.time and c.time.moment is Moment.CLOCK]
    clocks = [c for c in clocks if c.time and c.time.formats != (HOUR_ALONE,)] or clocks
    days = [
        c
        for c in columns
        if c.time
        and c.time.share >= LEAST_SHARE
        and (c.time.moment is Moment.DAY or c.time.zero_clock)
    ]
    found = []
    for clock in clocks:
        if not days or clock.time is None or clock.time.share < LEAST_SHARE:
            continue
        day = min(days, key=lambda c: (abs(c.position - clock.position), c.position))
        if day.time is None:
            continue
        meanings = {
            field: max(day.named(field), clock.named(field))
            for field in (*TIME_FIELDS, "other time")
            if day.named(field) or clock.named(field)
        }
        found.append(
            TimeColumn(
                (day, clock),
                joined_forms(day.time, clock.time),
                min(day.time.share, clock.time.share),
                day.time.either_way,
                meanings,
            )
        )
    return found


def _call_time(
    columns: Sequence[TimeColumn], later: dict[tuple[int, int], float]
) -> tuple[TimeColumn, float, str]:
    """Return the column of when the call came in, how sure that is, and why."""

    def earliness(column: TimeColumn) -> float:
        shares = [share for (one, _), share in later.items() if one == column.first.position]
        return sum(shares) / len(shares) if shares else 1.0

    def score(column: TimeColumn) -> float:
        name = column.meanings.get("time", 0.0)
        rival = max(column.meanings.get(field, 0.0) for field in LATER_STEPS)
        if rival > name:
            name = 0.0
        if name < VAGUE:
            name /= 2
        return name + 0.5 * earliness(column) + 0.2 * column.first.filled / column.first.rows

    best = max(columns, key=score)
    name = best.meanings.get("time", 0.0)
    if len(columns) == 1:
        return best, round(max(0.85, name) * best.share, 2), "the only column of times"
    early = earliness(best)
    if name:
        return best, round(name * best.share, 2), f"its name; earlier than others in {early:.0%}"
    return best, round(0.75 * early, 2), f"not later than the other times in {early:.0%} of rows"


def _by_name(
    columns: Sequence[TimeColumn],
) -> tuple[dict[str, tuple[TimeColumn, float]], list[TimeColumn]]:
    """Give each later step the column that names it most surely."""
    claims = sorted(
        (
            (column.meanings.get(field, 0.0), field, number)
            for number, column in enumerate(columns)
            for field in LATER_STEPS
            if column.meanings.get(field, 0.0) >= 0.5
        ),
        reverse=True,
    )
    named: dict[str, tuple[TimeColumn, float]] = {}
    used: set[int] = set()
    for sureness, field, number in claims:
        if field not in named and number not in used:
            named[field] = (columns[number], sureness)
            used.add(number)
    return named, [column for column in columns if not column.meanings]


def _in_order(
    columns: Sequence[TimeColumn], later: dict[tuple[int, int], float]
) -> list[TimeColumn]:
    def how_late(column: TimeColumn) -> float:
        return sum(share for (_, other), share in later.items() if other == column.first.position)

    return sorted(columns, key=how_late)


def _formats_guess(call: TimeColumn) -> Guess:
    if call.either_way:
        return Guess(
            0.5, "no day above 12 shows which number is the day: month first is the custom here"
        )
    return Guess(round(call.share, 2), f"{call.share:.0%} of the times are written so")


def _without_clock(columns: Sequence[Column]) -> tuple[str, ...]:
    return tuple(
        f"{column.name!r} has days without a clock."
        for column in columns
        if column.time and (column.time.zero_clock or column.time.moment is Moment.DAY)
    )


def _in_no_format(columns: Sequence[Column]) -> list[str]:
    return [
        f"{column.name!r} is named like a time, and its values are in no format that is known "
        "here: if it is one, add it and its format."
        for column in columns
        if column.time is None
        and column.digits > 0.9
        and column.numbers < 0.5
        and max(column.named(field) for field in TIME_FIELDS)
        >= max((0.8, *column.meanings.values()))
    ]


def _names(column: TimeColumn) -> tuple[str, ...]:
    return tuple(part.name for part in column.columns)


def _positions(column: TimeColumn) -> tuple[int, ...]:
    return tuple(part.position for part in column.columns)

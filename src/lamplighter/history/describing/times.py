"""Find out how a column writes its times."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from lamplighter.history.time_forms import DAYS_IN_EXCEL, MILLISECONDS, SECONDS

MOST_VALUES = 3_000
HOUR_ALONE = "%H"
LONGEST = 64  # signs; a longer text is no time
SMALLEST_SHARE = 0.002  # a form that fewer of the values have is a slip, not a form

_DAYS = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"(\d{1,2})/(\d{1,2})/\d{4}", "%m/%d/%Y"),
    (r"(\d{1,2})/(\d{1,2})/\d{2}", "%m/%d/%y"),
    (r"(\d{1,2})-(\d{1,2})-\d{4}", "%m-%d-%Y"),
    (r"(\d{1,2})\.(\d{1,2})\.\d{4}", "%m.%d.%Y"),
    (r"\d{4}\.\d{1,2}\.\d{1,2}", "%Y.%m.%d"),
    (r"\d{4} [A-Za-z]{3} \d{1,2}", "%Y %b %d"),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    (r"\d{1,2}-[A-Za-z]{3}-\d{2}", "%d-%b-%y"),
    (r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
    (r"\d{1,2} [A-Za-z]{3} \d{2}", "%d %b %y"),
    (r"[A-Za-z]{3} +\d{1,2} \d{4}", "%b %d %Y"),
    (r"[A-Za-z]{3} [A-Za-z]{3} \d{1,2} \d{4}", "%a %b %d %Y"),
    (r"[A-Za-z]{3} \d{1,2}, \d{4}", "%b %d, %Y"),
    (r"[A-Za-z]{4,9} \d{1,2}, \d{4}", "%B %d, %Y"),
    (r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", "%Y%m%d"),
    (r"([0-3]\d)([0-3]\d)(?:19|20)\d{2}", "%m%d%Y"),
)
_CLOCKS = (
    (r"\d{1,2}:\d{2}:\d{2}\.\d+ [AaPp][Mm]", "%I:%M:%S.%f %p"),
    (r"\d{1,2}:\d{2}:\d{2} [AaPp][Mm]", "%I:%M:%S %p"),
    (r"\d{1,2}:\d{2}:\d{2}[AaPp][Mm]", "%I:%M:%S%p"),
    (r"\d{1,2}:\d{2} [AaPp][Mm]", "%I:%M %p"),
    (r"\d{1,2}:\d{2}[AaPp][Mm]", "%I:%M%p"),
    (r"\d{1,2}\.\d{2}\.\d{2} [AaPp][Mm]", "%I.%M.%S %p"),
    (r"\d{1,2}:\d{2}:\d{2}\.\d+", "%H:%M:%S.%f"),
    (r"\d{1,2}:\d{2}:\d{2}", "%H:%M:%S"),
    (r"\d{1,2}:\d{2}", "%H:%M"),
    (r"[0-2]\d[0-5]\d[0-5]\d", "%H%M%S"),
    (r"[0-2]\d[0-5]\d", "%H%M"),
)
# A sign and two figures at the end are an offset only where a clock stands before them.
_MOMENT = re.compile(
    r"(?P<day>[\dA-Za-z](?:[^:T]|T(?!\d))*?)"
    r"(?:(?P<gap>,?\s+|T|:)"
    r"(?P<clock>\d{1,2}:\d.*?|\d{1,2}\.\d\d\.\d\d .M|[0-2]\d[0-5]\d(?:[0-5]\d)?)"
    r"(?P<zone>\s?[+-]\d{2}:?\d{2}|\s?[+-]\d{2}(?=$)|Z)?)?"
)
_DAY_RES = tuple((re.compile(pattern), form) for pattern, form in _DAYS)
_CLOCK_RES = tuple((re.compile(pattern), form) for pattern, form in _CLOCKS)
# A number of one call after another that begins with the day stays in the first hour.
_ALL_DIGITS = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])((?:[01]\d|2[0-3]))[0-5]\d[0-5]\d"
)
_CLOCK_AT_END = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_MIDNIGHT = re.compile(r"[T ](?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?AM)(?:Z|[+-][\d:]+)?")
# A clock that says the same on so many days is none: midnight, or what midnight is in UTC.
DAYS_OF_ONE_CLOCK = 10
# So many days in a row of one month are no first (or any one) days of as many months.
DAYS_IN_A_ROW = 4
# So many clocks in so many hours are no codes of areas; four digits could be, and need a name.
LEAST_CLOCKS, LEAST_HOURS = 20, 12
# A workbook may have taken the zeros away: 5 is five past midnight.
_DIGITS_CLOCKS = (
    (re.compile(r"([01]\d|2[0-3])[0-5]\d[0-5]\d"), "%H%M%S", False),
    (re.compile(r"(\d|[01]\d|2[0-3])"), HOUR_ALONE, True),
    (re.compile(r"(\d|[01]\d|2[0-3])?(?:[0-5]\d|(?<!\d)\d)"), "%H%M", True),
)


class Moment(StrEnum):
    """How much of a moment a column tells."""

    WHOLE = "whole"
    DAY = "day"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class TimeForm:
    """How a column writes its times.

    `formats` are as in a layout, the commonest first; `share` is the share of the values that have
    one of them. `either_way` tells that nothing shows which is the day and which the month.
    `zero_clock` is set where each day has a clock that says 00:00, or always the same.
    """

    moment: Moment
    formats: tuple[str, ...]
    share: float
    either_way: bool = False
    zero_clock: str = ""


def time_form(values: Iterable[tuple[str, int]]) -> TimeForm | None:
    """Return how the values, each with how often it stands there, write times; None if they do not.

    Where no day above 12 shows which is the day and which the month, the reading decides in which
    the days lie close together.

    >>> form = time_form([("5/13/2024 1:05 PM", 3), ("12/1/2024 11:59 AM", 1)])
    >>> form.formats, form.moment.value, form.either_way
    (('%m/%d/%Y %I:%M %p',), 'whole', False)
    """
    found: Counter[tuple[Moment, str]] = Counter()
    firsts, seconds, rows = 0, 0, 0
    pairs: set[tuple[int, int]] = set()
    hours: set[str] = set()
    same: Counter[str] = Counter()
    distinct = 0
    for value, count in values:
        rows += count
        distinct += 1
        if digits := _ALL_DIGITS.fullmatch(value.strip()):
            found[Moment.WHOLE, "%Y%m%d%H%M%S"] += count
            hours.add(digits[1])
            continue
        read = _read(value)
        if read is None:
            continue
        moment, form, first, second = read
        found[moment, form] += count
        firsts, seconds = max(firsts, first), max(seconds, second)
        pairs.add((first, second))
        if clock := _CLOCK_AT_END.search(value.strip()):
            same[clock.group()] += count
    if len(hours) == 1:
        del found[Moment.WHOLE, "%Y%m%d%H%M%S"]
    if not found:
        return None
    moments: Counter[Moment] = Counter()
    for (moment, _), count in found.items():
        moments[moment] += count
    moment, read_rows = moments.most_common(1)[0]
    formats = [
        form
        for (kind, form), count in found.most_common()
        if kind is moment and count >= SMALLEST_SHARE * rows
    ]
    either_way = 0 < firsts <= 12 and seconds <= 12
    closer = _closer_reading(pairs) if either_way else None
    if firsts > 12 or closer == "day first":
        formats = [_day_first(form) for form in formats]
    clock_text, clock_rows = same.most_common(1)[0] if same else ("", 0)
    is_none = clock_rows >= 0.98 * rows and (
        distinct >= DAYS_OF_ONE_CLOCK or _MIDNIGHT.fullmatch(clock_text) is not None
    )
    return TimeForm(
        moment,
        tuple(dict.fromkeys(formats)),
        read_rows / rows,
        either_way=either_way and closer is None,
        zero_clock=clock_text if moment is Moment.WHOLE and is_none else "",
    )


def _closer_reading(pairs: AbstractSet[tuple[int, int]]) -> str | None:
    """Return the reading of two numbers in which the days of a file follow each other, if one does.

    A file of some days in a row has them on the same day of many months when it is read wrongly.
    The first of January is left out, for it often means never.

    >>> _closer_reading({(day, 3) for day in range(1, 12)})
    'day first'
    """
    firsts, seconds = ({pair[place] for pair in pairs if pair != (1, 1)} for place in (0, 1))
    if len(seconds) == 1 and len(firsts) >= DAYS_IN_A_ROW:
        return "day first" if _follow(firsts) else None
    if len(firsts) == 1 and len(seconds) >= DAYS_IN_A_ROW:
        return "month first" if _follow(seconds) else None
    return None


def _follow(days: AbstractSet[int]) -> bool:
    return max(days) - min(days) < len(days)


def digits_clock(values: Sequence[tuple[str, int]], *, named_as_time: bool) -> TimeForm | None:
    """Return the form of clocks that are digits alone, such as 003837, or None.

    >>> clocks = [(f"{hour:02}{hour:02}", 1) for hour in range(24)]
    >>> digits_clock(clocks, named_as_time=True).formats, digits_clock(clocks, named_as_time=False)
    (('%H%M',), None)
    """
    rows = sum(count for _, count in values)
    for pattern, form, needs_name in _DIGITS_CLOCKS:
        found = [
            (hour[1] or "0", count) for text, count in values if (hour := pattern.fullmatch(text))
        ]
        share = sum(count for _, count in found) / rows if rows else 0.0
        enough = form == HOUR_ALONE or len(found) >= LEAST_CLOCKS
        if share < 0.98 or not enough or len({int(hour) for hour, _ in found}) < LEAST_HOURS:
            continue
        return TimeForm(Moment.CLOCK, (form,), share) if named_as_time or not needs_name else None
    return None


def number_form(low: float, high: float, *, named_as_time: bool) -> str | None:
    """Return the form of times that are numbers between these two, or None.

    Counts of seconds and milliseconds since 1970 are told by their size (years 2000 to 2035), as no
    other number of a call file has it; days as Excel counts them only where the name says time.

    Numbers of one call after another stay within an hour.

    >>> number_form(1.71e12, 1.72e12, named_as_time=False)
    'epoch milliseconds'
    """
    if high - low < (3_600_000 if low > 1e11 else 3_600 if low > 1e8 else 0):
        return None
    if low >= 0.946e12 and high <= 2.052e12:
        return MILLISECONDS
    if low >= 0.946e9 and high <= 2.052e9 and named_as_time:
        return SECONDS
    if low >= 36_526 and high <= 49_310 and named_as_time:
        return DAYS_IN_EXCEL
    return None


def joined_forms(day: TimeForm, clock: TimeForm) -> tuple[str, ...]:
    """Return the formats of a day and a clock that stand in two columns, joined by a space."""
    days = [_without_clock(form, day.zero_clock) for form in day.formats]
    return tuple(f"{one} {other}" for one in days for other in clock.formats)


def _without_clock(form: str, zero_clock: str) -> str:
    if not zero_clock:
        return form
    gap = max(form.find("T%"), form.find(" %H"), form.find(" %I"))
    return form[:gap] + zero_clock


def _read(value: str) -> tuple[Moment, str, int, int] | None:
    """Return what a value is, its format, and the two numbers that may be day or month."""
    text = value.strip()
    # The patterns take far too long for a long text.
    if len(text) > LONGEST:
        return None
    if not any(sign in text for sign in "-/.:, ") and not text.isdigit():
        return None
    if clock := _matching(_CLOCK_RES, text):
        return (Moment.CLOCK, clock[0], 0, 0) if ":" in text else None
    if alone := _matching(_DAY_RES, text):
        return Moment.DAY, alone[0], *_either(alone[1])
    parts = _MOMENT.fullmatch(text)
    if parts is None or parts["clock"] is None:
        return None
    if (day := _matching(_DAY_RES, parts["day"].strip())) is None:
        return None
    form, (first, second) = day[0], _either(day[1])
    clock = _matching(_CLOCK_RES, parts["clock"].strip())
    if clock is None:
        return None
    zone = parts["zone"] or ""
    mark = "Z" if zone == "Z" else (" " if zone.startswith(" ") else "") + "%z" if zone else ""
    gap = " " if parts["gap"].isspace() else parts["gap"]
    return Moment.WHOLE, f"{form}{gap}{clock[0]}{mark}", first, second


def _either(numbers: tuple[str, ...]) -> tuple[int, int]:
    """Return the two numbers that may be day or month; zeros where the month is a word."""
    return (int(numbers[0]), int(numbers[1])) if numbers else (0, 0)


def _matching(
    patterns: Sequence[tuple[re.Pattern[str], str]], text: str
) -> tuple[str, tuple[str, ...]] | None:
    for pattern, form in patterns:
        if found := pattern.fullmatch(text):
            return form, found.groups()
    return None


def _day_first(form: str) -> str:
    for sign in "/-.":
        form = form.replace(f"%m{sign}%d", f"%d{sign}%m")
    return form.replace("%m%d%Y", "%d%m%Y")

"""Dates, times and durations of FEEL: any year, offsets and zones, exact to the nanosecond."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_MAX_YEAR = 999_999_999
SECOND = 1_000_000_000
DAY = 86_400 * SECOND

_DATE = r"(?P<year>-?(?:[1-9]\d{4,8}|\d{4}))-(?P<month>\d\d)-(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.(?P<fraction>\d+))?"
_ZONE = r"(?P<zone>Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile(_TIME + _ZONE, re.ASCII)
_DATE_TIME_TEXT = re.compile(_DATE + "T" + _TIME + _ZONE, re.ASCII)
_MONTHS_TEXT = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_DAYS_TEXT = re.compile(
    r"(-)?P(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII
)


class CalendarError(ValueError):
    """A date, time or duration that does not exist; the message says why."""


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the proleptic Gregorian calendar."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + day_of_year - 719_468


def days_in(year: int, month: int) -> int:
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return days_of(*following, 1) - days_of(year, month, 1)


@dataclass(frozen=True, order=True, slots=True)
class Date:
    """A day."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (
            abs(self.year) <= _MAX_YEAR
            and 1 <= self.month <= 12
            and 1 <= self.day <= days_in(self.year, self.month)
        ):
            raise CalendarError(f"there is no date {self.year}-{self.month}-{self.day}")

    @property
    def days(self) -> int:
        return days_of(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """Monday is 1 and Sunday 7."""
        return (self.days + 3) % 7 + 1

    @classmethod
    def from_days(cls, days: int) -> Date:
        days += 719_468
        era, of_era = divmod(days, 146_097)
        year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
        day_of_year = of_era - (365 * year + year // 4 - year // 100)
        shifted = (5 * day_of_year + 2) // 153
        day = day_of_year - (153 * shifted + 2) // 5 + 1
        month = shifted + (3 if shifted < 10 else -9)
        return cls(year + era * 400 + (month <= 2), month, day)

    def plus_months(self, months: int) -> Date:
        """The same day of another month, or its last day where it is shorter."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        if abs(year) > _MAX_YEAR:
            raise CalendarError("the date would lie beyond the years that FEEL knows")
        return Date(year, month + 1, min(self.day, days_in(year, month + 1)))

    def __str__(self) -> str:
        year = f"{'-' if self.year < 0 else ''}{abs(self.year):04d}"
        return f"{year}-{self.month:02d}-{self.day:02d}"


def _year(year: int) -> int:
    """The year, or beyond those of Python one with the same days, for its rules of time."""
    return year if 1 < year < 9999 else 2000 + year % 400


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `offset` in seconds from UTC, or a named `zone`, or neither."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.second < 60):
            raise CalendarError(f"there is no time {self.hour}:{self.minute}:{self.second}")
        if self.offset is not None and abs(self.offset) > 18 * 3600:
            raise CalendarError("an offset from UTC is at most 18 hours")
        if self.zone is not None:
            zone_named(self.zone)

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight."""
        return (self.hour * 3600 + self.minute * 60 + self.second) * SECOND + self.nano

    def offset_on(self, date: Date | None) -> int | None:
        """Seconds from UTC on that day; a zone without a day counts as of 1 January 2000."""
        if self.zone is None:
            return self.offset
        day = date or Date(2000, 1, 1)
        year = _year(day.year)
        zone = zone_named(self.zone)
        clock = (self.hour, self.minute, self.second)
        found = datetime(year, day.month, day.day, *clock, tzinfo=zone).utcoffset()
        return int((found or timedelta()).total_seconds())

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        text = f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}"
        if self.zone is not None:
            return f"{text}@{self.zone}"
        if self.offset is None:
            return text
        if self.offset == 0:
            return f"{text}Z"
        minutes, seconds = divmod(abs(self.offset), 60)
        end = f":{seconds:02d}" if seconds else ""
        sign = "-" if self.offset < 0 else "+"
        return f"{text}{sign}{minutes // 60:02d}:{minutes % 60:02d}{end}"

    @classmethod
    def from_nanos(cls, nanos: int, like: Time) -> Time:
        seconds, nano = divmod(nanos % DAY, SECOND)
        minutes, second = divmod(seconds, 60)
        return cls(minutes // 60, minutes % 60, second, nano, like.offset, like.zone)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment, or a local time of a day where it has neither offset nor zone."""

    date: Date
    time: Time

    @property
    def local(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 by its own clock."""
        return self.date.days * DAY + self.time.nanos

    @property
    def offset(self) -> int | None:
        return self.time.offset_on(self.date)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970 in UTC; a local time counts as if it were UTC."""
        return self.local - (self.offset or 0) * SECOND

    @classmethod
    def from_local(cls, local: int, like: Time) -> DateTime:
        days, nanos = divmod(local, DAY)
        return cls(Date.from_days(days), Time.from_nanos(nanos, like))

    def later(self, nanos: int) -> DateTime:
        """The moment so much later; where the clocks are changed in between, by their time."""
        if self.time.zone is None:
            return DateTime.from_local(self.local + nanos, self.time)
        instant = self.instant + nanos
        utc = DateTime.from_local(instant, Time(0, 0, 0))
        moment = datetime(
            *(_year(utc.date.year), utc.date.month, utc.date.day),
            *(utc.time.hour, utc.time.minute, utc.time.second),
            tzinfo=UTC,
        )
        offset = moment.astimezone(zone_named(self.time.zone)).utcoffset() or timedelta()
        return DateTime.from_local(instant + int(offset.total_seconds()) * SECOND, self.time)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, order=True, slots=True)
class DaysDuration:
    """A length in days, hours, minutes and seconds; kept in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        seconds, nano = divmod(abs(self.nanos), SECOND)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        day, hour = divmod(hours, 24)
        fraction = f".{nano:09d}".rstrip("0") if nano else ""
        clock = f"{hour}H" if hour else ""
        clock += f"{minute}M" if minute else ""
        clock += f"{second}{fraction}S" if second or nano else ""
        text = (f"{day}D" if day else "") + (f"T{clock}" if clock else "")
        return ("-P" if self.nanos < 0 else "P") + (text or "T0S")


@dataclass(frozen=True, order=True, slots=True)
class MonthsDuration:
    """A length in years and months."""

    months: int

    def __str__(self) -> str:
        year, month = divmod(abs(self.months), 12)
        text = (f"{year}Y" if year else "") + (f"{month}M" if month else "")
        return ("-P" if self.months < 0 else "P") + (text or "0M")


@lru_cache(maxsize=200)
def zone_named(name: str) -> ZoneInfo:
    """The time zone of the IANA database."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CalendarError(f"{name} is not a time zone") from None


def parse_date(text: str) -> Date:
    match = _DATE_TEXT.fullmatch(text)
    if match is None:
        raise CalendarError(f'"{text}" is not a date such as 2026-11-01')
    return _date(match)


def _date(match: re.Match[str]) -> Date:
    return Date(int(match["year"]), int(match["month"]), int(match["day"]))


def parse_time(text: str) -> Time:
    match = _TIME_TEXT.fullmatch(text)
    if match is None:
        raise CalendarError(f'"{text}" is not a time such as 22:30:00')
    return _time(match)


def _time(match: re.Match[str]) -> Time:
    nano = int((match["fraction"] or "0")[:9].ljust(9, "0"))
    parts = int(match["hour"]), int(match["minute"]), int(match["second"]), nano
    zone = match["zone"]
    if not zone:
        return Time(*parts)
    if zone == "Z":
        return Time(*parts, offset=0)
    if zone.startswith("@"):
        return Time(*parts, zone=zone[1:])
    hours, minutes, *seconds = (int(part) for part in zone[1:].split(":"))
    if minutes > 59 or any(second > 59 for second in seconds):
        raise CalendarError(f"{zone} is not an offset from UTC")
    offset = hours * 3600 + minutes * 60 + sum(seconds)
    return Time(*parts, offset=-offset if zone[0] == "-" else offset)


def parse_date_time(text: str) -> DateTime:
    """A date and time; a date alone is its midnight."""
    match = _DATE_TIME_TEXT.fullmatch(text)
    if match is None:
        return DateTime(parse_date(text), Time(0, 0, 0))
    if match["hour"] == "24" and int(match["minute"] + match["second"]) == 0:
        # The end of a day is the beginning of the next.
        midnight = _TIME_TEXT.fullmatch(f"00:00:00{match['zone'] or ''}")
        assert midnight is not None
        return DateTime(Date.from_days(_date(match).days + 1), _time(midnight))
    return DateTime(_date(match), _time(match))


def parse_duration(text: str) -> DaysDuration | MonthsDuration:
    found = _MONTHS_TEXT.fullmatch(text)
    if found is not None and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    found = _DAYS_TEXT.fullmatch(text)
    if found is None or found[3] == "T" or not (found[2] or found[3]):
        raise CalendarError(f'"{text}" is not a duration such as P1DT2H or P1Y2M')
    hours = int(found[2] or 0) * 24 + int(found[4] or 0)
    seconds = (hours * 60 + int(found[5] or 0)) * 60 + int(found[6] or 0)
    nanos = seconds * SECOND + int((found[7] or "0")[:9].ljust(9, "0"))
    return DaysDuration(-nanos if found[1] else nanos)

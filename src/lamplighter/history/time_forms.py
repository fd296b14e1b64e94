"""The ways in which a layout may say that times are written."""

from datetime import datetime

SECONDS = "epoch seconds"
MILLISECONDS = "epoch milliseconds"
# Some services count the city's own clock as if it were UTC.
LOCAL_MILLISECONDS = "local epoch milliseconds"
DAYS_IN_EXCEL = "excel days"
NUMBER_FORMS = (SECONDS, MILLISECONDS, LOCAL_MILLISECONDS, DAYS_IN_EXCEL)

_EXAMPLE = datetime(2026, 12, 31, 23, 58, 59)  # noqa: DTZ001 - a wall clock has no zone


def is_time_form(form: str) -> bool:
    """Tell whether this is a format of Python's `strptime` with a day, or one of NUMBER_FORMS.

    >>> [is_time_form(form) for form in ("%m/%d/%Y", "epoch seconds", "%H:%M", "%Q")]
    [True, True, False, False]
    """
    if form in NUMBER_FORMS:
        return True
    try:
        read_back = datetime.strptime(_EXAMPLE.strftime(form), without_offset(form))  # noqa: DTZ007
    except ValueError:
        return False
    return read_back.date() == _EXAMPLE.date()


def without_offset(form: str) -> str:
    """Return the format without its offset from UTC."""
    return form.replace("%z", "")


def is_in_utc(form: str) -> bool:
    """Tell whether a time of this form says its own offset, so needs no time zone.

    >>> [is_in_utc(form) for form in ("%Y-%m-%dT%H:%MZ", "epoch seconds", "%H:%M %z", "%H:%M")]
    [True, True, True, False]
    """
    return form in (SECONDS, MILLISECONDS) or form.endswith("Z") or "%z" in form

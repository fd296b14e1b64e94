"""Turn the values of records into texts, and the texts into tables."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE_FLOAT = 1e15
HALF_A_SECOND = timedelta(microseconds=500_000)
# Signs that JSON can name and that no database keeps: NUL, and halves of a sign.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def kept_text(text: str) -> str:
    """Return a text without the signs that no database keeps.

    >>> kept_text("Hill\\0 Top\\ud800")
    'Hill Top'
    """
    return _NO_TEXT.sub("", text)


def as_text(value: Any) -> str | None:
    """Return a value as a city would write it in a text file; None of nothing.

    A date of a sheet is a midnight there, so it gets a clock; seconds that a sheet counts in
    fractions of a day are rounded.

    >>> [as_text(value) for value in (17.0, 43.5, True, date(2026, 5, 1), "", None)]
    ['17', '43.5', 'true', '2026-05-01 00:00:00', None, None]
    """
    match value:
        case None | "":
            return None
        case str():
            return kept_text(value) or None
        case bool():
            return "true" if value else "false"
        case float():
            is_whole = value.is_integer() and abs(value) < WHOLE_FLOAT
            return str(int(value)) if is_whole else repr(value)
        case int():
            return str(value)
        case datetime():
            return (value + HALF_A_SECOND).replace(microsecond=0).isoformat(" ")
        case date():
            return f"{value.isoformat()} 00:00:00"
        case time():
            return value.isoformat("seconds")
        case timedelta():
            return str(timedelta(seconds=round(value.total_seconds())))
        case _:
            return kept_text(json.dumps(value, ensure_ascii=False))


def text_table(
    records: Sequence[Mapping[str, str | None]],
    names: Sequence[str],
    wanted: Iterable[int],
    lines: Sequence[int],
    raw: Sequence[str],
) -> "pa.Table":
    """Return records of texts as the table that every format gives."""
    import pyarrow as pa

    columns = {
        f"f{position}": pa.array([record.get(names[position]) for record in records], pa.string())
        for position in wanted
    }
    columns["line"] = pa.array(lines, pa.int64())
    columns["raw"] = pa.array(raw, pa.string())
    return pa.table(columns)

"""What each column of a sample is like, before anybody says what it means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamplighter.history.describing.times import TimeForm, digits_clock, time_form
from lamplighter.history.describing.words import columns_vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

MOST_VALUES = 3_000
BLANK = frozenset({"", "NULL", "N/A", "NA", "NONE", "(NULL)", "NAN", "-", "<NULL>"})

_DECIMAL_COMMA = re.compile(r"^([+-]?\d{1,3}),(?!\d{3}$)(\d+)$")  # three digits may be thousands
_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*|\s*[+-]?\.\d+\s*")
_DECIMALS = re.compile(r"\.\d*[1-9]|^[+-]?\d{1,3},(?!\d{3}$)\d*[1-9]\d*$")
_STREET = re.compile(
    r"\b(?:ST|STREET|AV|AVE|AVENUE|RD|ROAD|BLVD|BL|DR|DRIVE|LN|LANE|CT|PL|WAY|HWY|PKWY|PKY|PIKE|CIR"
    r"|TER|SQ|TRL|FWY|EXPY|BLK|BLOCK|CALLE)\b|\w\s*[/&]\s*\w+ ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sample.

    `values` are its commonest values with how often they stand there, blanks left out. Shares are
    of the rows that are filled. `low` and `high` bound 96 of 100 numbers. `meanings` are what the
    name may mean, with how sure that is.
    """

    position: int
    name: str
    rows: int
    filled: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    numbers: float
    decimals: float
    low: float
    high: float
    letters: float
    digits: float
    spaces: float
    streets: float
    longest: int
    time: TimeForm | None
    meanings: dict[str, float]

    @property
    def distinct_share(self) -> float:
        """Distinct values to filled rows."""
        return self.distinct / self.filled if self.filled else 0.0

    def named(self, meaning: str) -> float:
        """How sure the name is that the column holds this; 0 when it does not say so."""
        return self.meanings.get(meaning, 0.0)


def look_at_columns(table: "pa.Table", names: Sequence[str]) -> tuple[Column, ...]:
    """Return what the columns of a table of texts are like."""
    return tuple(
        _look(table.column(position), position, name) for position, name in enumerate(names)
    )


def _look(values: "pa.ChunkedArray", position: int, name: str) -> Column:
    import pyarrow.compute as compute

    counted = compute.value_counts(compute.utf8_trim_whitespace(values))
    counted = counted.filter(compute.is_valid(counted.field(0)))
    order = compute.sort_indices(counted.field(1), sort_keys=[("", "descending")])
    common = counted.take(order[: MOST_VALUES + len(BLANK)])
    texts, counts = common.field(0).to_pylist(), common.field(1).to_pylist()
    pairs: list[tuple[str, int]] = list(zip(texts, counts, strict=True))
    blank = sum(count for text, count in pairs if text.upper() in BLANK)
    blanks = sum(text.upper() in BLANK for text, _ in pairs)
    pairs = [pair for pair in pairs if pair[0].upper() not in BLANK][:MOST_VALUES]
    looked_at = sum(count for _, count in pairs) or 1

    def share(test: "re.Pattern[str]") -> float:
        return sum(count for text, count in pairs if test.search(text)) / looked_at

    read = [(number_of(text), count) for text, count in pairs]
    numbers = sorted((number, count) for number, count in read if number is not None)
    words = columns_vocabulary().words(name)
    form = (
        time_form(pairs)
        if _may_be_times(pairs)
        else digits_clock(pairs, named_as_time=not {"TIME", "HOUR"}.isdisjoint(words))
    )
    return Column(
        position=position,
        name=name,
        rows=len(values),
        filled=len(values) - blank - values.null_count,
        distinct=len(counted) - blanks,
        values=tuple(pairs),
        numbers=sum(count for _, count in numbers) / looked_at,
        decimals=share(_DECIMALS),
        low=_quantile(numbers, 0.02),
        high=_quantile(numbers, 0.98),
        letters=share(re.compile(r"[^\W\d_]")),
        digits=share(re.compile(r"\d")),
        spaces=share(re.compile(r"\s")),
        streets=share(_STREET),
        longest=max((len(text) for text, _ in pairs), default=0),
        time=form,
        meanings=columns_vocabulary().meanings(name),
    )


def share_between(column: Column, low: float, high: float) -> float:
    """Return the share of the numbers of a column that lie between two others."""
    numbers = [(number_of(text), count) for text, count in column.values]
    rows = sum(count for number, count in numbers if number is not None)
    within = sum(count for number, count in numbers if number is not None and low <= number <= high)
    return within / rows if rows else 0.0


def number_of(text: str) -> float | None:
    """Return the number that a text is, also with a decimal comma; None where it is none.

    >>> number_of("41,87"), number_of("-361"), number_of("N/A")
    (41.87, -361.0, None)
    """
    read = _DECIMAL_COMMA.sub(r"\1.\2", text)
    return float(read) if _NUMBER.fullmatch(read) else None


def _may_be_times(pairs: Sequence[tuple[str, int]]) -> bool:
    return any(
        re.search(r"\d[-/:.]\d|\d{8}|\d-[A-Za-z]{3}-|[A-Za-z] \d", text) for text, _ in pairs[:50]
    )


def _quantile(numbers: Sequence[tuple[float, int]], share: float) -> float:
    total = sum(count for _, count in numbers)
    seen = 0
    for number, count in numbers:
        seen += count
        if seen >= share * total:
            return number
    return float("nan")

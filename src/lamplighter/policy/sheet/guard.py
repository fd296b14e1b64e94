"""Keeps a spreadsheet program from running or changing what a cell says.

A program that opens a CSV file takes a cell that starts with `=`, `+`, `-` or `@` for a formula
and runs it, and turns what looks like a date or a number into one. An apostrophe before such a
text makes it a text everywhere. The reader takes one apostrophe away where the writer would have
put one, so that nothing is lost, and reads a cell without it just as well.
"""

from __future__ import annotations

import re

NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
# Where a program takes another sign for the separator, a cell may begin inside a text.
_STARTS = r"(?:(?<=[;,\t\r\n])|\A)"
# Formulas, in the wide letters of East Asia too; a negative number among tests is none.
_FORMULA = r"(?!-\d+(?:\.\d+)?(?:[;,\s]|\Z))[=+\-@＝＋－＠]"
_UNGUARDED = re.compile(rf"{_STARTS}(?='*{_FORMULA})")
_GUARDED = re.compile(rf"{_STARTS}'(?='*{_FORMULA})")
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic"
_CHANGED = re.compile(
    rf"""\s.*|.*\s                            # outer spaces are trimmed
    | [\d\s.,:/%$€¥£()+-]*\d[\d\s.,:/%$€¥£()+-]*   # numbers, dates, times, sums of money
    | \d+(?:\.\d+)?e[+-]?\d+                 # 1e5
    | (?:\d{{1,4}}[\s./-]*)?(?:{_MONTH})[a-zé]*\.?[\s./,-]*(?:\d{{1,4}})?   # 3 May, mar-1
    | true|false|verdadero|falso|\[.*        # a section begins with a bracket
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def guarded(text: str) -> str:
    """A text as it is safe in a cell.

    >>> guarded("=HYPERLINK(1)"), guarded("2026-11-01"), guarded("No weapon; -all-")
    ("'=HYPERLINK(1)", "'2026-11-01", 'No weapon; -all-')
    """
    safe = _UNGUARDED.sub("'", text)
    if safe[:1] != "'" or safe == text:
        return "'" + safe if _CHANGED.fullmatch(text.lstrip("'")) else safe
    return safe


def guarded_test(text: str) -> str:
    """A test of a table's column: numbers and true stay what they are in a spreadsheet.

    >>> guarded_test("-"), guarded_test(">= 18"), guarded_test('@"2026-11-01"'), guarded_test("-4")
    ('-', '>= 18', '\\'@"2026-11-01"', '-4')
    """
    return text if text == "-" else _UNGUARDED.sub("'", text)


def unguarded(cell: str) -> str:
    """The text that `guarded` or `guarded_test` made safe; a cell without a guard as it is.

    >>> unguarded("'=HYPERLINK(1)"), unguarded("=HYPERLINK(1)"), unguarded(" 'tis so ")
    ('=HYPERLINK(1)', '=HYPERLINK(1)', "'tis so")
    """
    cell = cell.replace("\r\n", "\n")
    text = _GUARDED.sub("", cell)
    if text[:1] == "'" and _CHANGED.fullmatch(text.lstrip("'")):
        return text[1:]
    return text.strip() if cell[:1] != "'" or text == cell else text

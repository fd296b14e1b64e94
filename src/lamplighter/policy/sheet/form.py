"""The form of a sheet: its sections and their headings."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

POLICY: Final = "policy"
INPUTS: Final = "inputs"
OUTPUTS: Final = "outputs"
VALUES: Final = "values"
PROMISES: Final = "promises"
TABLE: Final = "table"

_DOMAIN: Final = ("type", "range", "whole numbers", "label (en)", "label (es)")

# The rows of the first section, and those of a table before its rules.
POLICY_FIELDS: Final = (
    *("policy", "version", "title (en)", "title (es)", "about (en)", "about (es)", "outcome"),
    *("note (en)", "note (es)"),
)
TABLE_FIELDS: Final = ("title (en)", "title (es)", "hit")

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        INPUTS: (
            *("name", *_DOMAIN),
            *("ask (en)", "ask (es)", "help (en)", "help (es)"),
            *("when unknown", "always known", "safety"),
        ),
        OUTPUTS: ("table", "name", *_DOMAIN),
        VALUES: ("of", "value", "label (en)", "label (es)"),
        PROMISES: ("id", "says (en)", "says (es)", "never", "source"),
    }
)
RULE_START: Final = ("id",)
RULE_END: Final = ("because (en)", "because (es)", "source")

NOTES: Final = (
    (
        "One rule is one row. Write - where every value will do. Words stand in double quotes. "
        "Leave the names in [ ] and the headings as they are, do not merge cells, and save as XLSX "
        "or CSV."
    ),
    (
        "Una regla es una fila. Escriba - donde cualquier valor sirve. Las palabras van entre "
        "comillas dobles. Deje los nombres entre [ ] y los encabezados como están, no combine "
        "celdas y guarde como XLSX o CSV."
    ),
)


def column_name(place: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_name(0), column_name(25), column_name(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters

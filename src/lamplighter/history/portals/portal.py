"""What every portal can be asked: how many rows, and a page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from lamplighter.history.errors import HistoryError

Row = Mapping[str, Any]


class PortalError(HistoryError):
    """A portal that cannot be read, or not to its end: what, where and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in the portal's order; `more` tells that the portal says, or lets guess, more."""

    rows: Sequence[Row]
    more: bool


class Ask(Protocol):
    """Get the JSON at an address, trying again as long as that may help."""

    def __call__(self, url: str, parameters: Mapping[str, str]) -> Any: ...


class Portal(Protocol):
    """A table on a portal."""

    @property
    def kind(self) -> str:
        """The software of the portal, by its name."""

    @property
    def most_rows(self) -> int:
        """The largest page that it is known to give."""

    def ready(self, ask: Ask) -> Self:
        """Return the table with what must be known before its first page."""

    def count(self, ask: Ask) -> int:
        """Return how many rows the table has now."""

    def page(self, ask: Ask, offset: int, size: int) -> Page:
        """Return up to `size` rows from `offset` on; fewer do not mean that there are no more."""


def expect(answer: Any, *keys: str, where: str) -> Any:
    """Return what stands under the keys of an answer, or tell that it is no such answer."""
    for key in keys:
        if not isinstance(answer, Mapping) or key not in answer:
            raise PortalError(
                f"{where} answers, but not as such a portal does (no {key!r}): open the address in "
                "a browser and see whether the table is still there."
            )
        answer = answer[key]
    return answer


def rows_in(value: Any, where: str) -> list[dict[str, Any]]:
    """Return a list of rows as it came, or tell that it is none."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise PortalError(
            f"{where} answers, but not with rows: open the address in a browser and see whether "
            "the table is still there."
        )
    return value


def flat(row: Row) -> dict[str, Any]:
    """Return a row whose values are plain: a point as two columns, what else is inside likewise.

    >>> flat({"id": 1, "at": {"type": "Point", "coordinates": [-87.9, 43.0]}, "to": {"zip": "1"}})
    {'id': 1, 'at_longitude': -87.9, 'at_latitude': 43.0, 'to_zip': '1'}
    """
    plain: dict[str, Any] = {}
    for column, value in row.items():
        if isinstance(value, Mapping):
            coordinates = value.get("coordinates")
            if value.get("type") == "Point" and isinstance(coordinates, list):
                value = dict(zip(("longitude", "latitude"), coordinates, strict=False))
            for key, inner in value.items():
                if not isinstance(inner, Mapping | list):
                    plain[f"{column}_{key}"] = inner
        elif not isinstance(value, list):
            plain[column] = value
    return plain

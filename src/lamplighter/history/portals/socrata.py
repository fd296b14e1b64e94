"""Socrata (Tyler Data & Insights): SODA 2, read by `$limit`, `$offset` and `$order`.

https://dev.socrata.com/docs/paging: without an order rows may come twice; a page has at most
50,000 rows. https://dev.socrata.com/docs/response-codes: 202 means ask again, 429 slow down.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from lamplighter.history.portals.portal import Ask, Page, PortalError, expect, flat, rows_in

TABLE_ID = re.compile(r"/([a-z0-9]{4}-[a-z0-9]{4})(?=[./]|$)")
OURS = ("$limit", "$offset")


@dataclass(frozen=True, slots=True)
class Socrata:
    """A table of a Socrata portal, with the filters that stood in its address."""

    url: str
    filters: Mapping[str, str]
    kind: str = "Socrata"
    most_rows: int = 50_000

    @classmethod
    def at(cls, address: str) -> Self | None:
        """Return the table at an address, also that of its page for people, or None."""
        parts = urlsplit(address)
        if not (found := TABLE_ID.findall(parts.path)):
            return None
        filters = {
            key: value
            for key, value in parse_qsl(parts.query)
            if key.startswith("$") and key not in OURS
        }
        return cls(f"{parts.scheme}://{parts.netloc}/resource/{found[-1]}.json", filters)

    def ready(self, _ask: Ask) -> Self:
        return self

    def count(self, ask: Ask) -> int:
        where = {key: value for key, value in self.filters.items() if key in ("$where", "$q")}
        rows = rows_in(ask(self.url, {"$select": "count(*) as rows", **where}), self.url)
        number = str(expect(rows[0] if rows else {}, "rows", where=self.url))
        if not number.isdigit():
            raise PortalError(
                f"{self.url} gives no number of rows: is the address that of a table?"
            )
        return int(number)

    def page(self, ask: Ask, offset: int, size: int) -> Page:
        paging = {"$limit": str(size), "$offset": str(offset)}
        answer = ask(self.url, {"$order": ":id", **self.filters, **paging})
        rows = rows_in(answer, self.url)
        return Page([flat(row) for row in rows], more=len(rows) >= size)

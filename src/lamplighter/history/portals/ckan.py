"""CKAN: the DataStore, read by `datastore_search` with `limit` and `offset`.

https://docs.ckan.org/en/latest/maintaining/datastore.html: without `sort` the order is not told;
a page has at most as many rows as the portal allows (32,000 unless it says otherwise), and what
is asked beyond is left away without a word.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from lamplighter.history.portals.portal import Ask, Page, expect, flat, rows_in

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
RESOURCE = re.compile(rf"^(.*?)/dataset/.*/?resource/({UUID})(?:/|$)", re.IGNORECASE)
SEARCH = re.compile(r"^(.*?)/api/(?:3/)?action/datastore_search$")
FILTERS = ("filters", "q", "fields")


@dataclass(frozen=True, slots=True)
class Ckan:
    """A resource in the DataStore of a CKAN portal, with the filters of its address."""

    url: str
    resource: str
    filters: Mapping[str, str]
    kind: str = "CKAN"
    most_rows: int = 32_000

    @classmethod
    def at(cls, address: str) -> Self | None:
        """Return the resource at an address, of the search or of its page for people, or None."""
        parts = urlsplit(address)
        query = dict(parse_qsl(parts.query))
        filters = {key: value for key, value in query.items() if key in FILTERS}
        if (found := SEARCH.match(parts.path)) and "resource_id" in query:
            base, resource = found.group(1), query["resource_id"]
        elif found := RESOURCE.match(parts.path):
            base, resource = found.groups()
        else:
            return None
        url = f"{parts.scheme}://{parts.netloc}{base}/api/3/action/datastore_search"
        return cls(url, resource, filters)

    def ready(self, _ask: Ask) -> Self:
        return self

    def count(self, ask: Ask) -> int:
        return int(expect(self._search(ask, 0, 0), "total", where=self.url))

    def page(self, ask: Ask, offset: int, size: int) -> Page:
        result = self._search(ask, offset, size)
        rows = rows_in(expect(result, "records", where=self.url), self.url)
        return Page([flat(row) for row in rows], more=len(rows) >= size)

    def _search(self, ask: Ask, offset: int, size: int) -> Any:
        paging = {"limit": str(size), "offset": str(offset), "sort": "_id"}
        answer = ask(self.url, {"resource_id": self.resource, **self.filters, **paging})
        return expect(answer, "result", where=self.url)

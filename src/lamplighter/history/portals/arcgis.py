"""ArcGIS: a layer of a feature or map service, read by `resultOffset` and `resultRecordCount`.

The REST help of the service (`.../FeatureServer/0/query?f=help`): a page has at most
`maxRecordCount` rows, whatever is asked for; `exceededTransferLimit` tells that there are more.
Errors come with status 200 and an `error` in the JSON. Dates are milliseconds since 1970, in UTC
or, in some services, of the city's own clock; they stay as they are, and the layout says which.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from lamplighter.history.portals.portal import Ask, Page, PortalError, expect, rows_in

LAYER = re.compile(r"^(.*/(?:FeatureServer|MapServer))(/\d+)?", re.IGNORECASE)
FILTERS = ("where", "outFields")
ID = "esriFieldTypeOID"


@dataclass(frozen=True, slots=True)
class ArcGis:
    """A layer of an ArcGIS service, with the filters of its address."""

    url: str
    filters: Mapping[str, str]
    kind: str = "ArcGIS"
    most_rows: int = 2_000
    order: str = ""

    @classmethod
    def at(cls, address: str) -> Self | None:
        """Return the layer at an address, or None where there is no service."""
        parts = urlsplit(address)
        if not (found := LAYER.match(parts.path)):
            return None
        service, layer = found.groups()
        url = f"{parts.scheme}://{parts.netloc}{service}{layer or ''}"
        if layer is None:
            raise PortalError(
                f"{url} is a service with layers: add the number of the one with the calls, "
                "such as /0."
            )
        asked = {"where": "1=1", "outFields": "*"}
        query = {key: value for key, value in parse_qsl(parts.query) if key in FILTERS}
        return cls(url, asked | query)

    def ready(self, ask: Ask) -> Self:
        about = ask(self.url, {"f": "json"})
        fields = rows_in(expect(about, "fields", where=self.url), self.url)
        if not about.get("advancedQueryCapabilities", {}).get("supportsPagination", True):
            raise PortalError(
                f"{self.url} gives no pages (its 'supportsPagination' is false): download the "
                "table from the portal's page as CSV."
            )
        ids = [field["name"] for field in fields if field.get("type") == ID]
        return replace(
            self,
            order=about.get("objectIdField") or "".join(ids[:1]),
            most_rows=int(about.get("maxRecordCount") or self.most_rows),
        )

    def count(self, ask: Ask) -> int:
        where = {"where": self.filters["where"]}
        answer = ask(f"{self.url}/query", {**where, "returnCountOnly": "true", "f": "json"})
        return int(expect(answer, "count", where=self.url))

    def page(self, ask: Ask, offset: int, size: int) -> Page:
        paging = {"resultOffset": str(offset), "resultRecordCount": str(size)}
        order = {"orderByFields": self.order} if self.order else {}
        answer = ask(
            f"{self.url}/query", {**self.filters, **order, **paging, "outSR": "4326", "f": "json"}
        )
        features = rows_in(expect(answer, "features", where=self.url), self.url)
        rows = [_row(feature) for feature in features]
        return Page(rows, more=bool(answer.get("exceededTransferLimit", False)))


def _row(feature: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes as they are, and the point as two columns."""
    row = dict(feature.get("attributes") or {})
    geometry = feature.get("geometry") or {}
    if "x" in geometry and "y" in geometry:
        row["geometry_longitude"], row["geometry_latitude"] = geometry["x"], geometry["y"]
    return row

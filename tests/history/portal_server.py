"""A server on this machine that answers as open portals do, and fails when it is told to."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Row = dict[str, Any]
RESOURCE = "11111111-2222-3333-4444-555555555555"


@dataclass
class Trouble:
    """What to answer instead of the data: a status, headers, a body, or a cut connection."""

    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"busy"
    cut: bool = False


@dataclass
class PortalServer:
    """One table behind the three kinds of address, with the limits of such portals."""

    rows: list[Row]
    most_rows: int = 50
    address: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    # The trouble for the nth question about rows, counted from 0; questions asked again count.
    troubles: dict[int, Trouble] = field(default_factory=dict)
    before_page: Callable[[int], None] = lambda _offset: None
    told_rows: int | None = None  # what it says that it has, when that is not so
    paginated: bool = True
    pages: int = 0

    @property
    def socrata(self) -> str:
        return f"{self.address}/resource/abcd-1234.json"

    @property
    def arcgis(self) -> str:
        return f"{self.address}/arcgis/rest/services/Calls/FeatureServer/0"

    @property
    def ckan(self) -> str:
        return f"{self.address}/dataset/calls/resource/{RESOURCE}"

    @property
    def offsets(self) -> list[int]:
        """The offsets of the pages that were asked for, in order."""
        names = ("$offset", "resultOffset", "offset")
        found = [
            next((q[n] for n in names if n in q and q.get("limit") != "0"), None)
            for _, q in self.asked
        ]
        return [int(offset) for offset in found if offset is not None]

    def count(self) -> int:
        return len(self.rows) if self.told_rows is None else self.told_rows

    def answer(self, path: str, query: dict[str, str]) -> Any:
        """Return the JSON for a question, or the Trouble to answer with."""
        if path.startswith("/resource/"):
            if "count" in query.get("$select", ""):
                return [{"rows": str(self.count())}]
            page = self.page(int(query["$offset"]), int(query["$limit"]))
            return page if isinstance(page, Trouble) else [_without_nulls(row) for row in page]
        if path.endswith("/datastore_search"):
            limit = min(int(query["limit"]), self.most_rows)
            page = self.page(int(query["offset"]), limit) if limit else []
            if isinstance(page, Trouble):
                return page
            records = [{"_id": int(row["id"]), **row} for row in page]
            result = {"records": records, "total": self.count(), "limit": limit}
            return {"help": "...", "success": True, "result": result}
        if path.endswith("/FeatureServer/0"):
            return self.layer()
        if path.endswith("/FeatureServer/0/query"):
            if query.get("returnCountOnly") == "true":
                return {"count": self.count()}
            size = min(int(query["resultRecordCount"]), self.most_rows)
            offset = int(query["resultOffset"])
            page = self.page(offset, size)
            if isinstance(page, Trouble):
                return page
            more = {"exceededTransferLimit": True} if offset + size < len(self.rows) else {}
            return {"objectIdFieldName": "OBJECTID", "features": [*map(_feature, page)], **more}
        return Trouble(404, body=b"<html>Not found</html>")

    def layer(self) -> Any:
        return {
            "name": "Calls",
            "maxRecordCount": self.most_rows,
            "objectIdField": "OBJECTID",
            "advancedQueryCapabilities": {"supportsPagination": self.paginated},
            "fields": [
                {"name": "OBJECTID", "type": "esriFieldTypeOID"},
                {"name": "time", "type": "esriFieldTypeDate"},
                {"name": "nature", "type": "esriFieldTypeString"},
            ],
        }

    def page(self, offset: int, size: int) -> list[Row] | Trouble:
        number, self.pages = self.pages, self.pages + 1
        if number in self.troubles:
            return self.troubles[number]
        self.before_page(offset)
        return self.rows[offset : offset + size]


def _without_nulls(row: Row) -> Row:
    point = {"type": "Point", "coordinates": [-87.9, 43.0]}
    return {key: value for key, value in row.items() if value is not None} | {"at": point}


def _feature(row: Row) -> Row:
    moment = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC)
    milliseconds = int(moment.timestamp() * 1000)
    attributes = {"OBJECTID": int(row["id"]), "time": milliseconds, "nature": row["nature"]}
    return {"attributes": attributes, "geometry": {"x": -87.9, "y": 43.0}}


@contextmanager
def portal_server(rows: int, most_rows: int = 50) -> Iterator[PortalServer]:
    """Serve a table of this many calls on a port of its own, from a thread."""
    table = [
        {"id": str(number), "time": "2018-05-01T00:00:14.000", "nature": "WELFARE", "beat": None}
        for number in range(rows)
    ]
    if rows:
        table[-1]["beat"] = "7"
    server = PortalServer(table, most_rows)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer waits 40 ms

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            server.asked.append((parts.path, query))
            server.headers.append({key.lower(): value for key, value in self.headers.items()})
            answer = server.answer(re.sub(r"//+", "/", parts.path), query)
            trouble = answer if isinstance(answer, Trouble) else None
            body = trouble.body if trouble else json.dumps(answer).encode()
            self.send_response(trouble.status if trouble else 200)
            for key, value in (trouble.headers if trouble else {}).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if trouble and trouble.cut:
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
                return
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.address = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()

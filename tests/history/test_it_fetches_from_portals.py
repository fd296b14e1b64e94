"""Tables of open portals, page by page, from a server on this machine that answers as they do."""

import gzip
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lamplighter.history.command import app
from lamplighter.history.portals import Fetched, PortalError, fetch_calls
from tests.history.portal_server import RESOURCE, PortalServer, Trouble, portal_server

KINDS = ("socrata", "arcgis", "ckan")


class Fetching:
    """Fetches a table of the server into a folder, and notes how long it was told to wait."""

    def __init__(self, server: PortalServer, folder: Path) -> None:
        self.server = server
        self.output = folder / "calls.jsonl.gz"
        self.waits: list[float] = []
        self.steps: list[tuple[int, int]] = []

    def __call__(self, address: str, **options: Any) -> Fetched:
        return fetch_calls(
            address,
            self.output,
            wait=self.waits.append,
            progress=lambda done, total: self.steps.append((done, total)),
            **options,
        )

    @property
    def rows(self) -> list[dict[str, Any]]:
        with gzip.open(self.output, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.output.parent.iterdir()}


@pytest.fixture
def server() -> Iterator[PortalServer]:
    with portal_server(rows=120) as server:
        yield server


@pytest.fixture
def fetch(server: PortalServer, tmp_path: Path) -> Fetching:
    return Fetching(server, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_it_fetches_every_row_once(fetch: Fetching, kind: str) -> None:
    fetched = fetch(getattr(fetch.server, kind), page_rows=50)

    assert (fetched.rows, fetched.rows_before, fetched.told, fetched.note) == (120, 0, 120, "")
    assert fetch.server.offsets[-3:] == [0, 50, 100]
    ids = [row["OBJECTID"] if kind == "arcgis" else int(row["id"]) for row in fetch.rows]
    assert ids == list(range(120))
    assert len({tuple(row) for row in fetch.rows}) == 1  # every row has every column
    assert fetch.files == {"calls.jsonl.gz"}
    assert fetch.steps == [(0, 120), (50, 120), (100, 120)]


@pytest.mark.parametrize("kind", ["arcgis", "ckan"])
def test_it_takes_smaller_pages_than_it_asks_for(fetch: Fetching, kind: str) -> None:
    fetch(getattr(fetch.server, kind), page_rows=1_000)

    assert len(fetch.rows) == 120


def test_it_asks_in_an_order_that_stays(fetch: Fetching) -> None:
    for kind in KINDS:
        fetch(getattr(fetch.server, kind))

    pages = [
        query
        for _, query in fetch.server.asked
        if {"$offset", "resultOffset", "offset"} & set(query) and query.get("limit") != "0"
    ]
    orders = {query.get("$order") or query.get("orderByFields") or query["sort"] for query in pages}
    assert orders == {":id", "OBJECTID", "_id"}


def test_it_keeps_the_filters_of_the_address(fetch: Fetching) -> None:
    fetch(f"{fetch.server.socrata}?$where=time > '2018'&$limit=5&$order=time")
    fetch(f"{fetch.server.arcgis}/query?where=nature='WELFARE'&f=html&outFields=time")

    asked = fetch.server.asked
    assert [q["$where"] for _, q in asked if "$where" in q] == ["time > '2018'"] * 3
    assert {q["$order"] for _, q in asked if "$order" in q} == {"time"}
    assert {q["where"] for _, q in asked if "where" in q} == {"nature='WELFARE'"}
    assert "$limit" not in asked[0][1]


def test_it_makes_plain_columns(fetch: Fetching) -> None:
    fetch(fetch.server.socrata)
    assert fetch.rows[0] == {
        "id": "0",
        "time": "2018-05-01T00:00:14.000",
        "nature": "WELFARE",
        "at_longitude": -87.9,
        "at_latitude": 43.0,
        "beat": None,
    }

    fetch(fetch.server.arcgis)
    assert fetch.rows[0] == {
        "OBJECTID": 0,
        "time": 1_525_132_814_000,
        "nature": "WELFARE",
        "geometry_longitude": -87.9,
        "geometry_latitude": 43.0,
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (Trouble(429, {"Retry-After": "7"}), [7.0]),
        (Trouble(429, {"Retry-After": "86400"}), [120.0]),
        (Trouble(503), [1.0]),
        (Trouble(202), [1.0]),
        (Trouble(200, body=b'[{"id": "1"', cut=False), [1.0]),
        (Trouble(200, body=b'[{"id": "1"}]' * 9, cut=True), [1.0]),
        (Trouble(200, body=b'{"error": {"code": 503, "message": "not started"}}'), [1.0]),
    ],
    ids=["429", "429 for a day", "503", "202", "no JSON", "cut", "error in the JSON"],
)
def test_a_busy_portal_is_asked_again(
    fetch: Fetching, kind: str, trouble: Trouble, waits: list[float]
) -> None:
    fetch.server.troubles = {1: trouble}

    assert fetch(getattr(fetch.server, kind), page_rows=50).rows == 120
    assert fetch.waits == waits


@pytest.mark.parametrize("kind", KINDS)
def test_a_portal_that_stops_half_way_is_told_and_gone_on_with(fetch: Fetching, kind: str) -> None:
    address = getattr(fetch.server, kind)
    fetch.server.troubles = dict.fromkeys(range(2, 99), Trouble(502))

    with pytest.raises(PortalError) as told:
        fetch(address, page_rows=50)

    assert (
        "status 502, after 6 tries: try again later; the 100 rows read so far are kept in "
        in str(told.value)
    )
    assert str(told.value).endswith("calls.jsonl.gz.part, and the same command goes on from there.")
    assert fetch.waits == [1, 2, 4, 8, 16]
    assert fetch.files == {"calls.jsonl.gz.part", "calls.jsonl.gz.part.json"}

    fetch.server.troubles, fetch.server.asked = {}, []
    fetched = fetch(address, page_rows=50)

    assert (fetched.rows, fetched.rows_before) == (120, 100)
    assert [offset for offset in fetch.server.offsets if offset] == [100]
    assert len({row.get("id", row.get("OBJECTID")) for row in fetch.rows}) == 120
    assert fetch.files == {"calls.jsonl.gz"}


def test_what_was_half_written_is_written_again(fetch: Fetching) -> None:
    fetch.server.troubles = dict.fromkeys(range(1, 99), Trouble(502))
    with pytest.raises(PortalError):
        fetch(fetch.server.socrata, page_rows=50)
    part = fetch.output.with_name("calls.jsonl.gz.part")
    part.write_bytes(part.read_bytes() + b"\x1f\x8b half a page")

    fetch.server.troubles = {}
    fetch(fetch.server.socrata, page_rows=50)

    assert [int(row["id"]) for row in fetch.rows] == list(range(120))


def test_a_part_of_another_table_is_left_alone(fetch: Fetching) -> None:
    fetch.server.troubles = dict.fromkeys(range(1, 99), Trouble(502))
    with pytest.raises(PortalError):
        fetch(fetch.server.socrata, page_rows=50)

    with pytest.raises(PortalError, match="holds a part of another table: remove it and"):
        fetch(fetch.server.ckan)


def test_rows_that_come_meanwhile_are_read_and_told(fetch: Fetching) -> None:
    def grow(offset: int) -> None:
        if offset == 100:
            fetch.server.rows.extend({"id": str(n), "nature": "NEW"} for n in range(120, 160))

    fetch.server.before_page = grow

    fetched = fetch(fetch.server.socrata, page_rows=50)

    assert (fetched.rows, fetched.told, fetched.note) == (160, 160, "")


def test_rows_that_go_meanwhile_are_told(fetch: Fetching) -> None:
    fetch.server.before_page = lambda offset: fetch.server.rows.__delitem__(slice(0, 5))

    fetched = fetch(fetch.server.socrata, page_rows=50)

    assert fetched.rows == 105
    assert fetched.note.startswith("The portal now tells of 100 rows and 105 were read")


def test_a_portal_that_says_more_than_it_gives_is_told(fetch: Fetching) -> None:
    fetch.server.told_rows = 500

    with pytest.raises(PortalError) as told:
        fetch(fetch.server.socrata)

    assert "tells of 500 rows and gives none after row 120" in str(told.value)
    assert "120 rows read so far are kept" in str(told.value)


def test_an_empty_table_is_an_empty_file(fetch: Fetching) -> None:
    fetch.server.rows.clear()

    assert fetch(fetch.server.ckan).rows == 0
    assert fetch.rows == []
    assert fetch.files == {"calls.jsonl.gz"}


def test_a_token_is_sent(fetch: Fetching) -> None:
    fetch(fetch.server.socrata, app_token="town")

    assert {headers["x-app-token"] for headers in fetch.server.headers} == {"town"}


@pytest.mark.parametrize(
    ("path", "trouble", "sentence"),
    [
        ("/resource/abcd-1234", Trouble(404), "is not there (status 404): check the address"),
        ("/resource/abcd-1234", Trouble(403), "needs permission (status 403)"),
        (
            "/resource/abcd-1234",
            Trouble(400, body=b'{"message": "No such column: x", "errorCode": "query"}'),
            "refuses the question (status 400): 'No such column: x'; check the filters",
        ),
        (
            "/a/FeatureServer/0",
            Trouble(200, body=b'{"error": {"code": 499, "message": "Token Required"}}'),
            "needs permission (status 499)",
        ),
        (
            "/a/FeatureServer/0",
            Trouble(200, body=b'{"error": {"code": 400, "message": "Invalid URL"}}'),
            "refuses the question (status 400): 'Invalid URL'",
        ),
        (
            f"/dataset/x/resource/{RESOURCE}",
            Trouble(404, body=b'{"success": false, "error": {"__type": "Not Found Error"}}'),
            "is not there (status 404)",
        ),
        ("/resource/abcd-1234", Trouble(200, body=b'{"hello": 1}'), "but not with rows"),
    ],
)
def test_a_portal_that_refuses_is_told_in_one_sentence(
    fetch: Fetching, path: str, trouble: Trouble, sentence: str
) -> None:
    fetch.server.troubles = {0: trouble}
    fetch.server.answer = lambda _path, _query: trouble  # type: ignore[method-assign]

    with pytest.raises(PortalError) as told:
        fetch(fetch.server.address + path)

    assert sentence in str(told.value)
    assert fetch.waits == []
    assert fetch.files == set()


def test_a_layer_without_pages_is_told(fetch: Fetching) -> None:
    fetch.server.paginated = False

    with pytest.raises(PortalError, match="gives no pages"):
        fetch(fetch.server.arcgis)


@pytest.mark.parametrize(
    ("address", "output", "sentence"),
    [
        ("calls.csv", "calls.jsonl", "'calls.csv' is no web address"),
        ("https://example.org/calls.csv", "calls.jsonl", "the address of no table that we know"),
        ("https://example.org/a/FeatureServer", "calls.jsonl", "add the number of the one"),
        ("https://example.org/resource/abcd-1234", "calls.csv", "must end in .jsonl.gz or .jsonl"),
        ("https://example.org/resource/abcd-1234", "none/c.jsonl", "There is no folder"),
    ],
)
def test_a_wrong_address_or_output_is_told(
    tmp_path: Path, address: str, output: str, sentence: str
) -> None:
    with pytest.raises(PortalError, match=sentence):
        fetch_calls(address, tmp_path / output, wait=lambda _: None)


def test_a_portal_that_is_not_there_is_told(tmp_path: Path) -> None:
    waits: list[float] = []
    with portal_server(rows=0) as server:
        address = server.socrata

    with pytest.raises(PortalError, match=r"the connection failed \(ConnectError\), after 6 tries"):
        fetch_calls(address, tmp_path / "calls.jsonl", wait=waits.append)
    assert len(waits) == 5


def test_the_command_says_what_was_fetched_and_goes_on(
    server: PortalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["fetch", server.socrata, "-o", "calls.jsonl", "--page", "50"]
    server.troubles = {2: Trouble(404)}

    stopped = CliRunner().invoke(app, command)
    done = CliRunner().invoke(app, command)

    assert stopped.exit_code == 1
    assert stopped.stderr.startswith(f"{server.socrata} is not there (status 404)")
    assert stopped.stderr.count("\n") == 1
    assert done.output.splitlines() == [
        "120 rows fetched from Socrata, 100 of them before: calls.jsonl",
        "Next: lamplighter history describe calls.jsonl",
    ]
    assert len(Path("calls.jsonl").read_text().splitlines()) == 120


def test_a_file_that_is_there_is_replaced_only_with_force(
    server: PortalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("calls.jsonl").write_text("somebody's\n")
    command = ["fetch", server.socrata, "-o", "calls.jsonl", "--page", "50"]

    refused = CliRunner().invoke(app, command)

    assert refused.exit_code == 1
    assert refused.stderr == "calls.jsonl is already there: give another name, or add --force.\n"
    assert Path("calls.jsonl").read_text() == "somebody's\n"
    assert server.offsets == []

    server.troubles = {2: Trouble(404)}
    assert CliRunner().invoke(app, [*command, "--force"]).exit_code == 1
    assert Path("calls.jsonl").read_text() == "somebody's\n", "what came so far stands beside it"
    done = CliRunner().invoke(app, [*command, "--force"])
    assert "120 rows fetched from Socrata, 100 of them before" in done.output
    assert len(Path("calls.jsonl").read_text().splitlines()) == 120


@pytest.mark.fault
def test_a_kill_in_the_middle_loses_no_page(fetch: Fetching) -> None:
    command = [fetch.server.socrata, "-o", str(fetch.output), "--page", "50"]
    fetch.server.before_page = lambda offset: process.kill() if offset == 100 else None
    with subprocess.Popen(
        [sys.executable, "-m", "lamplighter", "history", "fetch", *command]
    ) as process:
        assert process.wait(timeout=120) == -signal.SIGKILL

    fetch.server.before_page = lambda _offset: None
    fetched = fetch(fetch.server.socrata, page_rows=50)

    assert (fetched.rows, fetched.rows_before) == (120, 100)
    assert [int(row["id"]) for row in fetch.rows] == list(range(120))

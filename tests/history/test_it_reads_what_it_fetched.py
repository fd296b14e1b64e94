"""What is fetched from a portal is described, and read with the layout that is proposed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lamplighter.history import load_layout, open_history, read_history
from lamplighter.history.describing import describe_file, write_layout
from lamplighter.history.portals import fetch_calls
from tests.history.conftest import NOW
from tests.history.portal_server import portal_server

START = datetime(2026, 1, 5, 14, tzinfo=UTC)
WORDS = ("WELFARE CHECK", "TRBL W/SUBJ", "NOISE COMPLAINT", "TRAFFIC STOP", "FIGHT")


@pytest.mark.parametrize("kind", ["socrata", "arcgis", "ckan"])
def test_every_call_comes_through(tmp_path: Path, kind: str) -> None:
    fetched, layout, output = (
        tmp_path / name for name in ("calls.jsonl.gz", "town.yaml", "calls.parquet")
    )
    moments = [START + timedelta(minutes=47 * n) for n in range(200)]
    with portal_server(rows=200) as server:
        for n, (row, moment) in enumerate(zip(server.rows, moments, strict=True)):
            row["time"] = moment.strftime("%Y-%m-%dT%H:%M:%S.000")
            row["nature"] = WORDS[n % len(WORDS)]
        fetch_calls(getattr(server, kind), fetched, wait=lambda _: None)

    write_layout(describe_file(fetched, time_zone="UTC"), layout)
    report = read_history(fetched, load_layout(layout), output, now=NOW)

    assert (report.rows_read, report.rows_kept) == (200, 200)
    calls = list(open_history(output))
    assert [call.time for call in calls] == moments
    assert {call.nature_as_written for call in calls} == set(WORDS)
    assert {call.nature for call in calls} >= {"welfare_check", "noise", "fight"}
    if kind != "ckan":
        assert {(call.latitude, call.longitude) for call in calls} == {(43.0, -87.9)}

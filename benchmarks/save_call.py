"""Saving a call with its decision and journal entries, through the API, 50 times a second.

The peers are measured in the same run, on the same server and database: one bare row inserted and
committed, and a Django view that does nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import psycopg

from benchmarks.machine import machine

RATE = 50
SECONDS = 30
MOST_MILLISECONDS = 50.0

TOKEN_AND_POINT = """
import json
from datetime import UTC, datetime
import django
django.setup()
from lamplighter.city.accounts.models import User
from lamplighter.city.accounts.tokens import issue_token
from lamplighter.city.dispatch.models import Unit
rosa = User.objects.get(username="rosa")
token = issue_token(rosa, "benchmark", by=None, now=datetime.now(UTC)).secret
unit = Unit.objects.exclude(latitude=None).first()
print(json.dumps({"token": token, "latitude": unit.latitude, "longitude": unit.longitude}))
"""
VERIFY = """
import django
django.setup()
from lamplighter.city.intake.models import Call
from lamplighter.city.journal.queries import verify
print(Call.objects.count(), verify().holds)
"""

# What a call taker knows after the usual questions.
CALL = {
    "channel": "911",
    "address": "12 Lantern Street",
    "narrative": "A man has been sitting on the steps since this morning and does not answer.",
    "callback": "+1 555 0100",
    "simulated": True,
    "facts": {
        "nature": "welfare_check",
        "weapon": False,
        "violence": "none",
        "injured": "unknown",
        "breathing_and_awake": True,
        "danger": False,
        "suicidal_thoughts": "unknown",
        "child_at_risk": False,
        "crime_now": False,
        "caller": "stranger",
        "person_present": True,
        "place": "street_or_public",
    },
}


@dataclass(frozen=True)
class Delays:
    """Milliseconds from when each request was due to when its answer was there."""

    milliseconds: list[float]

    def share(self, part: float) -> float:
        """The delay that this part of the requests did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def __str__(self) -> str:
        return f"p50 {self.share(0.50):6.1f} ms   p99 {self.share(0.99):6.1f} ms"


def main(rate: int = RATE, seconds: int = SECONDS) -> None:
    """Serve a sample city, save calls through its API, and print the figures with their ratios."""
    from tests.support.city_server import running_city

    from lamplighter.city.database import start_embedded

    print(f"machine: {machine()}; load before: {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(prefix="lamplighter-save-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server, url = start_embedded(home, "lamplighter")
        try:
            with running_city(url) as city:
                known = json.loads(city.run(TOKEN_AND_POINT))
                call = {**CALL, "latitude": known["latitude"], "longitude": known["longitude"]}
                setup = {
                    "port": int(city.url.rsplit(":", 1)[1]),
                    "token": known["token"],
                    "call": call,
                    "rate": rate,
                    "seconds": seconds,
                }
                address = city.environment["DATABASE_URL"]
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(
                        "CREATE TABLE bare_row (id bigserial PRIMARY KEY, said text NOT NULL)"
                    )
                bare = _measured("insert_row", setup, address)
                empty = _measured("empty_view", setup, address)
                before = _cpu_seconds(city.processes[0].pid)
                saved = _measured("save_call", setup, address)
                cpu = _cpu_seconds(city.processes[0].pid) - before
                calls, chain = city.run(VERIFY).split()
        finally:
            server.stop()
    _print(rate, seconds, saved, bare, empty)
    print(
        f"{calls} calls saved, {1000 * cpu / int(calls):.1f} ms of the server's CPU each; ", end=""
    )
    print(f"the journal's chain holds: {chain}")


def _measured(work: str, setup: dict[str, Any], database_url: str) -> Delays:
    """Run the sender in a process of its own and read what it measured."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.saving.caller"],
        input=json.dumps({**setup, "work": work}),
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=setup["seconds"] * 4 + 60,
    )
    return Delays(json.loads(done.stdout))


def _cpu_seconds(pid: int) -> float:
    """CPU time of a server and its workers: it says what a call costs on a machine that is busy."""
    server = psutil.Process(pid)
    times = [each.cpu_times() for each in (server, *server.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def _print(rate: int, seconds: int, saved: Delays, bare: Delays, empty: Delays) -> None:
    p99 = saved.share(0.99)
    print(f"{rate} a second for {seconds} s, timed from when each was due; one process, 4 threads")
    print(
        f"a call saved through the API      {saved}   ({p99 / MOST_MILLISECONDS:.2f} of the ",
        end="",
    )
    print(f"{MOST_MILLISECONDS:.0f} ms allowed)")
    print(
        f"peer: one row, one commit         {bare}   (a call takes {_times(saved, bare)} its p99)"
    )
    print(
        f"peer: an empty Django view        {empty}   (a call takes {_times(saved, empty)} its p99)"
    )


def _times(saved: Delays, peer: Delays) -> str:
    return f"{saved.share(0.99) / peer.share(0.99):.1f} times"


if __name__ == "__main__":
    main()

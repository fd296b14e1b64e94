"""A real city for tests: its own database, real servers on free ports, stopped at the end."""

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

BUILD = """
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import os
from pathlib import Path
from lamplighter.city.sample.actions import SEED, build_city, import_invented_year
from lamplighter.city.sample.scenario import save_first_scenario
from lamplighter.city.sample.staff import plan_shifts
from datetime import timedelta
now = datetime.now(UTC)
build_city(SEED, now)
plan_shifts(from_at=now - timedelta(days=1), until=now + timedelta(days=1))
if "LAMPLIGHTER_HOME" in os.environ:
    import_invented_year(Path(os.environ["LAMPLIGHTER_HOME"]), now)
    save_first_scenario(now)
"""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """An empty database on a running server, dropped at the end; gives its address."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@dataclass
class RunningCity:
    """A sample city that answers at `url`; its live streams come from `live_url`."""

    url: str
    live_url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]]

    def run(self, code: str) -> str:
        """Run Python in the city's own settings, in a process of its own; gives what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.stdout


@contextmanager
def running_city(server_url: str) -> Iterator[RunningCity]:
    """Build the sample city in its own database and serve it as `lamplighter city run` does."""
    with own_database(server_url) as database_url, TemporaryDirectory() as home:
        port, live_port = free_port(), free_port()
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "LAMPLIGHTER_HOME": home,
            "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
            "LAMPLIGHTER_SAMPLE_CITY": "1",
            "LAMPLIGHTER_LIVE_PORT": str(live_port),
        }
        city = RunningCity(
            f"http://127.0.0.1:{port}", f"http://127.0.0.1:{live_port}", environment, []
        )
        city.run(BUILD)
        try:
            city.processes += [
                serve(environment, "wsgi", "lamplighter.city.wsgi:application", port),
                serve(environment, "asgi", "lamplighter.city.live.asgi:application", live_port),
            ]
            for address in (f"{city.url}/", f"{city.live_url}/live/health"):
                wait_until_answers(address, city.processes)
            yield city
        finally:
            for process in city.processes:
                process.terminate()
            for process in city.processes:
                process.wait(10)


def serve(
    environment: dict[str, str],
    interface: str,
    target: str,
    port: int,
    log: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server as `lamplighter city run` does, in a group of processes of its own."""
    wsgi = interface == "wsgi"
    threads = ("--blocking-threads", "4", "--backpressure", "128") if wsgi else ()
    return subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", interface, "--port", str(port)]
        + ["--workers", "1", "--log-level", "warning", *threads, target],
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def wait_until_answers(address: str, processes: list[subprocess.Popen[bytes]]) -> None:
    """Wait for any answer at an address while the processes that give it live."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.TransportError:
            if any(process.poll() is not None for process in processes):
                raise RuntimeError("a server of the city ended before it answered") from None
            time.sleep(0.1)
    raise RuntimeError(f"no answer within 30 s at {address}")

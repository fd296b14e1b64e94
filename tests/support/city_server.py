"""A real city for tests: its own database, real servers on free ports, stopped at the end."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
from psycopg import sql

BUILT = "sample_city"
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

# Runs what it is told, piece after piece, each in names of its own; Django is set up once for all.
TOLD = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    said, failed = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {"__name__": "__main__"})
    except Exception:
        failed = traceback.format_exc()
    connections.close_all()
    print(json.dumps([said.getvalue(), failed]), flush=True)
"""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def own_database(server_url: str, *, like: str = "template1") -> Iterator[str]:
    """A database on a running server, empty or like another, dropped at the end; its address."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _create_database(server_url, name, like)
    try:
        yield _address_of(server_url, name)
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _create_database(server_url: str, name: str, like: str = "template1") -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(like)))


def _address_of(server_url: str, database: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{database}"))


def run_code(environment: dict[str, str], code: str) -> str:
    """Run Python in a city's settings, in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout


@dataclass
class RunningCity:
    """A sample city that answers at `url`; its live streams come from `live_url`."""

    url: str
    live_url: str
    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]]
    _told: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, code: str) -> str:
        """Run Python in the city's own settings, beside its servers; gives what it printed."""
        if not self._told:
            process = subprocess.Popen(
                [sys.executable, "-c", TOLD],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self._told.append(process)
        told = self._told[0]
        assert told.stdin is not None
        assert told.stdout is not None
        told.stdin.write(f"{json.dumps(code)}\n")
        told.stdin.flush()
        said, failed = json.loads(told.stdout.readline())
        assert not failed, failed
        return said

    def stop(self) -> None:
        for told in self._told:
            told.kill()
            told.communicate()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)


@contextmanager
def running_city(server_url: str) -> Iterator[RunningCity]:
    """A sample city in its own database, served as `lamplighter city run` does.

    All but in one: that somebody has signed out is noticed at once, not after 20 s.
    """
    with sample_city(server_url) as (database_url, home):
        port, live_port = free_port(), free_port()
        environment = {
            **_environment(database_url, home),
            "LAMPLIGHTER_LIVE_PORT": str(live_port),
        }
        city = RunningCity(
            f"http://127.0.0.1:{port}", f"http://127.0.0.1:{live_port}", environment, []
        )
        try:
            city.processes += [
                serve(environment, "wsgi", "lamplighter.city.wsgi:application", port),
                serve(environment, "asgi", "tests.support.quick_live:attentive", live_port),
            ]
            for address in (f"{city.url}/", f"{city.live_url}/live/health"):
                wait_until_answers(address, city.processes)
            yield city
        finally:
            city.stop()


@contextmanager
def sample_city(server_url: str) -> Iterator[tuple[str, Path]]:
    """The database and the home of a new sample city; within tests a copy of one built once."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        if "TESTS_HOME" not in os.environ:
            with own_database(server_url) as database_url:
                run_code(_environment(database_url, home), BUILD)
                yield database_url, home
            return
        built = _built_once(server_url, Path(os.environ["TESTS_HOME"]))
        shutil.copytree(built, home, dirs_exist_ok=True)
        with own_database(server_url, like=BUILT) as database_url:
            yield database_url, home


def _built_once(server_url: str, shared: Path) -> Path:
    """The home of the sample city in the database BUILT; whoever of the workers is first builds."""
    built, new = shared / BUILT, shared / f"{BUILT}.new"
    with (shared / f"{BUILT}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            new.mkdir()
            _create_database(server_url, BUILT)
            run_code(_environment(_address_of(server_url, BUILT), new), BUILD)
            new.rename(built)
    return built


def _environment(database_url: str, home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "LAMPLIGHTER_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
        "LAMPLIGHTER_SAMPLE_CITY": "1",
    }


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
    deadline = time.monotonic() + 120
    with httpx.Client(timeout=5) as http:
        while time.monotonic() < deadline:
            try:
                http.get(address)
                return
            except httpx.TransportError:
                if any(process.poll() is not None for process in processes):
                    raise RuntimeError("a server of the city ended before it answered") from None
                time.sleep(0.1)
    raise RuntimeError(f"no answer within two minutes at {address}")

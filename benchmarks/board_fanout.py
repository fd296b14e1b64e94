"""Call saved to shown on 200 open boards: milliseconds from commit to the event, beside NOTIFY."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import psutil

from benchmarks.machine import machine

BOARDS = 200
SECONDS = 20
RATES = (5, 20, 50)  # calls a second: a large city's busiest hour stays below the first
MOST_MILLISECONDS = 250.0

PREPARE = """
from datetime import UTC, datetime, timedelta
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from lamplighter.city.sample.actions import SEED, build_city
from lamplighter.city.sample.staff import plan_shifts
now = datetime.now(UTC)
build_city(SEED, now)
plan_shifts(from_at=now - timedelta(days=1), until=now + timedelta(days=1))
from django.test import Client
from lamplighter.city.accounts.models import User
client = Client()
client.force_login(User.objects.get(username="imani"))
print(client.session.session_key)
"""
# Between two rates: the board is emptied, so that each rate starts from the same place.
EMPTY = """
from datetime import UTC, datetime
import django
django.setup()
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import close_incident
from lamplighter.city.intake.models import Incident
imani = User.objects.get(username="imani")
for pk in Incident.objects.filter(closed_at=None).values_list("pk", flat=True):
    close_incident(pk, "no_help_needed", by=imani, now=datetime.now(UTC))
"""


@dataclass(frozen=True)
class Delays:
    """Milliseconds from the moment that `take_call` returned to the arrival of the news."""

    milliseconds: list[float]

    def share(self, part: float) -> float:
        """The delay that this part of the arrivals did not exceed."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def main(seconds: int = SECONDS, boards: int = BOARDS, rates: tuple[int, ...] = RATES) -> None:
    """Serve a sample city, open the boards, save calls at each rate, print the delays."""
    print(f"machine: {machine()}")
    print(f"{boards} boards in one process, {seconds} s at each rate, one live process of granian")
    with TemporaryDirectory(prefix="lamplighter-fanout-") as folder, ExitStack() as stack:
        home = Path(folder)
        home.chmod(0o755)
        environment, port, session, live = _serve(home, stack)
        for rate in rates:
            _run(["-c", EMPTY], environment)
            used = _processor_seconds(live)
            measured = _measure(rate, seconds, boards, port, session, environment)
            _print(rate, boards, *measured)
            share = (_processor_seconds(live) - used) / seconds
            print(f"    the live process used {share:.0%} of one core")


def _processor_seconds(process: psutil.Process) -> float:
    each = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in each)


def _serve(home: Path, stack: ExitStack) -> tuple[dict[str, str], int, str, psutil.Process]:
    """A database of its own, a sample city in it, and the live process as a city runs it."""
    from tests.support.city_server import free_port

    from lamplighter.city.database import start_embedded

    server, url = start_embedded(home, "lamplighter")
    stack.callback(server.stop)
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
        "LAMPLIGHTER_SAMPLE_CITY": "1",
    }
    session = _run(["-c", PREPARE], environment)
    port = free_port()
    live = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)),
            *("--workers", "1", "--log-level", "warning"),
            "lamplighter.city.live.asgi:application",
        ],
        env=environment,
    )
    stack.callback(live.wait, 20)
    stack.callback(live.terminate)
    return environment, port, session, psutil.Process(live.pid)


def _measure(
    rate: int, seconds: int, boards: int, port: int, session: str, environment: dict[str, str]
) -> tuple[Delays, Delays, int]:
    """Delays at the boards and at a bare LISTEN, and how many arrivals were missing."""
    readers = _start(["benchmarks.fanout.boards", str(port), session, str(boards)], environment)
    listener = _start(["benchmarks.fanout.listener"], environment)
    for each in (readers, listener):
        assert _output(each).readline().strip() == "ready"
    saved: dict[str, int] = json.loads(
        _run(["-m", "benchmarks.fanout.writer", str(rate), str(seconds)], environment)
    )
    arrived: dict[str, list[int]] = json.loads(_end(readers))
    heard: dict[str, int] = json.loads(_end(listener))
    at_boards = [
        (at - saved[incident]) / 1e6
        for incident, times in arrived.items()
        if incident in saved
        for at in times
    ]
    at_listener = [(heard[incident] - at) / 1e6 for incident, at in saved.items()]
    missing = boards * len(saved) - len(at_boards)
    return Delays(at_boards), Delays(at_listener), missing


def _print(rate: int, boards: int, at_boards: Delays, at_listener: Delays, missing: int) -> None:
    p50, p99 = at_boards.share(0.50), at_boards.share(0.99)
    bare50, bare99 = at_listener.share(0.50), at_listener.share(0.99)
    print(
        f"{rate:>3} calls a second: saved to event on {boards} boards p50 {p50:.0f} ms, "
        f"p99 {p99:.0f} ms ({p99 / MOST_MILLISECONDS:.2f} of the {MOST_MILLISECONDS:.0f} ms "
        f"allowed), longest {max(at_boards.milliseconds):.0f} ms, {len(at_boards.milliseconds):,} "
        f"arrivals, {missing} missing"
    )
    print(
        f"    peer: a bare LISTEN on one connection p50 {bare50:.1f} ms, p99 {bare99:.1f} ms; "
        "below zero, it hears before the saving process has its own answer"
    )


def _start(module: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *module],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _end(process: subprocess.Popen[str]) -> str:
    """Tell a process to stop by closing its input; give what it printed."""
    printed, _errors = process.communicate(timeout=60)
    return printed


def _run(arguments: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()

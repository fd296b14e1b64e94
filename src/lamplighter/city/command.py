"""`lamplighter city …`: start a city, look after it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import httpx
import typer
from rich.console import Console

app = typer.Typer(help="Start a city and look after it.", no_args_is_help=True)
console = Console()

Result = TypeVar("Result")

HOME_HELP = "Folder for the embedded database and the city's files."
Home = Annotated[Path, typer.Option(help=HOME_HELP, envvar="LAMPLIGHTER_HOME")]
DEFAULT_HOME = Path(".lamplighter")


@app.command()
def run(
    home: Home = DEFAULT_HOME,
    port: Annotated[int, typer.Option(help="Port of the pages; live streams use the next.")] = 8000,
    sample: Annotated[bool, typer.Option(help="Run the invented sample city, for trying.")] = False,
    play: Annotated[bool, typer.Option(help="Play the sample city's day.")] = True,
) -> None:
    """Start the city: database, migrations, pages, live streams. Ctrl-C stops all of it.

    1. The database: DATABASE_URL if it is set, else the embedded PostgreSQL under HOME.
    2. Migrations, then, for the sample city, its people, streets, units and a year of calls.
    3. The servers. If one ends by itself, all are stopped and the command fails: a supervisor
       above (systemd, a container) sees it and starts the city again.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    if sample:
        os.environ["LAMPLIGHTER_SAMPLE_CITY"] = "1"
        os.environ.setdefault("LAMPLIGHTER_SECRET_KEY", _key_of(home))
    os.environ.setdefault("LAMPLIGHTER_LIVE_PORT", str(port + 1))
    with _database(home):
        _step("migrations", _migrate)
        if sample:
            _step("sample city", lambda: _prepare_sample(home))
        with _servers(port) as servers:
            _wait_for(f"http://127.0.0.1:{port}/", servers)
            if sample and play:
                servers.append(_start_player(home, port))
            console.print(f"\n  The city is open: [bold]http://127.0.0.1:{port}/[/bold]")
            console.print("  Ctrl-C stops it.\n")
            _watch(servers)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context, home: Home = DEFAULT_HOME) -> None:
    """Run one of Django's management commands on this city's database."""
    with _database(home.resolve()):
        _django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["lamplighter city manage", *context.args])


@contextmanager
def _database(home: Path) -> Any:
    from .database import use

    server = _step("database", lambda: use(home))
    try:
        yield server
    finally:
        # Every process of this city is gone by now, so the embedded server has nobody to serve.
        if server is not None:
            server.stop()


def _django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.city.settings")
    django.setup()


def _migrate() -> None:
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _prepare_sample(home: Path) -> None:
    from .sample.actions import open_city

    open_city(home, now=datetime.now(UTC), progress=lambda text: console.print(f"    {text}"))


def _key_of(home: Path) -> str:
    """A key made once for this sample city, so that sessions outlive a restart."""
    kept = home / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii")


@contextmanager
def _servers(port: int) -> Any:
    servers = [
        # Threads, not more processes: a thread waits for PostgreSQL, and two cores serve a city.
        _granian("wsgi", "lamplighter.city.wsgi:application", port, "--blocking-threads", "8"),
        _granian("asgi", "lamplighter.city.live.asgi:application", port + 1),
    ]
    try:
        yield servers
    finally:
        _stop(servers)


def _granian(interface: str, target: str, port: int, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", interface, "--port", str(port)),
            *("--log-level", "warning", "--workers", "1", *more, target),
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings"},
        # Its own group: Ctrl-C reaches this process, which stops the others in order.
        start_new_session=True,
    )


def _start_player(home: Path, port: int) -> subprocess.Popen[bytes]:
    from .sample.actions import player_arguments

    return subprocess.Popen(
        [sys.executable, "-m", "lamplighter", *player_arguments(home, port)],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )


def _wait_for(address: str, servers: list[subprocess.Popen[bytes]], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if any(server.poll() is not None for server in servers):
            break
        with suppress(httpx.TransportError):
            httpx.get(address, timeout=2)
            return
        time.sleep(0.05)
    console.print(
        f"[red]The pages did not answer at {address}[/red]: is another program using the port? "
        "Choose another with --port.",
    )
    raise typer.Exit(1)


def _watch(servers: list[subprocess.Popen[bytes]]) -> None:
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while not stopping:
        for server in servers[:2]:
            if server.poll() is not None:
                console.print("[red]A server of the city ended by itself[/red]: see above.")
                raise typer.Exit(1)
        time.sleep(0.2)


def _stop(servers: list[subprocess.Popen[bytes]]) -> None:
    for server in reversed(servers):
        with suppress(ProcessLookupError):
            server.terminate()
    for server in servers:
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        # Each server leads a group of its own: a worker that outlived it ends here.
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def _step(name: str, work: Callable[[], Result]) -> Result:
    started = time.monotonic()
    result = work()
    console.print(f"  [green]ready[/green]  {name} [dim]{time.monotonic() - started:.1f} s[/dim]")
    return result

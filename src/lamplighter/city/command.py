"""`lamplighter city …`: start a city, look after it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import httpx
import psycopg
import typer
from rich.console import Console
from rich.markup import escape

from .database import leave, use
from .home import DEFAULT_HOME, Home, database_of, set_up_django
from .leftovers import AlreadyRunning, end_leftovers, only_city, remember
from .playing import play as play_history
from .upkeep import Upkeep

app = typer.Typer(help="Start a city and look after it.", no_args_is_help=True)
app.command("play")(play_history)
console = Console(highlight=False)

# The pages use a few hundred MB, whatever is asked; no fault may take the memory of a whole city.
_LARGEST_MIB = 2_048

Result = TypeVar("Result")
Server = subprocess.Popen[bytes]


@app.command()
def run(
    home: Home = DEFAULT_HOME,
    port: Annotated[
        int, typer.Option(min=1, max=65_534, help="Port of the pages; live streams use the next.")
    ] = 8000,
    sample: Annotated[bool, typer.Option(help="Run the invented sample city, for trying.")] = False,
    play: Annotated[bool, typer.Option(help="Play the sample city's day.")] = True,
) -> None:
    """Start the city: database, migrations, pages, live streams. Ctrl-C stops all of it.

    1. The database: DATABASE_URL if it is set, else the embedded PostgreSQL under HOME.
    2. Migrations, then, for the sample city, its people, streets, units and a year of calls.
    3. The servers. If one ends by itself, all are stopped and the command fails: a supervisor
       above (systemd, a container) sees it and starts the city again.
    4. Until then, what is due every hour: see `upkeep`.
    """
    stop = _Stop()
    home = home.resolve()
    if home.is_dir():
        with _alone(home):
            end_leftovers(home)
    for number in (port, port + 1):
        _check_port(number)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["LAMPLIGHTER_HOME"] = str(home)
    if sample:
        os.environ["LAMPLIGHTER_SAMPLE_CITY"] = "1"
        os.environ.setdefault("LAMPLIGHTER_SECRET_KEY", _key_of(home))
    os.environ.setdefault("LAMPLIGHTER_LIVE_PORT", str(port + 1))
    with suppress(_Stopped), _alone(home), _database(home):
        _step("migrations", _migrate)
        if sample:
            _step("sample city", lambda: _prepare_sample(home))
        with _servers(home, port) as servers:
            address = f"http://127.0.0.1:{port}/"
            _step("servers", lambda: _wait_for(address, servers))
            if sample and play:
                servers.append(_start_player(home, port))
                remember(home, [server.pid for server in servers])
            console.print(f"\n  The city is open: [bold]{address}[/bold]")
            console.print("  Ctrl-C stops it.\n")
            stop.wait(servers[:2], Upkeep())
    console.print("  The city is closed.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context, home: Home = DEFAULT_HOME) -> None:
    """Run one of Django's management commands on this city's database."""
    with database_of(home):
        set_up_django()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["lamplighter city manage", *context.args])


@app.command("import-history")
def import_history(
    file: Annotated[Path, typer.Argument(help="A history, as `lamplighter history read` writes.")],
    name: Annotated[str, typer.Option(help="What it is called in the policy room.")] = "",
    home: Home = DEFAULT_HOME,
) -> None:
    """Import a history, so that drafts of policies can be rehearsed on it."""
    with database_of(home):
        set_up_django()
        from .policies.histories import import_history as take
        from .refusal import Refusal

        try:
            made = take(
                file, name=name or file.stem, by=None, now=datetime.now(UTC), home=home.resolve()
            )
        except Refusal as refusal:
            typer.echo(refusal.sentence, err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{made.name}: {made.rows:,} rows can be rehearsed on.")


class _Stopped(BaseException):
    """Somebody asked the city to stop; not an error, so nothing may catch it as one."""


class _Stop:
    """Ctrl-C or a supervisor's SIGTERM, at any moment: the city closes what it has opened, once."""

    def __init__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked)

    def _asked(self, *_: object) -> None:
        # The way out is not interrupted again.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise _Stopped

    def wait(self, servers: list[Server], upkeep: Upkeep) -> None:
        while True:
            upkeep.do_what_is_due()
            if any(server.poll() is not None for server in servers):
                console.print("[red]A server of the city ended by itself[/red]: see above.")
                raise typer.Exit(1)
            time.sleep(0.2)


def _check_port(port: int) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            console.print(
                f"[red]Port {port} is used by another program[/red]: "
                "stop that one, or choose other ports with --port (make run PORT=8100)."
            )
            raise typer.Exit(1) from None


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    try:
        with only_city(home):
            yield
    except AlreadyRunning:
        console.print(
            f"[red]The city of {escape(str(home))} is running already[/red]: "
            "stop that one, or choose another folder with --home."
        )
        raise typer.Exit(1) from None


@contextmanager
def _database(home: Path) -> Iterator[None]:
    try:
        server = _step("database", lambda: use(home))
    except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
        console.print(
            f"[red]The embedded database could not start[/red] ({type(error).__name__}): "
            f"see {escape(str(home / 'postgres' / 'log'))}, or name another with DATABASE_URL."
        )
        raise typer.Exit(1) from error
    try:
        yield
    finally:
        if server is not None:
            leave(server)


def _migrate() -> None:
    set_up_django()
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", verbosity=0)
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        console.print(
            f"[red]The database cannot be used[/red]: {escape(reason)}. Check DATABASE_URL."
        )
        raise typer.Exit(1) from error


def _prepare_sample(home: Path) -> None:
    from .sample.actions import NotASample, open_city

    try:
        open_city(home, now=datetime.now(UTC), progress=lambda text: console.print(f"    {text}"))
    except NotASample:
        console.print(
            "[red]This database is a real city's[/red]: start it without --sample, "
            "or choose another folder with --home."
        )
        raise typer.Exit(1) from None


def _key_of(home: Path) -> str:
    """A key made once for this sample city, so that sessions outlive a restart."""
    kept = home / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii")


@contextmanager
def _servers(home: Path, port: int) -> Iterator[list[Server]]:
    servers = [
        # Threads, not more processes: a thread waits for PostgreSQL, and two cores serve a city.
        _granian(
            *("wsgi", "lamplighter.city.wsgi:application", port),
            *("--blocking-threads", "4", "--backpressure", "128"),
            # One that has grown past all use makes way for a new one, once it has answered.
            *("--workers-max-rss", str(_LARGEST_MIB)),
        ),
        _granian("asgi", "lamplighter.city.live.asgi:application", port + 1),
    ]
    try:
        remember(home, [server.pid for server in servers])
        yield servers
    finally:
        _stop(servers)


def _granian(interface: str, target: str, port: int, *more: str) -> Server:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", interface, "--port", str(port)),
            *("--log-level", "warning", "--workers", "1", *more, target),
        ],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings"},
        # Its own group: Ctrl-C reaches this process, which stops the others in order.
        start_new_session=True,
    )


def _start_player(home: Path, port: int) -> Server:
    from .sample.actions import player_arguments

    return subprocess.Popen(
        [sys.executable, "-m", "lamplighter", *player_arguments(home, port, datetime.now(UTC))],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )


def _wait_for(address: str, servers: list[Server], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    with httpx.Client(timeout=5) as http:
        while time.monotonic() < deadline:
            if any(server.poll() is not None for server in servers):
                break
            with suppress(httpx.TransportError):
                http.get(address)
                return
            time.sleep(0.05)
    console.print(f"[red]The pages did not answer at {address}[/red]: the reason stands above.")
    raise typer.Exit(1)


def _stop(servers: list[Server]) -> None:
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

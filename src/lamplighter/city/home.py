"""The folder where a city keeps its files, for commands that work on a city."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from .database import database_at

HOME_HELP = "Folder for the embedded database and the city's files."
Home = Annotated[Path, typer.Option(help=HOME_HELP, envvar="LAMPLIGHTER_HOME")]
DEFAULT_HOME = Path(".lamplighter")


@contextmanager
def database_of(home: Path) -> Iterator[None]:
    """The city's database for as long as a command needs it.

    The embedded one of a sample city is opened as what it is: settings that only a real city needs
    are not asked for. A city that is running keeps running.
    """
    home = home.resolve()
    if not os.environ.get("DATABASE_URL"):
        if not (home / "postgres").is_dir():
            typer.echo(
                f"There is no city in {home}: name its folder with --home, or its database with "
                "DATABASE_URL.",
                err=True,
            )
            raise typer.Exit(1)
        os.environ.setdefault("LAMPLIGHTER_SAMPLE_CITY", "1")
    with database_at(home):
        yield


def set_up_django() -> None:
    """Read the settings; a missing one ends the command with the sentence that names it."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplighter.city.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error

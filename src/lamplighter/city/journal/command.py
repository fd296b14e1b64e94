"""`lamplighter journal …`: whether the record of every act still holds."""

from typing import Annotated

import typer

from lamplighter.city.home import DEFAULT_HOME, Home, database_of, set_up_django

app = typer.Typer(help="Look after the record of every act.", no_args_is_help=True)


@app.callback()
def _journal() -> None:
    """Look after the record of every act."""


@app.command()
def verify(
    home: Home = DEFAULT_HOME,
    quiet: Annotated[bool, typer.Option(help="Say nothing when it holds.")] = False,
) -> None:
    """Recompute the seal of every entry; fails at the first that does not hold.

    The city is DATABASE_URL if it is set, else the embedded one under HOME; it may be running.
    """
    with database_of(home):
        set_up_django()
        from django.db import DatabaseError

        from lamplighter.city.journal.queries import verify as verify_journal

        try:
            found = verify_journal()
        except DatabaseError as error:
            typer.echo(
                "The journal could not be read: check that the database is this city's and that "
                "its migrations have run.",
                err=True,
            )
            raise typer.Exit(2) from error
    if found.holds:
        if not quiet:
            typer.echo(f"{found.entries:,} entries: the journal holds.")
        return
    typer.echo(
        f"The journal does not hold from entry {found.broken_at:,}: {found.reason}. "
        "Keep the database as it is, and compare it with a backup.",
        err=True,
    )
    raise typer.Exit(1)

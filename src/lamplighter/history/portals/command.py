"""The command `lamplighter history fetch`."""

from pathlib import Path
from typing import Annotated

import typer


def fetch(
    address: Annotated[
        str, typer.Argument(help="The web address of a table on Socrata, ArcGIS or CKAN.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write, .jsonl.gz or .jsonl.")
    ],
    page_rows: Annotated[
        int | None, typer.Option("--page", min=1, help="Rows to ask for at a time.")
    ] = None,
    app_token: Annotated[
        str | None,
        typer.Option(
            envvar="SOCRATA_APP_TOKEN", help="A Socrata portal's token, for more requests an hour."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Fetch a city's calls from its open portal; run it again to go on where it stopped.

    A file that is there is replaced only with --force.
    """
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    from lamplighter.file_kinds import kept_from
    from lamplighter.history.portals import PortalError, fetch_calls

    errors = Console(stderr=True)
    kept = kept_from(output, force=force)
    if kept:
        errors.print(kept, style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    try:
        with Progress(
            *columns, console=errors, transient=True, disable=not errors.is_terminal
        ) as bars:
            task = bars.add_task("Fetching rows", total=None)

            def wait(seconds: float) -> None:
                bars.update(task, description=f"The portal is busy, waiting {seconds:.0f} s")
                time.sleep(seconds)

            def advance(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total, description="Fetching rows")

            fetched = fetch_calls(
                address,
                output,
                wait=wait,
                page_rows=page_rows,
                app_token=app_token,
                progress=advance,
            )
    except PortalError as error:
        errors.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    again = f", {fetched.rows_before:,} of them before" if fetched.rows_before else ""
    typer.echo(f"{fetched.rows:,} rows fetched from {fetched.portal}{again}: {output}")
    if fetched.note:
        typer.echo(fetched.note)
    typer.echo(f"Next: lamplighter history describe {output}")

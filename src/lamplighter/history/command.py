"""The commands of `lamplighter history`."""

import json
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from lamplighter.history.portals.command import fetch

if TYPE_CHECKING:
    from rich.console import Console

    from lamplighter.history.areas import Areas
    from lamplighter.history.report import Report
    from lamplighter.history.unpacked import Progress

app = typer.Typer(help="Read years of calls from any city's file.", no_args_is_help=True)
app.command()(fetch)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A call file: CSV, XLSX, JSON or Parquet.")],
    layout: Annotated[
        str, typer.Option("--layout", "-l", help="The name of a layout, or the path of yours.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The Parquet file to write.")],
    areas: Annotated[
        Path | None,
        typer.Option(help="A GeoJSON file: a call's area is then the polygon that it lies in."),
    ] = None,
    area_name: Annotated[
        str | None, typer.Option(help="The column of the areas' names, if it is not clear.")
    ] = None,
    page: Annotated[
        Path | None, typer.Option(help="Also write the report as a page with pictures, .html.")
    ] = None,
    language: Annotated[str, typer.Option(help="The language of the page: en or es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
) -> None:
    """Read a city's call file and say how good it is.

    An earlier history, or its page, is written anew; any other file only with --force.
    """
    from rich.console import Console

    from lamplighter.history import HistoryError, load_layout, read_areas, read_history
    from lamplighter.history.opened import check_output
    from lamplighter.history.printed import print_report

    signal.signal(signal.SIGTERM, _leave)
    errors = Console(stderr=True)
    try:
        chosen = load_layout(layout)
        check_output(output, force=force)
        if page:
            _check_page(page, language, force=force)
        polygons = read_areas(areas, name=area_name) if areas else None
        with _bar(errors) as advance:
            report = read_history(
                file, chosen, output, now=datetime.now(UTC), areas=polygons, progress=advance
            )
        if page:
            _write_page(page, output, report, polygons, language)
    except HistoryError as error:
        errors.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(report.to_dict(), indent=2, ensure_ascii=False))
    else:
        print_report(report, chosen.time_zone, Console())
        typer.echo(f"Next: lamplighter teams {shlex.quote(str(output))} -o my_teams.yaml")


@app.command()
def describe(
    file: Annotated[Path, typer.Argument(help="A call file: CSV, XLSX, JSON or Parquet.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The layout file to write.")
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="The city's time zone, if you know it.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the proposal as JSON.")] = False,
) -> None:
    """Look at any call file and propose a layout for it, which you then edit."""
    from rich.console import Console

    from lamplighter.history import HistoryError
    from lamplighter.history.describing import describe_file, write_layout
    from lamplighter.history.describing.printed import print_proposal

    errors = Console(stderr=True)
    try:
        with _steps(errors) as advance:
            proposal = describe_file(file, time_zone=time_zone, progress=advance)
        if output is not None:
            write_layout(proposal, output)
    except HistoryError as error:
        errors.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(proposal.to_dict(), indent=2, ensure_ascii=False))
    else:
        print_proposal(proposal, Console())
        words = (
            f"Wrote {output}: read it, mend it," if output else "Write the layout with -o, mend it,"
        )
        typer.echo(f"{words} and read the file with 'lamplighter history read'.")


@app.command()
def layouts() -> None:
    """List the layouts that come with Lamplighter."""
    from rich.console import Console
    from rich.table import Table

    from lamplighter.history import load_layout, shipped_layouts

    table = Table("name", "city", "codes", "what it reads")
    for name in shipped_layouts():
        layout = load_layout(name)
        codes = {code for rule in layout.rules for code in rule.codes or ()}
        table.add_row(name, layout.city, str(len(codes)), layout.about)
    Console().print(table)


def _check_page(page: Path, language: str, *, force: bool) -> None:
    """Refuse what cannot be written before the reading, which may take long, begins."""
    from lamplighter.file_kinds import kept_from
    from lamplighter.history import HistoryError
    from lamplighter.history.quality.page import HEADER
    from lamplighter.history.quality.words import LANGUAGES

    if language not in LANGUAGES:
        raise HistoryError(f"There is no page in {language!r}: choose {' or '.join(LANGUAGES)}.")
    if page.is_dir() or not page.parent.is_dir():
        raise HistoryError(f"{page} cannot be written: name a file in a folder that is there.")
    kept = kept_from(
        page, "such a page", lambda one: HEADER.encode() in _start_of(one), force=force
    )
    if kept:
        raise HistoryError(kept)


def _start_of(page: Path) -> bytes:
    with page.open("rb") as file:
        return file.read(1 << 16)


def _write_page(
    page: Path, history: Path, report: "Report", areas: "Areas | None", language: str
) -> None:
    from lamplighter.history import HistoryError
    from lamplighter.history.quality import quality_of, quality_page
    from lamplighter.policy import read_policy, shipped_policy

    # The names of our natures for readers stand in the policy that ships.
    natures = read_policy(shipped_policy("first_response")).inputs["nature"].values
    labels = {str(value.value): value.label.in_language(language) for value in natures}
    drawn = quality_page(quality_of(history, report, areas), language, labels=labels)
    try:
        page.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise HistoryError(
            f"{history} was written, but {page} could not be ({error.strerror}): write the page "
            "elsewhere."
        ) from error


@contextmanager
def _bar(console: "Console") -> "Iterator[Progress]":
    """Show how much of the file is read, on the error stream, so that --json stays clean."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("Reading", total=None)

        def advance(done: int, total: int) -> None:
            bars.update(
                task,
                completed=done,
                total=total,
                description="Reading" if done < total else "Sorting and writing",
            )

        yield advance


@contextmanager
def _steps(console: "Console") -> "Iterator[Progress]":
    """Show which part of the looking is done."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("Looking at the file"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that the work in progress is cleaned up."""
    sys.exit(128 + signal.SIGTERM)

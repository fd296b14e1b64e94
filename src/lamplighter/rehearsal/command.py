"""The commands `rehearse`, by which calls, a policy and teams become a report, and `teams`."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from lamplighter.history.areas import Areas
    from lamplighter.policy.model import Policy
    from lamplighter.rehearsal.rehearsing import Progress, Rehearsal
    from lamplighter.rehearsal.teams import Teams

app = typer.Typer(pretty_exceptions_enable=False, help="What would happen here, if we did this.")

Language = Literal["en", "es"]
Answers = Literal["stated", "least", "most"]


@app.callback()
def _together() -> None:
    """What would happen here, if we did this."""


@app.command()
def rehearse(
    history: Annotated[
        Path, typer.Argument(metavar="HISTORY", help="A history, or a city's file with --layout.")
    ],
    policy: Annotated[
        str, typer.Argument(metavar="POLICY", help="A policy file, or the name of one that ships.")
    ],
    teams: Annotated[
        str, typer.Option("--teams", "-t", help="A team file, or the name of one that ships.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The new folder to write.")
    ],
    against: Annotated[
        str | None, typer.Option(metavar="POLICY", help="Another policy to compare with.")
    ] = None,
    areas: Annotated[
        Path | None, typer.Option(metavar="AREAS.geojson", help="Polygons of the city's areas.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", "-l", help="How HISTORY is to be read, if it is raw.")
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="A table or GeoJSON with numbers of people by area.")
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=COLUMN", help="People to compare; may be given again."),
    ] = None,
    staffing: Annotated[
        str | None, typer.Option(metavar="TARGET", help='"90% within 20, at most 5% fall back"')
    ] = None,
    answers: Annotated[
        Answers, typer.Option(help="What is not told: drawn, or what sends fewest or most.")
    ] = "stated",
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 1,
    replications: Annotated[
        int, typer.Option(min=1, help="How often each scenario is simulated.")
    ] = 20,
    language: Annotated[Language, typer.Option(help="The language that is shown first.")] = "en",
    force: Annotated[bool, typer.Option("--force", help="Replace a report that is there.")] = False,
) -> None:
    """Rehearse a policy and its teams on a city's own calls, and write a report for everybody."""
    from rich.console import Console

    from lamplighter.history import HistoryError
    from lamplighter.history.areas import read_areas
    from lamplighter.policy.replay import ReplayError
    from lamplighter.rehearsal.costs import CostsError
    from lamplighter.rehearsal.fairness import FairnessError
    from lamplighter.rehearsal.rehearsing import rehearse as rehearse_all
    from lamplighter.rehearsal.report import ReportError, check_folder, write_report
    from lamplighter.rehearsal.report.printed import print_answer
    from lamplighter.rehearsal.simulator import SimulationError
    from lamplighter.rehearsal.staffing import StaffingError, parse_target
    from lamplighter.rehearsal.teams_file import TeamsError, shipped_teams

    signal.signal(signal.SIGTERM, _leave)
    errors = Console(stderr=True)
    try:
        check_folder(output, force=force)
        rules, team_file = _policy(policy), _teams(teams)
        other = _policy(against) if against else None
        target = parse_target(staffing) if staffing else None
        polygons = read_areas(areas) if areas else None
        if polygons is not None and people is not None:
            polygons = polygons.with_population(people)
        groups = _groups(group or [], polygons)
        for note in polygons.notes if polygons else ():
            place = "" if areas and note.startswith(areas.name) else f"{areas}: "
            errors.print(f"{place}{note}", markup=False, highlight=False)
        kept = output.parent / f"{output.name}.staffing.jsonl" if target else None
        with _bars(errors) as tell:
            read = _history(history, layout, output, tell, force=force)
            found = rehearse_all(
                read,
                rules,
                team_file,
                against=other,
                areas=polygons,
                answers=answers,
                seed=seed,
                replications=replications,
                groups=groups,
                target=target,
                resume=kept,
                progress=tell,
            )
            page = write_report(
                _named(found, history, _written(sys.argv)), output, language=language, force=force
            )
    except TeamsError as error:
        mended = "'lamplighter teams' writes an example with bases where the calls are."
        _fail(f"{error} {mended}" if teams in shipped_teams() else str(error))
    except (
        HistoryError,
        ReplayError,
        CostsError,
        SimulationError,
        StaffingError,
        FairnessError,
        ReportError,
    ) as error:
        _fail(str(error))
    if kept is not None:
        kept.unlink(missing_ok=True)
    print_answer(found, language, Console())
    if polygons is not None and (outside := _outside(found)) > 0.01:
        typer.echo(
            f"{outside:.0%} of the calls with a place lie outside all areas of {areas}: they are "
            "rehearsed, and told under no area; give areas of the whole city to have them there."
        )
    if read != history:
        typer.echo(f"The history that was read: {read}")
    typer.echo(f"The report: {page}")


@app.command()
def teams(
    history: Annotated[
        Path,
        typer.Argument(metavar="HISTORY", help="A Parquet file of `lamplighter history read`."),
    ],
    policy: Annotated[
        str, typer.Argument(metavar="[POLICY]", help="A policy file, or one that ships.")
    ] = "first_response",
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The team file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write an example team file, to be changed, for the calls of a history under a policy.

    Its bases are where the calls are, and its numbers of units are those that a queueing formula
    asks for; the target and what is assumed stand at its top. A file that is there is replaced
    only with --force.
    """
    from rich.console import Console

    from lamplighter.history import HistoryError
    from lamplighter.policy.exchange import ExchangeError, write_whole
    from lamplighter.policy.replay import ReplayError
    from lamplighter.rehearsal.example.making import ExampleError, example_for

    rules = _policy(policy)
    try:
        with _bars(Console(stderr=True)) as tell:
            text = example_for(
                history, rules, progress=lambda done, whole: tell("calls", done, whole)
            )
        write_whole(output, text.encode(), force=force)
    except (HistoryError, ReplayError, ExampleError, ExchangeError) as error:
        _fail(str(error))
    typer.echo(
        f"Wrote {output}: an example. Its bases are where the calls are, as far as they tell; its\n"
        "numbers of units are what a queueing formula asks for. The target and what is assumed\n"
        "stand at its top. Read it, and change it."
    )
    named = " ".join(map(shlex.quote, (str(history), policy, "--teams", str(output))))
    typer.echo(f"Next: lamplighter rehearse {named} -o report")


def _policy(name: str) -> Policy:
    from lamplighter.policy.errors import PolicyError
    from lamplighter.policy.reader import read_policy
    from lamplighter.policy.shipped import find_policy

    try:
        return read_policy(find_policy(name))
    except (FileNotFoundError, PolicyError) as error:
        _fail(str(error))


def _outside(found: Rehearsal) -> float:
    """The share of the calls with a place that lie in none of the areas."""
    import numpy as np

    calls = found.asked.calls
    placed = ~np.isnan(calls.latitude)
    return float((calls.area[placed] < 0).mean()) if placed.any() else 0.0


def _groups(written: list[str], areas: Areas | None) -> dict[str, str]:
    """`older=over_65` as groups of people: what each is called, and the column that counts it."""
    groups = {}
    for item in written:
        name, sign, column = (part.strip() for part in item.partition("="))
        if not (name and sign and column):
            _fail(f"{item} names no group: write it as name=column.")
        if areas is None:
            _fail("groups of people need --areas, with a column that counts them.")
        if column not in areas.properties:
            known = ", ".join(areas.properties) or "none"
            _fail(f"the areas have no column {column}: their columns of numbers are {known}.")
        groups[name] = column
    return groups


def _teams(name: str) -> Teams:
    from lamplighter.rehearsal.teams_file import read_teams

    return read_teams(name)


def _history(file: Path, layout: str | None, output: Path, tell: Progress, *, force: bool) -> Path:
    """The history itself, or what is read from a raw file; it is kept beside the report."""
    if layout is None:
        return file
    from datetime import UTC, datetime

    from lamplighter.history import load_layout, read_history
    from lamplighter.history.opened import check_output

    kept = output.parent / f"{output.name}.history.parquet"
    check_output(kept, force=force)
    read_history(
        file,
        load_layout(layout),
        kept,
        now=datetime.now(UTC),
        progress=lambda done, whole: tell("read", done, whole),
    )
    return kept


def _named(found: Rehearsal, file: Path, command: str) -> Rehearsal:
    """The rehearsal with the file and the command as they were given, without their folders."""
    from dataclasses import replace
    from hashlib import file_digest

    from lamplighter.policy.model import Words

    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    teams = found.teams.path
    said = found.warnings
    if teams is not None:
        said = tuple(
            Words(*(one.replace(str(teams), teams.name) for one in (warning.en, warning.es)))
            for warning in said
        )
    return replace(found, history=file.name, history_hash=digest, command=command, warnings=said)


def _written(arguments: list[str]) -> str:
    """The command to give again; folders are left out, as they are nobody's business."""
    words = [Path(one).name if "/" in one and " " not in one else one for one in arguments[1:]]
    return "lamplighter " + shlex.join(words)


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


_STAGES = {
    "read": "Reading the file",
    "replay": "What is certain",
    "compare": "What the change moves",
    "asked": "as asked",
    "least": "at least",
    "most": "at most",
    "against": "the other policy",
    "calls": "Calls",
    "runs": "Simulating",
    "staffing": "Searching for a staffing",
    "write": "Writing the report",
}


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    """A bar for each stage, on the error stream."""
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def tell(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                named = ", ".join(_STAGES.get(word, word) for word in what.split())
                tasks[what] = int(bars.add_task(named, total=whole))
            bars.update(TaskID(tasks[what]), completed=done, total=whole)

        yield tell


def _leave(_signal: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C, so that the work in progress is cleaned up."""
    sys.exit(128 + signal.SIGTERM)

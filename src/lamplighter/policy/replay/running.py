"""What the commands `policy replay`, `policy mapping` and `policy compare` do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from lamplighter.history import HistoryError
from lamplighter.policy.errors import PolicyError
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.mapping import FactMapping, mapping_for, read_mapping
from lamplighter.policy.replay.result import ReplayError
from lamplighter.policy.show import print_json

if TYPE_CHECKING:
    from lamplighter.policy.replay.replaying import EngineName, Progress


def run_replay(
    policy: Policy,
    history: Path,
    output: Path | None,
    engine: EngineName,
    facts: Path | None,
    as_json: bool,
    language: str,
) -> None:
    """Replay and print; one sentence and exit code 2 where it cannot be done."""
    from lamplighter.policy.replay.printed import print_replay
    from lamplighter.policy.replay.replaying import replay

    with _told_on_failure(), _bar("Replaying") as progress:
        found = replay(
            policy,
            history,
            mapping=chosen_mapping(policy, facts),
            engine=engine,
            output=output,
            progress=progress,
        )
    if as_json:
        print_json(found.to_dict())
    else:
        print_replay(policy, found, language)


def run_compare(
    old: Policy, new: Policy, history: Path, facts: Path | None, as_json: bool, language: str
) -> None:
    """Compare and print; one sentence and exit code 2 where it cannot be done."""
    from lamplighter.policy.replay.compared import print_comparison
    from lamplighter.policy.replay.comparing import compare

    with _told_on_failure(), _bar("Comparing") as progress:
        mapping = None if facts is None else read_mapping(facts, new)
        found = compare(old, new, history, mapping=mapping, progress=progress)
    if as_json:
        print_json(found.to_dict())
    else:
        print_comparison(old, new, found, language)


def print_mapping(policy: Policy, history: Path) -> None:
    """The mapping that a replay would use, as a file; first it is held against the history."""
    from lamplighter.policy.replay.facts import Facts

    mapping = mapping_for(policy)
    with _told_on_failure():
        if mapping.inputs or mapping.implied:
            Facts(policy, history, mapping)
    typer.echo(mapping.text, nl=False)


def chosen_mapping(policy: Policy, facts: Path | None) -> FactMapping:
    return mapping_for(policy) if facts is None else read_mapping(facts, policy)


@contextmanager
def _told_on_failure() -> Iterator[None]:
    try:
        yield
    except (HistoryError, PolicyError, ReplayError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """Show how many calls are done, on the error stream, so that --json stays clean."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(f"{what}: reading", total=None)

        def progress(done: int, total: int) -> None:
            told = what if done < total else f"{what}: working out the open questions"
            bars.update(task, completed=done, total=total, description=told)

        yield progress

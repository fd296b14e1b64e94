"""The commands under `lamplighter policy`."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from lamplighter.policy.domains import Fact
    from lamplighter.policy.model import Policy

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Read, check and try the rules that decide.",
)

PolicyArgument = Annotated[
    str, typer.Argument(metavar="POLICY", help="A policy file, or the name of one that ships.")
]
LanguageOption = Annotated[Literal["en", "es"], typer.Option(help="Language of the words.")]
HistoryArgument = Annotated[
    Path, typer.Argument(metavar="HISTORY", help="A Parquet file of `lamplighter history read`.")
]
FactsOption = Annotated[
    Path | None,
    typer.Option("--facts", help="Which facts the history tells, as `policy mapping` prints it."),
]
Engine = Literal["bitset", "duckdb", "spark"]
Form = Literal["dmn", "csv", "html", "yaml"]
OutputOption = Annotated[Path, typer.Option("--output", "-o", help="The file to write.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def show(policy: PolicyArgument, language: LanguageOption = "en") -> None:
    """Show the tables of a policy with the reason of every rule."""
    from lamplighter.policy.show import show_policy

    show_policy(_read(policy), language)


@app.command()
def check(policy: PolicyArgument, as_json: JsonOption = False) -> None:
    """Check that every call has one answer, and prove the promises; exit 1 where not."""
    with _no_collection():
        from lamplighter.policy.check import check as check_policy
        from lamplighter.policy.errors import ProofError
        from lamplighter.policy.show import print_json
        from lamplighter.policy.show_report import show_report

        try:
            report = check_policy(_read(policy))
        except ProofError as error:
            _fail(str(error))
    if as_json:
        print_json(report.to_dict())
    else:
        show_report(report, policy)
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def decide(
    policy: PolicyArgument,
    facts: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT=VALUE", help="What is known; unknown is a value too."),
    ] = None,
    final: Annotated[
        bool, typer.Option("--final", help="The questions are over: what is missing is unknown.")
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Decide a call, or say what is still open and what to ask next."""
    from lamplighter.policy.engine import decide as decide_call
    from lamplighter.policy.errors import DecisionError, FactError
    from lamplighter.policy.show import print_answer, print_json

    read = _read(policy)
    try:
        answer = decide_call(read, _facts(read, facts or []), final=final)
    except (FactError, DecisionError) as error:
        _fail(str(error))
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(read, answer, language)


@app.command()
def replay(
    policy: PolicyArgument,
    history: HistoryArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A Parquet file with a row for each call.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="What works it out; all give the same result.")
    ] = "bitset",
    facts: FactsOption = None,
    force: ForceOption = False,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Replay a policy over a history: at least and at most, and what would narrow it.

    An earlier replay's file is written anew; any other file only with --force.
    """
    from lamplighter.file_kinds import is_marked, kept_from
    from lamplighter.policy.replay.running import run_replay

    if output is not None:
        is_replay = partial(is_marked, mark="lamplighter.replay.version")
        kept = kept_from(output, "the outcomes of a replay", is_replay, force=force)
        if kept:
            _fail(kept)
    run_replay(_read(policy), history, output, engine, facts, as_json, language)


@app.command()
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A policy file, or one that ships.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The policy that would follow it.")],
    history: HistoryArgument,
    facts: FactsOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Compare two policies over a history: what a change would move from whom to whom."""
    from lamplighter.policy.replay.running import run_compare

    run_compare(_read(old), _read(new), history, facts, as_json, language)


@app.command()
def mapping(policy: PolicyArgument, history: HistoryArgument) -> None:
    """Print which facts a history tells a policy, as a file to change and give to --facts."""
    from lamplighter.policy.replay.running import print_mapping

    print_mapping(_read(policy), history)


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cycles meanwhile: it takes a seventh of a proof, whose objects have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _read(name: str) -> Policy:
    from lamplighter.policy.errors import PolicyError
    from lamplighter.policy.reader import read_policy
    from lamplighter.policy.shipped import find_policy

    try:
        return read_policy(find_policy(name))
    except (FileNotFoundError, PolicyError) as error:
        _fail(str(error))


def _facts(policy: Policy, written: list[str]) -> dict[str, Fact]:
    """`weapon=true violence=threat hour=13` as facts; what they may be, `decide` checks."""
    from lamplighter.policy.domains import UNKNOWN

    facts: dict[str, Fact] = {}
    for item in written:
        name, sign, value = item.partition("=")
        name, value = name.strip(), value.strip()
        if not sign or not name or not value:
            _fail(f"{item} is not a fact; write it as input=value.")
        if name in facts:
            _fail(f"{name} is given twice; give each input once.")
        declared = policy.inputs.get(name)
        fact: Fact = value
        if value == "unknown":
            fact = UNKNOWN
        elif declared is not None and declared.type == "boolean" and value in ("true", "false"):
            fact = value == "true"
        elif declared is not None and declared.type == "number":
            fact = _number(value)
        facts[name] = fact
    return facts


def _number(value: str) -> Fact:
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


@app.command()
def questions(
    policy: PolicyArgument,
    history: Annotated[
        Path | None,
        typer.Option(metavar="HISTORY", help="Count how often answers occur in this history."),
    ] = None,
    rates: Annotated[
        Path | None, typer.Option(metavar="RATES", help="A file of stated rates, instead.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Count the questions a call needs: mean and worst, and against asking everything."""
    from lamplighter.policy.ask import (
        RatesError,
        questions_report,
        rates_of_history,
        read_rates,
        usual_rates,
    )
    from lamplighter.policy.ask.printed import show_questions
    from lamplighter.policy.show import print_json

    read = _read(policy)
    try:
        used = read_rates(rates, read) if rates else usual_rates(read)
        if history:
            used = rates_of_history(read, history, used)
    except RatesError as error:
        _fail(str(error))
    report = questions_report(read, used)
    if as_json:
        print_json(report.to_dict())
    else:
        show_questions(report, language)


@app.command("run")
def run_model(
    model: Annotated[Path, typer.Argument(metavar="MODEL.dmn", help="A DMN model of any tool.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DECISION] [INPUT=VALUE]…",
            help="What to decide, else everything, and what is known; the rest is null.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a DMN model that another tool made."""
    from lamplighter.policy.dmn import UnknownDecision, read_model
    from lamplighter.policy.dmn.printed import now, printed, read_inputs
    from lamplighter.policy.errors import FactError, PolicyError

    given = list(words or [])
    asked = [given.pop(0)] if given and "=" not in given[0] else []
    try:
        read = read_model(model)
        inputs = read_inputs(read, given, *asked)
        asked = asked or [decision.name for decision in read.decisions]
        answers = {name: read.answer(name, inputs, now=now()) for name in asked}
    except (PolicyError, FactError, UnknownDecision) as error:
        _fail(str(error))
    typer.echo(printed(answers, for_programs=as_json))


@app.command()
def export(
    policy: PolicyArgument,
    to: Annotated[Form, typer.Option(help="DMN 1.5, a sheet, a page for the public, or YAML.")],
    output: OutputOption,
    force: ForceOption = False,
    language: LanguageOption = "en",
) -> None:
    """Write a policy for other programs and for people."""
    from lamplighter.policy.exchange import ExchangeError, exported, write_whole

    read = _read(policy)
    try:
        write_whole(output, exported(read, to, language), force=force)
    except ExchangeError as error:
        _fail(str(error))
    typer.echo(f"{output}: {read.name}, version {read.version}, {read.content_hash}")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .dmn, .csv, .xlsx or .yaml file.")
    ],
    output: OutputOption,
    force: ForceOption = False,
) -> None:
    """Read a policy that another program wrote, and write it as a policy file."""
    from lamplighter.policy.errors import PolicyError
    from lamplighter.policy.exchange import ExchangeError, exported, imported, write_whole

    try:
        read = imported(file)
        write_whole(output, exported(read, "yaml"), force=force)
    except (PolicyError, ExchangeError) as error:
        _fail(str(error))
    typer.echo(f"{output}: {read.name}, version {read.version}, {read.content_hash}")

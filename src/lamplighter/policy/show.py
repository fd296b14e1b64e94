"""Shows policies, reports and decisions in a terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from lamplighter.policy.decision import Decision, Open
from lamplighter.policy.domains import Result, format_value
from lamplighter.policy.model import Input, Policy, Table


def print_json(content: dict[str, Any]) -> None:
    """Plain JSON, with nothing that a program would stumble over."""
    print(json.dumps(content, ensure_ascii=False, indent=2))  # noqa: T201


def show_policy(policy: Policy, language: str) -> None:
    """The inputs, and each table with its rules and reasons."""
    console = Console()
    console.print(Text(policy.title.in_language(language), style="bold"))
    console.print(
        f"{escape(policy.name)}, version {escape(policy.version)}, "
        f"{len(policy.inputs)} inputs, {sum(len(t.rules) for t in policy.tables)} rules"
    )
    if policy.about.en:
        console.print(Text(policy.about.in_language(language)))
    console.print()
    console.print(_inputs(policy, language))
    for table in policy.tables:
        console.print()
        console.print(_table(policy, table, language))
    if policy.promises:
        console.print()
        console.print(_promises(policy, language))


def _inputs(policy: Policy, language: str) -> Grid:
    grid = Grid(title="Inputs, in the order of asking", title_justify="left", show_lines=True)
    for heading in ("input", "question", "values", "when unknown"):
        grid.add_column(heading, overflow="fold")
    for declared in policy.inputs.values():
        question = declared.ask or declared.label
        grid.add_row(
            Text(declared.name, style="bold"),
            Text(question.in_language(language)),
            Text(_values(declared)),
            Text(_unknown(declared)),
        )
    return grid


def _values(declared: Input) -> str:
    values = declared.domain.values
    if len(values) > 8:
        return f"{', '.join(values[:4])}, … ({len(values)} in all)"
    return ", ".join(values) if values else str(declared.domain)


def _unknown(declared: Input) -> str:
    if declared.always_known:
        return "must be known"
    if declared.when_unknown is None:
        return "stays unknown"
    return f"taken for {format_value(declared.when_unknown)}"


def _table(policy: Policy, table: Table, language: str) -> Grid:
    how = "the first rule that fits decides" if table.hit == "first" else "exactly one rule fits"
    grid = Grid(
        title=f"{escape(table.title.in_language(language))} ({table.name}: {how})",
        title_justify="left",
        show_lines=True,
    )
    for heading in ("", "rule", "when", "then", "because (source)"):
        grid.add_column(heading, overflow="fold")
    for number, rule in enumerate(table.rules, 1):
        when = "\n".join(f"{name}: {cell.text}" for name, cell in rule.when.items())
        then = "\n".join(f"{name} = {format_value(value)}" for name, value in rule.then.items())
        because = Text(rule.because.in_language(language))
        because.append(f"\n({rule.source})", style="dim")
        grid.add_row(
            str(number), Text(rule.id, style="bold"), Text(when or "any call"), Text(then), because
        )
    return grid


def _promises(policy: Policy, language: str) -> Grid:
    grid = Grid(title="Promises", title_justify="left", show_lines=True)
    for heading in ("promise", "says", "never"):
        grid.add_column(heading, overflow="fold")
    for promise in policy.promises:
        grid.add_row(
            Text(promise.id, style="bold"),
            Text(promise.says.in_language(language)),
            Text(promise.never),
        )
    return grid


def print_answer(policy: Policy, answer: Decision | Open, language: str) -> None:
    """A decision with its reasons, or what is possible and what to ask."""
    console = Console(highlight=False, soft_wrap=True)
    if isinstance(answer, Decision):
        for name, value in answer.outcome.items():
            console.print(_labelled(policy, name, value, language))
        for hit in answer.hits:
            console.print(Text(f"{hit.table}, rule {hit.rule}: ", style="dim"), end="")
            console.print(Text(f"{hit.because.in_language(language)} ({hit.source})"))
        console.print(Text(f"used: {', '.join(answer.used) or 'no fact'}", style="dim"))
        if answer.unknown:
            console.print(Text(f"unknown: {', '.join(answer.unknown)}", style="dim"))
        return
    asked = policy.inputs[answer.ask]
    question = (asked.ask or asked.label).in_language(language)
    console.print(Text(f"Open: {len(answer.possible)} outcomes are still possible."))
    for name in policy.outcome:
        values = dict.fromkeys(format_value(outcome[name]) for outcome in answer.possible)
        console.print(Text(f"  {name}: {', '.join(values)}"))
    console.print(Text(f"Ask next: {question} ({answer.ask})", style="bold"))
    console.print(Text(f"Can still matter: {', '.join(answer.can_matter)}", style="dim"))


def _labelled(policy: Policy, name: str, value: Result, language: str) -> Text:
    output = policy.output(name)
    text = Text(f"{output.label.in_language(language)}: ")
    label = next((v.label for v in output.values if v.value == value), None)
    shown = format_value(value)
    if label is None or label.in_language(language) == shown:
        return text.append(shown, style="bold")
    text.append(label.in_language(language), style="bold")
    return text.append(f" ({shown})", style="dim")

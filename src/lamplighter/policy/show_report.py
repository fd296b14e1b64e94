"""Shows the report of a check in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from lamplighter.policy.domains import format_value
from lamplighter.policy.report import PromiseResult, Report, known_facts


def show_report(report: Report, path: str) -> None:
    """The findings, one line each promise, and what was checked.

    `path` is the policy as the user named it, so that a call can be tried by copy and paste.
    """
    console = Console(highlight=False, soft_wrap=True)
    policy = report.policy
    for finding in report.findings:
        word, style = ("fails", "bold red") if finding.fails else ("note", "yellow")
        text = Text(f"{word}  ", style=style)
        text.append(finding.message + ".", style="default")
        console.print(text)
    for result in report.promises:
        _show_promise(console, result, path)
    rules = sum(len(table.rules) for table in policy.tables)
    console.print(
        f"{escape(policy.name)}, version {escape(policy.version)}: {len(policy.inputs)} inputs, "
        f"{len(policy.tables)} tables, {rules} rules; {_summary(report)}."
    )


def _show_promise(console: Console, result: PromiseResult, path: str) -> None:
    word, style = {
        "proved": ("proved", "green"),
        "refuted": ("BROKEN", "bold red"),
        "contradictory": ("CONTRADICTORY", "bold red"),
    }[result.status]
    text = Text(f"{word}  ", style=style)
    text.append(f"{result.promise.id}: {result.promise.says.en}", style="default")
    console.print(text)
    if result.call is None:
        return
    if result.status == "contradictory":
        console.print(Text(f"        {result.message}."))
        return
    console.print(
        Text(f"        lamplighter policy decide {path} {known_facts(result.call)} --final")
    )
    if result.actual:
        console.print(Text(f"        in truth: {known_facts(result.actual)}"))
    answer = ", ".join(f"{name} {format_value(value)}" for name, value in result.outputs.items())
    console.print(Text(f"        rules {', '.join(result.rules)}: {answer}"))
    if result.asked:
        console.print(Text(f"        {_told_asked(result)}"))


def _told_asked(result: PromiseResult) -> str:
    return "; ".join(
        f"{name} must be asked about" if needed else f"{name} need not be asked about"
        for name, needed in result.asked.items()
    )


def _summary(report: Report) -> str:
    failures = sum(finding.fails for finding in report.findings)
    broken = sum(result.fails for result in report.promises)
    parts = [_counted(failures, "failure") if failures else "every call has one answer"]
    if broken:
        parts.append(f"{_counted(broken, 'promise')} broken")
    elif report.promises:
        parts.append(f"{_counted(len(report.promises), 'promise')} proved")
    return ", ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

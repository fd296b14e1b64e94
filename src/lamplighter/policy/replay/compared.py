"""Shows a comparison in a terminal: what moves from whom to whom, and what was changed."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from lamplighter.policy.domains import Fact, Result, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.changes import Change, Detail, PromiseChange
from lamplighter.policy.replay.comparison import Comparison, Example, Flow, MovedGroup
from lamplighter.policy.replay.printed import label_of, named, share

_BAR = 24
_MOST_ROWS = 12
_MOST_HOURS = 24
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_STYLES = {"added": "green", "removed": "red", "changed": "yellow"}
_PROMISES = {
    "gained": ("+", "green", "gained"),
    "lost": ("-", "red", "lost"),
    "changed": ("~", "yellow", "says something else"),
    "still broken": ("!", "red", "still broken"),
}


def print_comparison(old: Policy, new: Policy, found: Comparison, language: str = "en") -> None:
    """The changes, the promises, the flows with examples, and where and when calls move."""
    console = Console(highlight=False)
    console.print(_heading(new, found, language))
    console.print()
    _print_changes(console, found)
    _print_promises(console, found)
    if not found.calls:
        console.print("There is no call to compare.")
        return
    console.print()
    console.print(_counts(found))
    if found.flows:
        console.print()
        console.print(_flows(new, old, found, language))
        for flow in found.flows[:_MOST_ROWS]:
            for example in flow.examples[:1]:
                console.print(_example(new, flow, example))
        for name, groups in found.by.items():
            moved = [one for one in groups if one.moves or one.may_move]
            if any(group.label is not None for group in moved):
                console.print()
                console.print(_groups(new, name, moved, language))
    for name, words in found.not_understood.items():
        shown = ", ".join(f"{word} ({calls:,})" for word, calls in list(words.items())[:5])
        console.print(Text(f"No value of {name} in both: {shown}.", style="yellow"))


def _heading(new: Policy, found: Comparison, language: str) -> Text:
    old, now = found.old, found.new
    text = Text(new.title.in_language(language), style="bold")
    text.append(f"\nold: {old['policy']}, version {old['version']} ({old['content_hash'][:12]})")
    text.append(f"\nnew: {now['policy']}, version {now['version']} ({now['content_hash'][:12]})")
    text.append(f"\nover {found.history} ({found.city})", style="dim")
    return text


def _print_changes(console: Console, found: Comparison) -> None:
    if not found.changes:
        console.print("The policies say the same.")
    for change in found.changes:
        console.print(_change(change))


def _change(change: Change) -> Text:
    style = _STYLES[change.kind]
    where = f" of table {change.table}" if change.table else ""
    text = Text(f"{_SIGNS[change.kind]} {change.part} {change.name}{where}", style=style)
    text.append(f" {change.kind}", style="dim")
    for detail in change.details:
        text.append(f"\n    {_detail(detail)}", style="default")
    return text


def _detail(detail: Detail) -> str:
    if detail.before is None:
        return f"{detail.field}: {detail.after}"
    if detail.after is None:
        return f"{detail.field} was: {detail.before}"
    return f"{detail.field}: {detail.before} → {detail.after}"


def _print_promises(console: Console, found: Comparison) -> None:
    for promise in found.promises:
        if promise.kind in _PROMISES:
            console.print(_promise(promise))
    kept = sum(promise.kind == "kept" for promise in found.promises)
    if found.promises:
        said = "promise is kept as it was" if kept == 1 else "promises are kept as they were"
        console.print(Text(f"{kept} {said}.", style="dim"))


def _promise(promise: PromiseChange) -> Text:
    sign, style, word = _PROMISES[promise.kind]
    text = Text(f"{sign} promise {promise.id} {word}", style=style)
    text.append(f": {promise.says}", style="default")
    before, after = promise.before or "not stated", promise.after or "not stated"
    if before != after:
        text.append(f" ({before} → {after})", style="dim")
    return text


def _counts(found: Comparison) -> Text:
    calls = found.calls
    text = Text(f"{calls:,} calls", style="bold")
    for starter, left in found.left_out.items():
        who = "officers started" if starter == "officer" else f"were started by: {starter}"
        text.append(f"; {left:,} that {who} are left out", style="not bold")
    text.append(
        f".\n{found.main_output}: {share(found.moves, calls)} move for certain, "
        f"{share(found.may_move, calls)} may move, {share(found.stay, calls)} stay.",
        style="not bold",
    )
    text.append(
        f"\nThe whole outcome: {share(found.outcome_moves, calls)} change for certain, "
        f"{share(found.outcome_may_move, calls)} may change.",
        style="not bold",
    )
    if found.not_decided:
        text.append(
            f"\n{found.not_decided:,} calls may have no answer in one of the policies and are not "
            "compared: run `lamplighter policy check`.",
            style="red",
        )
    if found.unsure:
        text.append(
            f"\n{found.unsure:,} calls can end in more ways than could be followed: not all that "
            "may move can.",
            style="yellow",
        )
    return text


def _flows(new: Policy, old: Policy, found: Comparison, language: str) -> Grid:
    grid = Grid(title="From whom to whom", title_justify="left", box=None)
    grid.add_column("before")
    grid.add_column("")
    grid.add_column("after")
    grid.add_column("at least", justify="right")
    grid.add_column("at most", justify="right")
    grid.add_column("█ for certain  ░ possible", no_wrap=True)
    most = max(flow.at_most for flow in found.flows)
    for flow in found.flows[:_MOST_ROWS]:
        certain = round(_BAR * flow.at_least / most)
        bar = Text("█" * certain, style="green")
        bar.append("░" * (max(round(_BAR * flow.at_most / most), 1) - certain), style="cyan")
        grid.add_row(
            Text(_value(old, new, found.main_output, flow.before, language)),
            "→",
            Text(_value(new, old, found.main_output, flow.after, language)),
            f"{flow.at_least:,}",
            f"{flow.at_most:,}",
            bar,
        )
    return grid


def _value(policy: Policy, other: Policy, output: str, value: Result, language: str) -> str:
    """The label of a value in the policy that has the output."""
    return named(policy if output in policy.outcome else other, output, value, language)


def _example(new: Policy, flow: Flow, example: Example) -> Text:
    arrow = f"{format_value(flow.before)} → {format_value(flow.after)}"
    text = Text(f"{arrow}: for example call {example.id}", style="dim")
    if example.facts:
        text.append(f", {_facts(example.facts)}")
    if example.if_also:
        text.append(f", if {_facts(example.if_also)}")
    return text


def _facts(facts: Mapping[str, Fact]) -> str:
    return " ".join(f"{name}={format_value(fact)}" for name, fact in facts.items())


def _groups(policy: Policy, name: str, groups: list[MovedGroup], language: str) -> Grid:
    shown = groups[: _MOST_HOURS if name == "hour" else _MOST_ROWS]
    left = f" (the first {len(shown)} of {len(groups)})" if len(shown) < len(groups) else ""
    grid = Grid(title=escape(f"By {name}{left}"), title_justify="left", box=None)
    grid.add_column(name)
    for heading in ("calls", "move", "may move"):
        grid.add_column(heading, justify="right")
    grid.add_column("mostly")
    for group in shown:
        flow = group.flows[0] if group.flows else None
        grid.add_row(
            Text(label_of(policy, name, group.label, language)),
            f"{group.calls:,}",
            f"{group.moves:,}",
            f"{group.may_move:,}",
            Text(f"{format_value(flow.before)} → {format_value(flow.after)}" if flow else ""),
        )
    return grid

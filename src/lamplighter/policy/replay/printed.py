"""Shows a replay in a terminal: bounds as bars, and which questions would narrow them."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid
from rich.text import Text

from lamplighter.policy.domains import Result, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.result import Bounds, CallGroup, OutputBounds, Question, Replay

_BAR = 30
_MOST_ROWS = 12
_MOST_VALUES = 4
_OFTEN = 5


def print_replay(policy: Policy, replay: Replay, language: str = "en") -> None:
    """The bounds, by whom and when, the open questions, and what was left out."""
    console = Console(highlight=False)
    console.print(_heading(policy, replay, language))
    if not replay.calls:
        console.print("There is no call to replay.")
        return
    for output in replay.outputs[:1]:
        console.print()
        console.print(_bounds(policy, replay, output, language))
        console.print(Text(_sentence(policy, replay, output, language)))
    for output in replay.outputs[1:]:
        console.print(Text(_in_short(replay, output), style="dim"))
    for name, groups in replay.by.items():
        if any(group.label is not None for group in groups):
            console.print()
            console.print(_groups(policy, replay, name, groups, language))
    console.print()
    _print_questions(console, policy, replay, language)
    for name, words in replay.not_understood.items():
        shown = ", ".join(f"{word} ({calls:,})" for word, calls in list(words.items())[:_OFTEN])
        console.print(Text(f"No value of {name}, so taken as not asked: {shown}.", style="yellow"))
    if replay.output:
        console.print(Text(f"A row for each call is in {replay.output}."))


def _heading(policy: Policy, replay: Replay, language: str) -> Text:
    text = Text(policy.title.in_language(language), style="bold")
    text.append(
        f"\n{replay.policy}, version {replay.version}, over {replay.history} ({replay.city})",
        style="dim",
    )
    text.append(f"\n{replay.calls:,} calls", style="bold")
    for starter, calls in replay.left_out.items():
        who = "officers started" if starter == "officer" else f"were started by: {starter}"
        text.append(f"; {calls:,} that {who} are left out", style="not bold")
    text.append(f". Decided by what the history tells: {share(replay.decided, replay.calls)}", "")
    text.append(f"; open: {share(replay.opened, replay.calls)}.", "")
    if replay.failed or replay.may_fail:
        text.append(
            f"\n{replay.failed:,} calls have no answer and {replay.may_fail:,} have none for some "
            "facts: run `lamplighter policy check` and mend the policy.",
            style="red",
        )
    if replay.unsure:
        text.append(
            f"\n{replay.unsure:,} calls can end in more ways than could be followed: their bounds "
            "hold, and may be narrower in truth.",
            style="yellow",
        )
    return text


def _bounds(policy: Policy, replay: Replay, output: OutputBounds, language: str) -> Grid:
    label = policy.output(output.output).label.in_language(language)
    grid = Grid(title=escape(f"{label}: share of the calls"), title_justify="left", box=None)
    grid.add_column()
    grid.add_column("at least", justify="right")
    grid.add_column("at most", justify="right")
    grid.add_column("█ for certain  ░ possible", no_wrap=True)
    for one in output.bounds:
        grid.add_row(
            Text(named(policy, output.output, one.value, language)),
            share(one.at_least, replay.calls),
            share(one.at_most, replay.calls),
            _bar(one, replay.calls),
        )
    return grid


def _bar(one: Bounds, calls: int) -> Text:
    certain = round(_BAR * one.at_least / calls)
    most = round(_BAR * one.at_most / calls)
    bar = Text("█" * certain, style="green")
    return bar.append("░" * (most - certain), style="cyan")


def _sentence(policy: Policy, replay: Replay, output: OutputBounds, language: str) -> str:
    """The bounds of the value about which the history leaves most open, said in words."""
    widest = max(output.bounds, key=lambda one: one.at_most - one.at_least)
    named_value = named(policy, output.output, widest.value, language)
    verb = "go to" if output.output == "responder" else f"get {output.output}"
    return (
        f"At least {share(widest.at_least, replay.calls)}, at most "
        f"{share(widest.at_most, replay.calls)} of calls could {verb} {named_value}."
    )


def _in_short(replay: Replay, output: OutputBounds) -> str:
    shown = ", ".join(
        f"{format_value(one.value)} {_range(one, replay.calls)}" for one in output.bounds
    )
    return f"{output.output}: {shown}"


def _groups(
    policy: Policy, replay: Replay, name: str, groups: tuple[CallGroup, ...], language: str
) -> Grid:
    """Each label with its calls and the bounds of the values that come up most."""
    most = sorted(replay.outputs[0].bounds, key=lambda one: -one.at_most)[:_MOST_VALUES]
    shown = groups if name in ("hour", "weekday") else groups[:_MOST_ROWS]
    left = (
        f" (the {_MOST_ROWS} with most calls of {len(groups)})" if len(shown) < len(groups) else ""
    )
    grid = Grid(title=f"By {name}{left}", title_justify="left", box=None)
    grid.add_column(name)
    grid.add_column("calls", justify="right")
    grid.add_column("", no_wrap=True)
    grid.add_column("decided", justify="right")
    for one in most:
        grid.add_column(escape(format_value(one.value)), justify="right", overflow="fold")
    largest = max(group.calls for group in groups)
    for group in shown:
        found = {one.value: one for one in group.bounds}
        cells = [
            _range(found[one.value], group.calls) if one.value in found else "–" for one in most
        ]
        grid.add_row(
            Text(label_of(policy, name, group.label, language)),
            f"{group.calls:,}",
            Text("▇" * max(round(10 * group.calls / largest), 1), style="blue"),
            share(group.decided, group.calls),
            *cells,
        )
    return grid


def label_of(policy: Policy, name: str, label: str | None, language: str) -> str:
    """The label of a nature, hour, weekday or area as people read it."""
    if label is None:
        return "(not told)"
    declared = policy.inputs.get(name)
    for choice in declared.values if declared else ():
        if choice.value == label:
            return choice.label.in_language(language)
    return label


def _print_questions(console: Console, policy: Policy, replay: Replay, language: str) -> None:
    questions = replay.questions
    useful = [one for one in questions.alone if one.closes > 0]
    if not useful:
        return
    grid = Grid(
        title="What would close the gap between at least and at most",
        title_justify="left",
        box=None,
    )
    grid.add_column("question", overflow="fold")
    grid.add_column("not asked in", justify="right")
    grid.add_column("closes", justify="right")
    grid.add_column("", no_wrap=True)
    for one in useful[:_MOST_ROWS]:
        grid.add_row(
            Text(_question(policy, one, language)),
            share(one.calls, replay.calls),
            f"{one.closes:.0%}",
            Text("█" * round(_BAR * one.closes), style="green"),
        )
    console.print(grid)
    if len(questions.together) > 1:
        names = [one.input for one in questions.together]
        console.print(
            Text(
                f"Together {', '.join(names[:-1])} and {names[-1]} close "
                f"{questions.together[-1].closes:.0%} of it, taking each answer for equally likely."
            )
        )
    if questions.examined < 1:
        console.print(
            Text(
                f"Looked at {questions.examined:.0%} of the open calls, the commonest facts first."
            )
        )


def _question(policy: Policy, one: Question, language: str) -> str:
    declared = policy.inputs[one.input]
    return f"{(declared.ask or declared.label).in_language(language)} ({one.input})"


def named(policy: Policy, output: str, value: Result, language: str) -> str:
    """The label of a value of an output, else the value itself."""
    for choice in policy.output(output).values:
        if choice.value == value:
            return choice.label.in_language(language)
    return format_value(value)


def share(part: int, whole: int) -> str:
    """A part of the calls in percent, finer near nothing and near all."""
    if not whole:
        return "0%"
    share = 100 * part / whole
    return f"{share:.1f}%" if 0 < share < 10 or 90 < share < 100 else f"{share:.0f}%"


def _range(one: Bounds, calls: int) -> str:
    least, most = round(100 * one.at_least / calls), round(100 * one.at_most / calls)
    return f"{least}%" if least == most else f"{least}–{most}%"

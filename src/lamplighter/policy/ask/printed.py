"""Shows a report of questions in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from lamplighter.policy.ask.report import GroundQuestions, QuestionsReport
from lamplighter.policy.domains import Value, format_value
from lamplighter.policy.model import Policy

_BAR = 20


def show_questions(report: QuestionsReport, language: str = "en") -> None:
    """The mean and the worst, by ground, and what is asked most."""
    console = Console(highlight=False)
    policy = report.policy
    after = f" once {report.ground} is known" if report.ground else ""
    console.print(Text(f"{policy.title.in_language(language)}: questions{after}", style="bold"))
    console.print(Text(f"{policy.name}, version {policy.version}. Rates: {report.rates}."))
    console.print()
    console.print(_overall(report))
    if report.ground:
        console.print()
        console.print(_by_ground(report, language))
    console.print()
    console.print(_asked(report, language))
    console.print()
    for note in _notes(report):
        console.print(Text(note, style="dim"))


def _grid(title: str, *headings: str) -> Grid:
    grid = Grid(title=title, title_justify="left", box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        number = heading in ("mean", "worst", "share", "in order")
        grid.add_column(heading, justify="right" if number else "left", no_wrap=number)
    return grid


def _overall(report: QuestionsReport) -> Grid:
    grid = _grid("", "questions a call", "mean", "worst")
    grid.title = None
    planned, in_order = report.planned, report.in_order
    grid.add_row(
        Text("as planned", style="bold"),
        Text(f"{planned.mean:.2f}", style="bold"),
        Text(str(planned.worst), style="bold"),
    )
    grid.add_row("in the policy's order", f"{in_order.mean:.2f}", str(in_order.worst))
    grid.add_row("asking everything", f"{report.all:.2f}", str(report.all))
    return grid


def _by_ground(report: QuestionsReport, language: str) -> Grid:
    assert report.ground is not None
    grid = _grid(f"By {report.ground}", report.ground, "share", "mean", "worst", "", "in order")
    longest = max((one.planned.mean for one in report.by_ground), default=0.0)
    for one in report.by_ground:
        grid.add_row(
            _value(report, one, language),
            _percent(one.share),
            f"{one.planned.mean:.2f}",
            str(one.planned.worst),
            _bar(one.planned.mean, longest),
            f"{one.in_order.mean:.2f}",
        )
    return grid


def _asked(report: QuestionsReport, language: str) -> Grid:
    grid = _grid("What is asked, and in how many calls", "input", "share", "", "question")
    often = max((one.planned for one in report.asked), default=0.0)
    for one in report.asked:
        grid.add_row(
            one.name,
            _percent(one.planned),
            _bar(one.planned, often),
            Text(_question(report.policy, one.name, language)),
        )
    return grid


def _notes(report: QuestionsReport) -> list[str]:
    notes = [
        "Planned: what must be known, then safety questions in the policy's order, then what "
        "leads to the fewest questions. In order: the policy's own order, leaving out what "
        "cannot matter.",
        "Answers are taken to be independent of each other"
        + (f", given {report.ground}." if report.ground else "."),
    ]
    silent = [one.name for one in report.asked if report.policy.inputs[one.name].ask is None]
    if silent:
        notes.append(
            f"Without a question, looked up, and counted all the same: {', '.join(silent)}."
        )
    if not all(one.exact_plan for one in report.by_ground):
        notes.append("The policy is too large for the fewest to be proved; the plan is greedy.")
    if report.drawn:
        notes.append(
            f"This is a sample: the policy is too large to follow, so {report.drawn} calls were "
            f"drawn at these rates. The true means lie within {report.planned.margin:.2f} "
            f"(planned) and {report.in_order.margin:.2f} (in order) of those shown, 95 times of "
            "100; worst is of those drawn. Planned is what leaves the fewest rules."
        )
    elif not report.counted:
        notes.append(
            "Interviews were drawn at random, too many to follow; worst is of those drawn. The "
            f"true mean lies within {report.planned.margin:.2f} of the one shown, 95 times of 100."
        )
    return notes


def _value(report: QuestionsReport, one: GroundQuestions, language: str) -> Text:
    if one.value is None or report.ground is None:
        return Text("any")
    for choice in report.policy.inputs[report.ground].values:
        if choice.value == one.value:
            return Text(choice.label.in_language(language))
    return Text(format_value(one.value))


def _question(policy: Policy, name: str, language: str) -> str:
    declared = policy.inputs[name]
    return (declared.ask or declared.label).in_language(language)


def _percent(share: Value) -> str:
    shown = f"{float(share) * 100:.1f}"
    return "under 0.1%" if shown == "0.0" and share else f"{shown}%"


def _bar(value: float, longest: float) -> Text:
    """A bar of eighths of a character; what is not nothing shows."""
    eighths = round(value / longest * _BAR * 8) if longest else 0
    if value > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return Text("█" * whole + ("" if not rest else " ▏▎▍▌▋▊▉"[rest]), style="yellow")

"""What `lamplighter play` shows: one live picture on a terminal, plain lines elsewhere."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from lamplighter.rehearsal.play import PlayReport

LATEST = 8


class Screen(Protocol):
    """Where a play tells what it does."""

    def begin(self, report: PlayReport, city: str, speed: float) -> None: ...
    def tell(self, text: str) -> None: ...
    def waiting(self, text: str) -> None: ...
    def problem(self, text: str) -> None: ...


@contextmanager
def open_screen() -> Iterator[Screen]:
    """A screen for as long as a play lasts; at its end the sum of what was played stays."""
    console = Console(highlight=False)
    if not console.is_terminal:
        lines = _Lines(console)
        yield lines
        lines.end()
        return
    picture = _Picture(console)
    with picture.live:
        yield picture
        picture.end()


class _Lines:
    """A line for each thing that happens."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._report: PlayReport | None = None
        self._moved = False

    def begin(self, report: PlayReport, city: str, speed: float) -> None:
        self._report = report
        self.tell(_title(city, speed))

    def tell(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)
        if self._report is not None and self._report.moved and not self._moved:
            self._moved = True
            self.tell(_said_of_moved())

    waiting = problem = tell

    def end(self) -> None:
        if self._report is not None:
            self.tell(_sum(self._report))


class _Picture:
    """The counts and the latest lines, redrawn as they change."""

    def __init__(self, console: Console) -> None:
        self._latest: deque[str] = deque(maxlen=LATEST)
        self._report: PlayReport | None = None
        self._title = ""
        self.live = Live(console=console, refresh_per_second=4)

    def begin(self, report: PlayReport, city: str, speed: float) -> None:
        self._report, self._title = report, _title(city, speed)
        self._draw()

    def tell(self, text: str) -> None:
        self._latest.append(text)
        self._draw()

    waiting = tell

    def problem(self, text: str) -> None:
        self.live.console.print(text, style="red", markup=False, soft_wrap=True)

    def end(self) -> None:
        self._latest.clear()
        self._draw()

    def _draw(self) -> None:
        if self._report is None:
            return
        parts: list[Text | Table] = [Text(self._title, style="bold"), Text(_sum(self._report))]
        if self._report.moved:
            parts.append(Text(_said_of_moved(), style="yellow"))
        if self._report.responders:
            parts.append(_responders(self._report))
        parts += [Text(line, style="dim") for line in self._latest]
        self.live.update(Group(*parts))


def _title(city: str, speed: float) -> str:
    return f"Playing calls of {city}, {speed:g} times as fast; all marked as simulated."


def _said_of_moved() -> str:
    return "Calls from outside this city are put on its own streets, at addresses that are drawn."


def _sum(report: PlayReport) -> str:
    parts = [
        f"{report.calls:,} calls taken",
        f"{report.questions:,} questions asked",
        f"{report.units_sent:,} units sent",
        f"{report.cleared:,} cleared",
    ]
    if report.moved:
        parts.append(f"{report.moved:,} moved into this city")
    parts += [f"{count:,} skipped ({why})" for why, count in report.skipped.items()]
    parts += [f"{count:,} refused ({why})" for why, count in report.refused.items()]
    return "; ".join(parts) + "."


def _responders(report: PlayReport) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for responder, count in report.responders.most_common(5):
        table.add_row(responder.replace("_", " "), f"{count:,}")
    return table

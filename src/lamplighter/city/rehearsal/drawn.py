"""The report's figures as pages show them: words, a wide and a narrow picture, a table."""

from dataclasses import dataclass

from lamplighter.pictures import Frame
from lamplighter.rehearsal.report.figure import HALF, NARROW, WIDE, Figure
from lamplighter.rehearsal.report.say import Say


@dataclass(frozen=True)
class Drawn:
    """A picture with what it says. `wide`, `narrow` and `table` are HTML of the library's own."""

    key: str
    title: str
    finding: str
    note: str
    wide: str
    narrow: str
    table: str
    half: bool


def draw(figure: Figure, say: Say) -> Drawn:
    """A figure in one language."""
    title, finding = say.of(figure.sheet.title), say.of(figure.finding)

    def picture(width: int, kind: str) -> str:
        return figure.draw(say, Frame(f"{figure.sheet.key}-{kind}", title, finding, width))

    return Drawn(
        key=figure.sheet.key,
        title=title,
        finding=finding,
        note=say.of(figure.note),
        wide=picture(HALF if figure.half else WIDE, "wide"),
        narrow=picture(NARROW, "narrow"),
        table=figure.sheet.html(say),
        half=figure.half,
    )

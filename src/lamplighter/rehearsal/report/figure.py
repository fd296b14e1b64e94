"""A picture on the page: what it shows in a sentence, drawn wide and narrow, its table beneath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from lamplighter.pictures import Frame
from lamplighter.policy.model import Words
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.sheet import Sheet

WIDE, NARROW, HALF = 720, 340, 480


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the table behind it.

    `finding` is the sentence above the picture that says what is to be seen, `note` how to read
    it. `draw` gives the picture for a language and a frame, whose width is as the page has room.
    """

    sheet: Sheet
    finding: Words
    note: Words
    draw: Callable[[Say, Frame], str]
    half: bool = False

    def html(self, say: Say) -> str:
        """The figure for the page."""
        wide = self._drawn(say, HALF if self.half else WIDE, "wide")
        narrow = self._drawn(say, NARROW, "narrow")
        key = self.sheet.key
        files = " · ".join(
            f'<a href="tables/{key}.{ending}" download>{name}</a>'
            for ending, name in (("csv", "CSV"), ("parquet", "Parquet"))
        )
        told = say("The table behind this picture", "La tabla detrás de esta imagen")
        title = escape(say.of(self.sheet.title))
        return (
            f'<figure id="{say.language}-of-{key}" class="{"half" if self.half else "full"}">'
            f'<figcaption><p class="soft kicker">{title}</p>'
            f"<h3>{escape(say.of(self.finding))}</h3>"
            f'<p class="soft">{escape(say.of(self.note))}</p></figcaption>'
            f'<div class="drawing"><div class="wide">{wide}</div>'
            f'<div class="narrow">{narrow}</div></div>'
            f'<div class="behind"><details><summary>{told}'
            f'<span class="only-read">: {title}</span></summary>'
            f"{self.sheet.html(say)}</details>"
            f'<p class="files soft">{say("Data", "Datos")}: {files}</p></div></figure>\n'
        )

    def _drawn(self, say: Say, width: int, kind: str) -> str:
        key = f"{say.language}-{self.sheet.key}-{kind}"
        return self.draw(say, Frame(key, say.of(self.sheet.title), say.of(self.finding), width))

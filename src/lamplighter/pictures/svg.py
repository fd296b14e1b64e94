"""The frame of a picture, and the few SVG parts that all pictures use."""

from collections.abc import Iterable
from html import escape

WIDTH = 520.0
LINE = 18.0


def picture(name: str, title: str, about: str, height: float, parts: Iterable[str]) -> str:
    """Return the SVG of a picture; `name` makes its ids, so it must be its own on a page."""
    body = "".join(parts)
    return (
        f'<svg class="picture" viewBox="0 0 {number(WIDTH)} {number(height)}" role="img" '
        f'aria-labelledby="{name}-title {name}-about" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-about">{escape(about)}</desc>{body}</svg>'
    )


def number(value: float) -> str:
    """Return a length as short as may be.

    >>> number(12.0), number(3.14159)
    ('12', '3.1')
    """
    return f"{value:.1f}".removesuffix(".0")


def text(x: float, y: float, words: str, *, css: str = "", anchor: str = "start") -> str:
    """Return a line of text whose baseline is at y."""
    shown = f' class="{css}"' if css else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{number(x)}" y="{number(y)}"{shown}{place}>{escape(words)}</text>'


def box(
    x: float, y: float, width: float, height: float, css: str, *, told: str = "", round_: float = 0
) -> str:
    """Return a rectangle; `told` is what a pointer that rests on it shows."""
    corner = f' rx="{number(round_)}"' if round_ else ""
    return (
        f'<rect class="{css}" x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" '
        f'height="{number(height)}"{corner}>{_told(told)}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """Return a straight line."""
    return (
        f'<line class="{css}" x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" '
        f'y2="{number(y2)}"/>'
    )


def path(points: str, css: str, *, told: str = "") -> str:
    """Return a path; holes are holes."""
    return f'<path class="{css}" fill-rule="evenodd" d="{points}">{_told(told)}</path>'


def shortened(words: str, most: int) -> str:
    """Return words that fit into so many characters.

    >>> shortened("Trouble with subject", 12)
    'Trouble wit…'
    """
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def hatch(name: str) -> str:
    """Return the pattern for what is not known, to be used as `url(#NAME-hatch)`."""
    return (
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<rect class="hatch-line" width="1.5" height="6"/></pattern></defs>'
    )


def _told(words: str) -> str:
    return f"<title>{escape(words)}</title>" if words else ""

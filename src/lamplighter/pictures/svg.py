"""The ground of every picture: shapes, text that fits, scales, as inline SVG without scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

SMALL = 12.0  # the size of all writing in pictures, in the units of the drawing
_LETTER = 0.56  # mean width of a letter of it, as a share of the size


@dataclass(frozen=True, slots=True)
class Frame:
    """What every picture has: a key that is unique on its page, a title, a description, a width.

    A picture is drawn for its width, so that its writing is as large on a phone as on a desk.
    """

    key: str
    title: str
    about: str
    width: int = 720


def drawn(frame: Frame, height: float, *body: str, style: str = "") -> str:
    """The picture as an SVG element; its title and description are read aloud."""
    key = escape(frame.key)
    classes = f"picture {style}".strip()
    return (
        f'<svg class="{classes}" viewBox="0 0 {frame.width} {number(height)}" '
        f'width="{frame.width}" height="{number(height)}" role="img" '
        f'aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(frame.title)}</title>'
        f'<desc id="{key}-d">{escape(frame.about)}</desc>{"".join(body)}</svg>'
    )


def number(value: float) -> str:
    """A number as short as a drawing needs it: one decimal, none where it is nought."""
    return f"{value:.1f}".removesuffix(".0")


def text(
    x: float, y: float, words: str, style: str = "", *, anchor: str = "start", more: str = ""
) -> str:
    """Writing with its base line at `y`; `anchor` is start, middle or end.

    A style with "halo" is drawn twice: the edge of a letter must not lie on the one before it.
    """
    plain = style.removesuffix(" halo").removesuffix("halo")
    classes = f' class="{plain}"' if plain else ""
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    at = f'<text x="{number(x)}" y="{number(y)}"'
    written = f"{at}{classes}{placed}{more}>{escape(words)}</text>"
    if plain == style:
        return written
    return f'{at} class="{style}"{placed} aria-hidden="true">{escape(words)}</text>{written}'


def lines_of(
    x: float,
    middle: float,
    words: str,
    room: float,
    style: str = "",
    *,
    anchor: str = "start",
    most: int = 2,
) -> str:
    """Writing in at most `most` lines around the height `middle`, each no wider than `room`."""
    parts = fitted(words, room, most)
    top = middle - (len(parts) - 1) * 7 + 4
    return "".join(
        text(x, top + place * 14, part, style, anchor=anchor) for place, part in enumerate(parts)
    )


def fitted(words: str, room: float, most: int = 2) -> list[str]:
    """Words broken into lines that fit; what is left over ends with an ellipsis.

    >>> fitted("Community team: clinician and medic, unarmed", 130)
    ['Community team:', 'clinician and…']
    """
    letters = max(4, int(room / (SMALL * _LETTER)))
    lines: list[str] = [""]
    for word in words.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= letters or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most or len(kept[-1]) > letters:
        kept[-1] = kept[-1][: letters - 1].rstrip(" ,:;") + "…"
    return kept


def wide(words: str) -> float:
    """About how wide one line of writing is."""
    return len(words) * SMALL * _LETTER


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    style: str,
    says: str = "",
    *,
    round_: float = 0,
) -> str:
    """A rectangle; `says` is shown where a pointer rests on it."""
    corners = f' rx="{number(round_)}"' if round_ else ""
    shape = (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" '
        f'height="{number(max(height, 0))}"{corners} class="{style}"'
    )
    return f"{shape}><title>{escape(says)}</title></rect>" if says else f"{shape}/>"


def rule(x1: float, y1: float, x2: float, y2: float, style: str = "rule") -> str:
    """A straight line."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} class="{style}"/>'


def path(points: Iterable[tuple[float, float]], style: str, *, closed: bool = False) -> str:
    """A line through points, or the area within them."""
    written = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f'<path d="M{written}{"Z" if closed else ""}" class="{style}"/>'


def whisker(low: float, high: float, y: float, style: str = "whisker") -> str:
    """An interval as a level line with ends, and a halo, as it lies half on a bar."""
    lines = ((low, y, high, y), (low, y - 4, low, y + 4), (high, y - 4, high, y + 4))
    return "".join(
        rule(x1, y1, x2, y2, kind) for kind in (f"{style} halo", style) for x1, y1, x2, y2 in lines
    )


def ticks(most: float, about: int = 5) -> tuple[float, ...]:
    """Round numbers from nought to at least `most`.

    >>> ticks(87)
    (0.0, 20.0, 40.0, 60.0, 80.0, 100.0)
    """
    if most <= 0:
        return (0.0, 1.0)
    raw = most / about
    ten = 10.0 ** floor(log10(raw))
    step = next(one * ten for one in (1, 2, 2.5, 5, 10) if one * ten >= raw * 0.999)
    return tuple(round(place * step, 10) for place in range(ceil(most / step - 1e-9) + 1))


def round_step(least: float) -> float:
    """The smallest round number that is at least `least`; 1 where that is nought.

    >>> [round_step(one) for one in (0.13, 2.33, 4.4)]
    [0.15, 3.0, 5.0]
    """
    if least <= 0:
        return 1.0
    ten = 10 ** floor(log10(least))
    step = next(one for one in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if one * ten >= least * 0.999)
    return float(f"{step * ten:.6g}")


def steps(values: Sequence[float], number_of: int) -> tuple[float, ...]:
    """Upper bounds of classes with about equally many values in each, without doubles.

    >>> steps([1, 2, 3, 4, 5, 6, 7, 8], 4)
    (2, 4, 6, 8)
    """
    if not values:
        return ()
    ordered = sorted(values)
    last = len(ordered)
    bounds = [
        ordered[max(ceil(last * part / number_of) - 1, 0)] for part in range(1, number_of + 1)
    ]
    return tuple(dict.fromkeys(bounds))

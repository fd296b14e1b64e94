"""Pictures as inline SVG: no scripts, light and dark by the page's colours, each with its words.

A page that shows them carries `style()` in its style sheet and `definitions()` once in its body.
"""

from __future__ import annotations

from importlib.resources import files

from lamplighter.pictures.bars import Bar, Pair, Piece, Swing, bars, pairs, tornado
from lamplighter.pictures.curves import Curve, Mark, curves
from lamplighter.pictures.days import Gap, Line, lines
from lamplighter.pictures.flows import End, flows
from lamplighter.pictures.heat import heat
from lamplighter.pictures.map_changes import Change, map_of_changes
from lamplighter.pictures.maps import Outlines, choropleth, outlines
from lamplighter.pictures.points import Spot, points
from lamplighter.pictures.ranges import Range, ranges
from lamplighter.pictures.svg import Frame

TONES = ("team", "police", "medical", "desk", "over", "nobody", "other", "high")

__all__ = [
    "TONES",
    "Bar",
    "Change",
    "Curve",
    "End",
    "Frame",
    "Gap",
    "Line",
    "Mark",
    "Outlines",
    "Pair",
    "Piece",
    "Range",
    "Spot",
    "Swing",
    "bars",
    "choropleth",
    "curves",
    "definitions",
    "flows",
    "heat",
    "house",
    "lines",
    "map_of_changes",
    "outlines",
    "pairs",
    "points",
    "ranges",
    "style",
    "tornado",
]


def style() -> str:
    """The style of pictures; it takes the colours of the house from the page."""
    return files("lamplighter.pictures").joinpath("style.css").read_text(encoding="utf-8")


def house() -> str:
    """The colours, the type and the head of a page that stands by itself."""
    return files("lamplighter.pictures").joinpath("house.css").read_text(encoding="utf-8")


def definitions(*shapes: Outlines) -> str:
    """What pictures refer to: a hatching for each tone, and the outlines of maps."""
    hatchings = "".join(
        f'<pattern id="hatch-{tone}" class="hatch {tone}" width="6" height="6" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6"/><path d="M0 0V6" stroke-width="5"/></pattern>'
        for tone in (*TONES, "few")
    )
    drawn = "".join(shape.definitions() for shape in shapes)
    return (
        '<svg class="picture-parts" width="0" height="0" aria-hidden="true" focusable="false">'
        f"<defs>{hatchings}{drawn}</defs></svg>"
    )

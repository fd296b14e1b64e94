"""Pictures of numbers as inline SVG: bars, heat maps, lines, ranges and maps of areas.

Each function returns one `<svg>` as text: it scales to its place, has a title and a description
for screen readers, and takes its colours from CSS classes, so that one picture serves the light
and the dark scheme. Put `sheet()` into the page's style once; it uses the tokens of the house
(`--ink`, `--line`, `--surface` …) where the page has them. `figure` puts a picture, its heading
and the table of its numbers together. A picture's `name` must be its own on a page.

>>> from lamplighter.pictures import Bar, bars
>>> bars([Bar("Welfare check", 12)], name="natures", title="Natures", about="One bar.")[:29]
'<svg class="picture" viewBox='
"""

from lamplighter.pictures.bars import Bar, bars
from lamplighter.pictures.figure import Column, figure, table
from lamplighter.pictures.heat import heat_map
from lamplighter.pictures.lines import Gap, Line, lines
from lamplighter.pictures.map import choropleth
from lamplighter.pictures.ranges import Range, ranges
from lamplighter.pictures.scales import even_edges, quantile_edges
from lamplighter.pictures.style import sheet

__all__ = [
    "Bar",
    "Column",
    "Gap",
    "Line",
    "Range",
    "bars",
    "choropleth",
    "even_edges",
    "figure",
    "heat_map",
    "lines",
    "quantile_edges",
    "ranges",
    "sheet",
    "table",
]

"""Maps of areas in shades, with a legend that tells them apart."""

import doctest
import re

from lamplighter.pictures import maps
from lamplighter.pictures.svg import Frame


def test_the_examples():
    assert doctest.testmod(maps).failed == 0


def test_no_two_shades_of_a_legend_read_alike():
    shares = [0.90, 0.92, 0.929, 0.931, 0.94, 0.95]
    ring = [[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]]
    shapes = maps.outlines("m", [f"area {n}" for n in range(len(shares))], [ring] * len(shares))
    drawn = maps.choropleth(
        Frame("m", "Served", "By area"), shapes, shares, show="{:.0%}".format, hidden="-", empty="-"
    )
    legend = re.findall(r"≤ \d+%", drawn)
    assert len(legend) == len(set(legend)) > 1

"""How good a history is, as one page with pictures for whoever works with the call file."""

from lamplighter.history.quality.counting import quality_of
from lamplighter.history.quality.page import quality_page
from lamplighter.history.quality.quality import DayCount, NatureCount, Percentiles, Quality

__all__ = [
    "DayCount",
    "NatureCount",
    "Percentiles",
    "Quality",
    "quality_of",
    "quality_page",
]

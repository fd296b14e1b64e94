"""For whom it is better or worse: who is served, by area and by the people who live there."""

from lamplighter.rehearsal.fairness.measuring import FairnessError, fairness_of
from lamplighter.rehearsal.fairness.results import (
    AreaServed,
    Fairness,
    Gap,
    GroupServed,
    IntervalsFrom,
)

__all__ = [
    "AreaServed",
    "Fairness",
    "FairnessError",
    "Gap",
    "GroupServed",
    "IntervalsFrom",
    "fairness_of",
]

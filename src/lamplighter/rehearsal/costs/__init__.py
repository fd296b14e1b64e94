"""What a rehearsed program costs, against the police, ambulance and emergency minutes it saves."""

from lamplighter.rehearsal.costs.costing import CostsError, cost_of
from lamplighter.rehearsal.costs.names import COST_NAMES, CostName, Measure
from lamplighter.rehearsal.costs.results import Bar, Costs, KindCosts, Result, Saves, Saving

__all__ = [
    "COST_NAMES",
    "Bar",
    "CostName",
    "Costs",
    "CostsError",
    "KindCosts",
    "Measure",
    "Result",
    "Saves",
    "Saving",
    "cost_of",
]

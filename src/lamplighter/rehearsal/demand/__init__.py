"""What is asked of teams: the calls of a history under a policy, and rates fitted to them."""

from lamplighter.rehearsal.demand.meeting import (
    NO_ANSWER,
    NO_NATURE,
    SAME_INCIDENT,
    UNARMED,
    Answering,
    Demand,
    calls_alone,
    calls_of,
)
from lamplighter.rehearsal.demand.rates import HourlyRates, RateModel, fit_rates

__all__ = [
    "NO_ANSWER",
    "NO_NATURE",
    "SAME_INCIDENT",
    "UNARMED",
    "Answering",
    "Demand",
    "HourlyRates",
    "RateModel",
    "calls_alone",
    "calls_of",
    "fit_rates",
]

"""What is asked of teams: the calls of a history under a policy, and rates fitted to them."""

from lamplighter.rehearsal.demand.meeting import Answering, Demand, calls_of
from lamplighter.rehearsal.demand.rates import RateModel, fit_rates

__all__ = ["Answering", "Demand", "RateModel", "calls_of", "fit_rates"]

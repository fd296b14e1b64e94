"""What would happen: simulated callers and teams, from stated rates and a seed."""

from lamplighter.rehearsal.answers import Rates, RatesError, load_rates
from lamplighter.rehearsal.durations import Durations
from lamplighter.rehearsal.play import Player, PlayReport

__all__ = ["Durations", "PlayReport", "Player", "Rates", "RatesError", "load_rates"]

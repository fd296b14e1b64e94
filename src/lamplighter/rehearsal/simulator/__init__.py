"""Plays calls against teams, event by event, and says what became of every call."""

from lamplighter.rehearsal.simulator.errors import SimulationError
from lamplighter.rehearsal.simulator.running import simulate, simulate_many

__all__ = ["SimulationError", "simulate", "simulate_many"]

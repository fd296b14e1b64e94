"""What would happen: a city's calls met by teams, and simulated callers, from stated rates."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lamplighter.rehearsal.answers import Rates, RatesError, load_rates
    from lamplighter.rehearsal.durations import Durations
    from lamplighter.rehearsal.play import Player, PlayReport
    from lamplighter.rehearsal.rehearsing import Rehearsal, Scenario, rehearse

__all__ = [
    "Durations",
    "PlayReport",
    "Player",
    "Rates",
    "RatesError",
    "Rehearsal",
    "Scenario",
    "load_rates",
    "rehearse",
]

# Where each name is: it is imported when it is first used, so that the command starts fast.
_ROOMS = {
    "Durations": "durations",
    "PlayReport": "play",
    "Player": "play",
    "Rates": "answers",
    "RatesError": "answers",
    "Rehearsal": "rehearsing",
    "Scenario": "rehearsing",
    "load_rates": "answers",
    "rehearse": "rehearsing",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)

"""What queueing theory says of waiting for a team: Erlang's formulas and the hypercube model.

Arrivals are random (Poisson) and service times exponential, both in the same unit of time: with
calls per hour, `service` and waits are hours.
"""

from lamplighter.rehearsal.queueing.erlang import (
    Queue,
    erlang_a,
    erlang_b,
    erlang_c,
    servers_for,
)
from lamplighter.rehearsal.queueing.hypercube import (
    Demand,
    Hypercube,
    hypercube,
    hypercube_approximation,
)

__all__ = [
    "Demand",
    "Hypercube",
    "Queue",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "hypercube",
    "hypercube_approximation",
    "servers_for",
]

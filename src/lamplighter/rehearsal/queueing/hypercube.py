"""The hypercube model: how servers that are sent by preference share the calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, log1p

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.queueing.erlang import Queue, check, erlang_c

Floats = npt.NDArray[np.float64]
MOST_EXACT = 11  # servers of the exact chain: 2 to this power equations


@dataclass(frozen=True, slots=True)
class Demand:
    """Calls of one kind (of one area, say): how many per unit of time, and whom they prefer.

    order: every server once, by its number from 0, the preferred one first
    """

    rate: float
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hypercube:
    """How servers that differ share the calls, in the long run.

    workloads: share of time that each server is busy
    sent: share of all calls, by kind of call (rows) and server (columns)
    waits, mean_wait: as in Erlang C
    """

    workloads: tuple[float, ...]
    sent: tuple[tuple[float, ...], ...]
    waits: float
    mean_wait: float


def hypercube(demand: Sequence[Demand], service: float) -> Hypercube:
    """The exact Markov chain of servers that are sent by preference, with an infinite queue.

    A call goes to the first free server of its order; if none is, it waits, and the first server
    that gets free takes the first call that waits. A state is the set of busy servers.
    Source: Larson & Odoni, Urban Operations Research, section 5.4.
    ValueError: an order is none, there are more than 11 servers (use `hypercube_approximation`), or
    the load reaches the number of servers.

    >>> calls = [Demand(0.50, (0, 1, 2)), Demand(0.25, (0, 2, 1)),
    ...          Demand(0.35, (1, 0, 2)), Demand(0.40, (2, 0, 1))]
    >>> [round(load, 4) for load in hypercube(calls, 1.0).workloads]
    [0.5574, 0.4734, 0.4693]
    """
    rates, orders, queue = _checked(demand, service)
    servers = queue.servers
    if servers > MOST_EXACT:
        raise ValueError(f"{servers} servers are too many for the exact chain: approximate")
    states = 1 << servers
    full = states - 1
    goes_to = _first_free(orders, servers)
    everything = np.arange(states)
    # The rates into a state minus those out of it; a call that finds all busy changes no set.
    balance = np.zeros((states, states))
    for kind, rate in enumerate(rates):
        state = everything[:full]
        after = state | (1 << goes_to[kind, :full])
        np.add.at(balance, (after, state), rate)
        balance[state, state] -= rate
    for server in range(servers):
        state = everything[(everything >> server) & 1 == 1]
        balance[state ^ (1 << server), state] += 1 / service
        balance[state, state] -= 1 / service
    balance[0] = 1.0
    balance[0, full] = 1 / (1 - queue.busy)  # all busy, with none, one, two, … waiting
    ones = np.zeros(states)
    ones[0] = 1.0
    chance = np.linalg.solve(balance, ones)
    waiting = chance[full] * queue.busy / (1 - queue.busy)
    workloads = [
        float(chance[(everything >> server) & 1 == 1].sum() + waiting) for server in range(servers)
    ]
    total = rates.sum()
    sent = np.zeros((len(rates), servers))
    for kind in range(len(rates)):
        sent[kind] = np.bincount(goes_to[kind, :full], chance[:full], servers)
    sent = (sent + queue.waits / servers) * rates[:, None] / total
    return Hypercube(tuple(workloads), _rows(sent), queue.waits, queue.mean_wait)


def hypercube_approximation(
    demand: Sequence[Demand], service: float, *, within: float = 1e-9, rounds: int = 1000
) -> Hypercube:
    """The same by Larson's approximation, which takes hundreds of servers.

    Servers are taken as busy independently of each other, corrected by the factors Q of an M/M/c
    queue in which servers are tried in random order. Workloads are repeated until none moves by
    more than `within`. Larson found them within some percent of the exact ones.
    Source: Larson, Operations Research 23 (1975), pages 845-868.
    ValueError: as `hypercube`, or the workloads have not settled after so many rounds.

    >>> calls = [Demand(0.50, (0, 1, 2)), Demand(0.25, (0, 2, 1)),
    ...          Demand(0.35, (1, 0, 2)), Demand(0.40, (2, 0, 1))]
    >>> [round(load, 2) for load in hypercube_approximation(calls, 1.0).workloads]
    [0.56, 0.47, 0.46]
    """
    rates, orders, queue = _checked(demand, service)
    servers, total = queue.servers, rates.sum()
    corrections = _corrections(queue)
    workloads = np.full(servers, queue.busy)
    of_queue = total * queue.waits / servers
    step, before = 0.5, inf
    for _ in range(rounds):
        reached = _reached(rates * (1 - queue.waits), orders, workloads, corrections)
        tried = np.bincount(orders.ravel(), reached.ravel(), servers)
        settled = (tried + of_queue) * service / (1 + tried * service)
        settled *= queue.busy / settled.mean()
        moved = float(np.abs(settled - workloads).max())
        # Whole steps may swing for ever: smaller ones where they do.
        step = max(step / 2, 1e-3) if moved > before else min(step * 1.05, 0.5)
        before = moved
        workloads = np.minimum(workloads + step * (settled - workloads), 1 - 1e-12)
        if moved <= within:
            break
    else:
        raise ValueError(f"the workloads have not settled within {within} after {rounds} rounds")
    sent = np.zeros((len(rates), servers))
    np.put_along_axis(sent, orders, reached * (1 - workloads[orders]), axis=1)
    sent = (sent + rates[:, None] * queue.waits / servers) / total
    return Hypercube(
        tuple(float(load) for load in workloads), _rows(sent), queue.waits, queue.mean_wait
    )


def _reached(
    rates: Floats, orders: npt.NDArray[np.int64], workloads: Floats, corrections: Floats
) -> Floats:
    """Calls per unit of time that find all before a place in their order busy.

    Scaled so that of each kind those that find one free are as many as do not wait.
    """
    busy = np.log(workloads)[orders]
    before = np.zeros_like(busy)
    np.cumsum(busy[:, :-1], axis=1, out=before[:, 1:])
    reached = np.exp(before + corrections[None, :])
    free = (reached * (1 - workloads[orders])).sum(axis=1)
    return np.asarray(reached * (rates / free)[:, None], np.float64)


def _corrections(queue: Queue) -> Floats:
    """Logarithms of Larson's Q: "the first k are busy, the next is free" against independence.

    Of j busy servers out of n, drawn in random order, the first k are busy and the next free with
    probability j! (n-k-1)! (n-j) / ((j-k)! n!).
    """
    servers, load = queue.servers, queue.load
    factorials = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, servers + 1)))))
    counts = np.arange(servers)  # busy servers, at least one is free
    chances = counts * log(load) - factorials[:servers]
    # With all busy, and any number waiting, they add up to one.
    largest = max(float(chances.max()), servers * log(load) - float(factorials[servers]))
    all_busy = exp(servers * log(load) - float(factorials[servers]) - largest) / (1 - queue.busy)
    chances = chances - (largest + log(float(np.exp(chances - largest).sum()) + all_busy))
    corrections = np.empty(servers)
    for place in range(servers):
        some = counts[place:]
        drawn = (
            factorials[some]
            + factorials[servers - place - 1]
            + np.log(servers - some)
            - factorials[some - place]
            - factorials[servers]
        )
        terms = chances[some] + drawn
        top = float(terms.max())
        likely = top + log(float(np.exp(terms - top).sum()))
        corrections[place] = likely - place * log(queue.busy) - log1p(-queue.busy)
    return corrections


def _first_free(orders: npt.NDArray[np.int64], servers: int) -> npt.NDArray[np.int64]:
    """For each kind of call and set of busy servers, who goes; 0 where all are busy."""
    states = np.arange(1 << servers)
    goes_to = np.zeros((len(orders), len(states)), np.int64)
    for kind, order in enumerate(orders):
        for server in order[::-1]:
            free = (states >> server) & 1 == 0
            goes_to[kind, free] = server
    return goes_to


def _checked(
    demand: Sequence[Demand], service: float
) -> tuple[Floats, npt.NDArray[np.int64], Queue]:
    if not demand or not sum(kind.rate for kind in demand) > 0:
        raise ValueError("there are no calls: a rate must be above 0")
    check(service=service, **{"the smallest rate": min(kind.rate for kind in demand)})
    servers = len(demand[0].order)
    for number, kind in enumerate(demand):
        if sorted(kind.order) != list(range(servers)):
            raise ValueError(
                f"the order of kind {number} must have each of 0 to {servers - 1} once, "
                f"it is {kind.order}"
            )
    queue = erlang_c(sum(kind.rate for kind in demand), service, servers)
    if queue.mean_wait == inf:
        raise ValueError(f"a load of {queue.load:.2f} is too much for {servers} servers")
    return (
        np.array([kind.rate for kind in demand], np.float64),
        np.array([kind.order for kind in demand], np.int64),
        queue,
    )


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(value) for value in row) for row in table)

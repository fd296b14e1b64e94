"""What queueing theory says of waiting for a team: Erlang's formulas and the hypercube model.

Arrivals are random (Poisson) and service times exponential, both in the same unit of time: with
calls per hour, `service` and waits are hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, lgamma, log, log1p

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_EXACT = 11  # servers of an exact hypercube: 2 to this power equations
NOTHING_LEFT = 1e-17
BLOCK = 4096
ENDLESS = 1e7  # callers waiting, from where on the sum is taken for what it tends to


@dataclass(frozen=True, slots=True)
class Queue:
    """Calls that wait for the first of several like servers, in the long run.

    arrivals: calls per unit of time; service: mean time that a call keeps a server
    patience: mean time after which a waiting caller gives up; inf: never
    waits: probability that a call finds every server busy
    mean_wait: of all calls, until served or given up; inf where the queue grows without end
    abandons: share of calls that give up
    busy: share of time that a server is busy
    """

    arrivals: float
    service: float
    servers: int
    patience: float
    waits: float
    mean_wait: float
    abandons: float
    busy: float

    @property
    def load(self) -> float:
        """Arrivals times service: the servers that would be busy if nobody had to wait."""
        return self.arrivals * self.service

    def longer_than(self, wait: float) -> float:
        """Probability that a call waits longer than this, and has not given up by then.

        With patience: the offered wait of M/M/c+M (Zeltyn & Mandelbaum, Queueing Systems 51,
        2005) is spread past t as past 0, with arrivals thinned by exp(-t / patience).

        >>> round(erlang_c(6.8, 1.0, 8).longer_than(0.5), 5)
        0.31423
        """
        if wait < 0:
            return 1.0
        if self.waits == 0 or self.mean_wait == inf:
            return self.waits
        rate = self.servers / self.service
        if self.patience == inf:
            return self.waits * exp((self.arrivals - rate) * wait)
        return self.waits * exp(min(self._left(wait, rate) - wait / self.patience, 0.0))

    def served_within(self, wait: float) -> float:
        """Probability that a server starts with a call within this time.

        Source: as `longer_than`; with patience p, the offered wait is also weighted with
        exp(-wait / p), the chance that the caller is still there.

        >>> round(erlang_c(6.8, 1.0, 8).served_within(0.5), 5)
        0.68577
        """
        if self.patience == inf or self.waits == 0:
            return 1 - self.longer_than(wait)
        if self.servers == 0:
            return 0.0
        rate = self.servers / self.service
        faster = rate + 1 / self.patience
        later = self._left(wait, faster) + log(rate / faster)
        return min(max(1 - self.abandons - self.waits * exp(min(later, 0.0)), 0.0), 1.0)

    def _left(self, wait: float, falls: float) -> float:
        """The logarithm of the share of the offered wait past `wait`, weighted so as to fall so."""
        thinned = exp(-wait / self.patience)
        reached = self.arrivals * self.patience * (1 - thinned) - falls * wait
        behind, _ = _line(self.arrivals * thinned, falls, self.patience)
        before, _ = _line(self.arrivals, self.servers / self.service, self.patience)
        return reached + behind - before


def erlang_b(load: float, servers: int) -> float:
    """The share of calls that find every server busy, where nobody waits (Erlang B, M/M/c/c).

    load: arrivals times mean service. By the recursion over servers, which never overflows.
    Source: Larson & Odoni, Urban Operations Research, chapter 4. ValueError: a number is negative.

    >>> round(erlang_b(6.8, 8), 5)
    0.16731
    """
    _check(load=load, servers=servers)
    lost = 1.0
    for count in range(1, servers + 1):
        lost = load * lost / (count + load * lost)
    return lost


def erlang_c(arrivals: float, service: float, servers: int) -> Queue:
    """Calls that all wait until a server is free (Erlang C, M/M/c).

    Where the load reaches the number of servers, every call waits and the mean is inf.
    Source: Larson & Odoni, Urban Operations Research, chapter 4. ValueError: a number is negative.

    >>> queue = erlang_c(6.8, 1.0, 8)
    >>> round(queue.waits, 5), round(queue.mean_wait, 5), round(queue.busy, 2)
    (0.57257, 0.47714, 0.85)
    """
    _check(arrivals=arrivals, service=service, servers=servers)
    load = arrivals * service
    if load == 0:
        return Queue(arrivals, service, servers, inf, 0.0 + (servers == 0), 0.0, 0.0, 0.0)
    if load >= servers:
        return Queue(arrivals, service, servers, inf, 1.0, inf, 0.0, float(servers > 0))
    lost = erlang_b(load, servers)
    busy = load / servers
    waits = lost / (1 - busy * (1 - lost))
    return Queue(
        arrivals, service, servers, inf, waits, waits * service / (servers - load), 0.0, busy
    )


def erlang_a(arrivals: float, service: float, servers: int, patience: float) -> Queue:
    """Calls that wait for a server, and give up after an exponential patience (M/M/c+M).

    patience: the mean; inf is Erlang C. There is a long run even where the load is above the
    servers, because callers give up. Source: Palm's model, as in Garnett, Mandelbaum & Reiman,
    Manufacturing & Service Operations Management 4, 2002.
    ValueError: a number is negative, or patience is 0.

    >>> queue = erlang_a(6.8, 1.0, 8, patience=1.0)
    >>> round(queue.waits, 4), round(queue.mean_wait, 4), round(queue.abandons, 4)
    (0.3715, 0.083, 0.083)
    """
    _check(arrivals=arrivals, service=service, servers=servers)
    if not patience > 0:
        raise ValueError(f"patience is {patience}, it must be above 0")
    if patience == inf or arrivals == 0 or service == 0:
        return erlang_c(arrivals, service, servers)
    lost = erlang_b(arrivals * service, servers)
    long, ahead = _line(arrivals, servers / service, patience)
    # A = exp(long) may be too large for a float: A B / (1 + (A - 1) B), divided by A.
    waits = lost / (lost + (1 - lost) * exp(-long))
    mean_wait = waits * ahead / arrivals
    abandons = min(mean_wait / patience, 1.0)
    busy = arrivals * (1 - abandons) * service / servers if servers else 0.0
    return Queue(arrivals, service, servers, patience, waits, mean_wait, abandons, busy)


def servers_for(
    arrivals: float,
    service: float,
    within: float,
    share: float,
    *,
    patience: float = inf,
    most: int = 10_000,
) -> int:
    """The fewest servers that start with a share of calls within a time.

    Source: as Erlang A; the share grows with each server, so that halving finds the first.
    ValueError: not even `most` servers are enough.

    >>> servers_for(6.8, 1.0, within=0.25, share=0.9)
    10
    """

    def enough(servers: int) -> bool:
        return erlang_a(arrivals, service, servers, patience).served_within(within) >= share

    if enough(0):
        return 0
    few, many = 0, 1
    while not enough(many):
        if many >= most:
            raise ValueError(f"{most} servers are not enough for a load of {arrivals * service:g}")
        few, many = many, min(2 * many, most)
    while many - few > 1:
        half = (few + many) // 2
        few, many = (few, half) if enough(half) else (half, many)
    return many


def _line(arrivals: float, rate: float, patience: float) -> tuple[float, float]:
    """The logarithm of A, and how many wait on average while every server is busy.

    A is the sum over k of the products of arrivals / (rate + j / patience) for j from 1 to k:
    how much likelier than "all busy and nobody waits" it is that all are busy. The products are
    added block by block, relative to the largest so far. With j counted from minus infinity they
    are Poisson weights, which gives the sum where the queue is so long that nothing is cut off.
    """
    if arrivals <= 0:
        return 0.0, 0.0
    ahead = (arrivals - rate) * patience
    if ahead > ENDLESS:
        mean, behind = arrivals * patience, rate * patience
        return lgamma(behind + 1) + mean - behind * log(mean), ahead
    total, weighted, largest, last, done = 1.0, 0.0, 0.0, 0.0, 0
    while True:
        places = np.arange(done + 1, done + BLOCK + 1, dtype=np.float64)
        products = last + np.cumsum(log(arrivals) - np.log(rate + places / patience))
        scale = max(largest, float(products.max()))
        terms = np.exp(products - scale)
        shrink = exp(largest - scale)
        total = total * shrink + float(terms.sum())
        weighted = weighted * shrink + float((terms * places).sum())
        largest, last, done = scale, float(products[-1]), done + BLOCK
        falls = rate + places[-1] / patience > arrivals
        if falls and terms[-1] * places[-1] < NOTHING_LEFT * max(total, weighted):
            return largest + log(total), weighted / total


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
    _check(service=service, **{"the smallest rate": min(kind.rate for kind in demand)})
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


def _check(**numbers: float) -> None:
    for name, value in numbers.items():
        if not isfinite(value) or value < 0:
            raise ValueError(f"{name} is {value}, it must be 0 or more")

"""Erlang's formulas: how long calls wait for the first of several like servers."""

from dataclasses import dataclass
from math import exp, inf, isfinite, lgamma, log

import numpy as np

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
    check(load=load, servers=servers)
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
    check(arrivals=arrivals, service=service, servers=servers)
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
    check(arrivals=arrivals, service=service, servers=servers)
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


def check(**numbers: float) -> None:
    """ValueError: a number is negative, or none."""
    for name, value in numbers.items():
        if not isfinite(value) or value < 0:
            raise ValueError(f"{name} is {value}, it must be 0 or more")

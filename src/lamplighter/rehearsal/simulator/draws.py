"""Random numbers that belong to a call, not to a moment, and minutes drawn from them.

The number for a step of a call depends on the seed, the replication, the call and the step alone.
Two scenarios over the same calls so meet the same luck, and differ only by what was changed.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import Any

import numpy as np

from lamplighter.rehearsal.simulator.compiled import compiled
from lamplighter.rehearsal.simulator.exponentials import exponential_at

FIXED, PERCENTILES, EXPONENTIAL, LOGNORMAL = range(4)  # in the order of teams.Law

_MASK = 2**64 - 1
_STEP = 0x9E3779B97F4A7C15
_A, _B = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_GOLDEN = np.uint64(_STEP)
_FIRST, _SECOND = np.uint64(_A), np.uint64(_B)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53


def key_of(seed: int, replication: int) -> np.uint64:
    """One number for a seed and a replication, from which all draws of a run come."""
    return np.uint64(_mixed(_mixed(seed & _MASK) + replication))


def _mixed(value: int) -> int:
    value = (value + _STEP) & _MASK
    value = ((value ^ (value >> 30)) * _A) & _MASK
    value = ((value ^ (value >> 27)) * _B) & _MASK
    return value ^ (value >> 31)


@compiled  # type: ignore[untyped-decorator]
def mixed(value: Any) -> Any:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014), as `_mixed`."""
    value = value + _GOLDEN
    value = (value ^ (value >> _S30)) * _FIRST
    value = (value ^ (value >> _S27)) * _SECOND
    return value ^ (value >> _S31)


@compiled  # type: ignore[untyped-decorator]
def uniform(of_call: Any, step: int) -> Any:
    """A number between 0 and 1, never either, for a step of the call with `mixed(key + call)`."""
    return (float(mixed(of_call ^ (np.uint64(step + 1) * _SECOND)) >> _S11) + 0.5) * _UNIT


@compiled  # type: ignore[untyped-decorator]
def normal_quantile(share: float) -> Any:
    """The standard normal value at a share; relative error 1e-7 (Wichura 1988, AS 241, PPND7)."""
    q = share - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
            / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1.0)
        )
    r = sqrt(-log(share if q < 0 else 1.0 - share))
    if r <= 5.0:
        r -= 1.6
        value = (((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777) / (
            (0.12021132975 * r + 0.73700164250) * r + 1.0
        )
    else:
        r -= 5.0
        value = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) / (
            (0.012258202635 * r + 0.24197894225) * r + 1.0
        )
    return -value if q < 0 else value


@compiled  # type: ignore[untyped-decorator]
def minutes_of(plan: Any, number: int, of_call: Any, step: int) -> Any:
    """The minutes for a step of a call: those that a share of all draws does not exceed.

    The share is drawn here, and not where minutes are asked for, so that none is drawn in vain.
    """
    law, first = plan.draws[number].law, plan.draws[number].first
    if law == FIXED:
        return plan.draws[number].value
    share = uniform(of_call, step)
    if law == EXPONENTIAL:
        return plan.draws[number].value * exponential_at(share)
    if law == LOGNORMAL:
        return plan.points[first].value * exp(plan.points[first + 1].value * normal_quantile(share))
    upper = first + 1
    while plan.points[upper].at < share:
        upper += 1
    low, high = plan.points[upper - 1].at, plan.points[upper].at
    part = (share - low) / (high - low)
    return plan.points[upper - 1].value + part * (
        plan.points[upper].value - plan.points[upper - 1].value
    )

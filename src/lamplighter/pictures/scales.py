"""Round numbers for axes, and the steps of shade of a heat map or a map."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

STEPS = 5
NOTHING = 1e-9


def ticks(top: float, about: int = 4) -> list[float]:
    """Return round numbers from 0 to at least `top`, about so many steps apart.

    >>> ticks(87), ticks(0)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 1.0])
    """
    if not top > NOTHING:
        return [0.0, 1.0]
    rough = top / about
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= rough * 0.9)
    return [_short(step * index) for index in range(math.ceil(top / step - 1e-9) + 1)]


def even_edges(values: Iterable[float]) -> list[float]:
    """Return the six edges of five steps of one width, from 0 to a round number.

    >>> even_edges([3, 41])
    [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    """
    top = max(values, default=0.0)
    if not top > NOTHING:
        return [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    size = 10.0 ** math.floor(math.log10(top / STEPS))
    step = next(size * times for times in (1, 2, 2.5, 4, 5, 10) if size * times * STEPS >= top)
    return [_short(step * index) for index in range(STEPS + 1)]


def quantile_edges(values: Iterable[float]) -> list[float]:
    """Return the six edges of five steps that hold about as many values each, from 0.

    Where too few values differ for that, the steps are of one width.

    >>> quantile_edges([1, 2, 3, 50, 60, 70, 400, 800, 900, 1004])
    [0.0, 2.0, 50.0, 70.0, 800.0, 1010.0]
    """
    ordered = sorted(value for value in values if value > 0)
    if not ordered:
        return even_edges(())
    edges = [0.0]
    for step in range(1, STEPS):
        edges.append(_two_digits(ordered[max(0, len(ordered) * step // STEPS - 1)]))
    edges.append(_up(ordered[-1]))
    rising = all(low < high for low, high in pairwise(edges))
    return edges if rising else even_edges(ordered)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _up(value: float) -> float:
    """Return a number of three digits that is no less."""
    size = 10.0 ** (math.floor(math.log10(value)) - 2)
    return _short(math.ceil(_short(value / size)) * size)


def step_of(value: float, edges: Sequence[float]) -> int:
    """Return the step from 1 to 5 that a value is in; 0 is nothing at all, step 0.

    >>> [step_of(value, [0, 10, 20, 30, 40, 50]) for value in (0, 1, 10, 11, 50)]
    [0, 1, 1, 2, 5]
    """
    if value <= edges[0]:
        return 0
    return next((step for step in range(1, STEPS) if value <= edges[step]), STEPS)


def _short(value: float) -> float:
    """Return a round number without the dust of its binary form."""
    return float(f"{value:.6g}")


def plain(value: float) -> str:
    """Return a number for a reader.

    >>> plain(12345.0), plain(0.25), plain(12.3)
    ('12,345', '0.25', '12.3')
    """
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2g}"

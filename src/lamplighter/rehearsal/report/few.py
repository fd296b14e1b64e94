"""Groups of few calls are merged before anything is shown: a report is for the public."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.rehearsal.regions import FEWEST_TOLD

FEWEST = FEWEST_TOLD


def few(counts: Sequence[float], fewest: int = FEWEST) -> tuple[bool, ...]:
    """Which groups are to be merged: those of fewer than `fewest` calls, and never one alone.

    Where they come to fewer than `fewest` together, or are only one, the smallest others join
    them, so that the difference to a total tells nothing. Groups of no call at all stay out.

    >>> few([120, 3, 40, 11])
    (False, True, False, True)
    """
    hidden = [0 < count < fewest for count in counts]
    others = sorted(
        (place for place, count in enumerate(counts) if count >= fewest),
        key=lambda place: counts[place],
    )
    while any(hidden) and others:
        together = sum(count for count, one in zip(counts, hidden, strict=True) if one)
        if together >= fewest and sum(hidden) > 1:
            break
        hidden[others.pop(0)] = True
    return tuple(hidden)


def blocks(
    counts: Sequence[float], fewest: int = FEWEST
) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """A week of 168 hours as blocks of as few hours as leave nearly all cells told.

    Returns the hours of a block and the calls by weekday and block: the smallest of 1, 2, 3, 4,
    6, 8 and 12 hours with at most one cell in twenty under `fewest`, else 12.
    """
    for hours in (1, 2, 3, 4, 6, 8, 12):
        grid = tuple(
            tuple(
                int(sum(counts[day * 24 + at : day * 24 + at + hours]))
                for at in range(0, 24, hours)
            )
            for day in range(7)
        )
        cells = [cell for row in grid for cell in row]
        if hours == 12 or sum(cell < fewest for cell in cells) <= len(cells) / 20:
            return hours, grid
    raise AssertionError("the last length of a block always returns")

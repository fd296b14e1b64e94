"""A difference between two scenarios: rounded first, then its sign, its interval, what it means."""

from dataclasses import dataclass
from typing import Literal

from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import Say

Verdict = Literal["better", "worse", "other", "same", "open"]


@dataclass(frozen=True)
class Difference:
    """A difference as it is written; a share differs by points of a hundred.

    size, size_within: without signs, for a sentence that says which has more
    within: the interval, where it is wide enough to be seen and the two are not the same
    verdict: `other` where neither more nor less is better, `open` where chance alone may give it
    """

    mean: str
    unit: str
    within: str
    size: str
    size_within: str
    verdict: Verdict

    @property
    def alone(self) -> str:
        """The difference with its unit."""
        return f"{self.mean} {self.unit}".strip()

    @property
    def says(self) -> str:
        """The same with its interval in brackets."""
        return f"{self.alone} ({self.within})" if self.within else self.alone

    @property
    def in_column(self) -> str:
        """The same without its unit, which stands over the column."""
        return f"{self.mean} ({self.within})" if self.within else self.mean


def difference_in_words(
    change: Interval, kind: str, say: Say, *, more_is_better: bool | None
) -> Difference:
    """How a difference is written, and whether it is one; nought is neither better nor worse.

    >>> tell = lambda *ends: difference_in_words(
    ...     Interval(*ends), "minutes", Say("en"), more_is_better=False
    ... )
    >>> told = tell(-2.04, -3.3, -0.71)
    >>> told.says, told.verdict
    ('−2.0 min (−3.3 to −0.7)', 'better')
    >>> told = tell(0.04, 0.01, 0.07)
    >>> told.says, told.verdict
    ('±0 min', 'same')
    """
    mean, low, high = (_rounded(value, kind) for value in (change.mean, change.low, change.high))
    certain = change.low > 0 or change.high < 0
    verdict: Verdict = "open"
    if mean == 0 and (certain or low == high):
        verdict = "same"
    elif certain:
        more = mean > 0
        verdict = "other" if more_is_better is None else _way(more == more_is_better)
    wide = low < high and verdict != "same"
    size = _size(mean, kind, exact=not wide)
    ends = (-high, -low) if high < 0 else (low, high)
    return Difference(
        mean=_signed(mean, size) if mean else f"±{size}",
        unit={"share": say("points", "puntos"), "minutes": "min"}.get(kind, ""),
        within=say.between(*(_signed(end, _size(end, kind)) for end in (low, high)))
        if wide
        else "",
        size=size,
        size_within=say.between(*(_size(end, kind) for end in ends)) if wide else "",
        verdict=verdict,
    )


def _way(better: bool) -> Verdict:
    return "better" if better else "worse"


def _rounded(value: float, kind: str) -> float:
    return round(value * (100 if kind == "share" else 1), 0 if kind == "money" else 1)


def _size(number: float, kind: str, *, exact: bool = False) -> str:
    """How much it is; exact: without an interval, whose decimals it would have, none is nought."""
    if kind == "money":
        return f"${abs(number):,.0f}"
    size = f"{abs(number):,.1f}"
    return size.removesuffix(".0") if exact else size


def _signed(number: float, size: str) -> str:
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{size}"

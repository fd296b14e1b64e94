"""Two to four runs side by side: what differs for certain, in numbers, words and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lamplighter.city.rehearsal.models import Scenario, ScenarioRun
from lamplighter.city.rehearsal.runs.headlines import MEASURES, Measure, figure_of, interval_of
from lamplighter.rehearsal.observed import difference
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import Say

LETTERS = "ABCD"
# What is put in, of which neither more nor less is better.
_PUT_IN = frozenset({"hours_a_week", "cost_a_year"})

# What is said where there is more of a measure, and where there is less; the interval follows.
_SENTENCES: dict[str, tuple[Promise, Promise]] = {
    "served": (
        gettext_lazy("Of 100 calls for them, the teams reach %(by)s more"),
        gettext_lazy("Of 100 calls for them, the teams reach %(by)s fewer"),
    ),
    "taken_over": (
        gettext_lazy("Of 100 such calls, %(by)s more must go to somebody else"),
        gettext_lazy("Of 100 such calls, %(by)s fewer must go to somebody else"),
    ),
    "nobody": (
        gettext_lazy("Of 100 such calls, %(by)s more are left with nobody"),
        gettext_lazy("Of 100 such calls, %(by)s fewer are left with nobody"),
    ),
    "median_minutes": (
        gettext_lazy("Half the calls have somebody there %(by)s minutes later"),
        gettext_lazy("Half the calls have somebody there %(by)s minutes sooner"),
    ),
    "p90_minutes": (
        gettext_lazy("Nine of ten calls have somebody there %(by)s minutes later"),
        gettext_lazy("Nine of ten calls have somebody there %(by)s minutes sooner"),
    ),
    "served_a_week": (
        gettext_lazy("Each week %(by)s more calls are reached"),
        gettext_lazy("Each week %(by)s fewer calls are reached"),
    ),
    "hours_a_week": (
        gettext_lazy("It takes %(by)s more team hours a week"),
        gettext_lazy("It takes %(by)s fewer team hours a week"),
    ),
    "cost_a_year": (
        gettext_lazy("It costs %(by)s more a year"),
        gettext_lazy("It costs %(by)s less a year"),
    ),
}


@dataclass(frozen=True)
class Side:
    """A scenario in the comparison: the letter by which pictures name it, and its run."""

    letter: str
    scenario: Scenario
    run: ScenarioRun

    @property
    def result(self) -> dict[str, Any]:
        result = self.run.result
        assert result is not None, "only runs with a result are compared"
        return dict(result)

    @property
    def outlines(self) -> dict[str, Any] | None:
        """The outlines of its areas as drawings, if its run kept them."""
        found = getattr(self.run, "outlines", None)
        return None if found is None else dict(found)

    @property
    def called(self) -> str:
        return f"{self.letter}: {self.scenario.name}"


@dataclass(frozen=True)
class Cell:
    """A number of one scenario, and how it differs from the first: `better`, `worse`, `open`,
    `other` (neither is better), or nothing for the first one itself."""

    value: str
    interval: str
    change: str = ""
    within: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Row:
    """One measure of all scenarios."""

    name: str
    says: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Finding:
    """What one scenario does differently from the first, in sentences; `same` where nothing is
    certain."""

    side: Side
    sentences: tuple[tuple[str, str], ...]
    open_: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """A comparison, without its pictures; `apart` says why the differences have no interval."""

    sides: tuple[Side, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]
    apart: str

    @property
    def can_differ(self) -> bool:
        """Whether a difference means something: all met one history's calls, more than once."""
        inputs = [side.result["inputs"] for side in self.sides]
        return (
            len({one["history"] for one in inputs}) == 1
            and min(one["replications"] for one in inputs) > 1
        )


def compare_runs(sides: Sequence[Side], language: str) -> Compared:
    """Compare runs with the first of them."""
    apart = _why_apart(sides)
    say = Say("es" if language == "es" else "en")
    shown = [
        measure
        for measure in MEASURES
        if all(measure.name in side.result["headline"] for side in sides)
    ]
    changes = {
        (measure.name, side.letter): _change(measure, sides[0], side, bool(apart))
        for measure in shown
        for side in sides[1:]
    }
    rows = tuple(
        Row(
            str(measure.label),
            str(measure.says),
            tuple(
                _cell(measure, side, changes.get((measure.name, side.letter)), say)
                for side in sides
            ),
        )
        for measure in shown
    )
    findings = tuple(
        _finding(side, [(m, changes[m.name, side.letter]) for m in shown]) for side in sides[1:]
    )
    return Compared(tuple(sides), rows, findings if not apart else (), apart)


def _why_apart(sides: Sequence[Side]) -> str:
    """Why runs did not meet the same chance, if they did not."""
    first = sides[0].result["inputs"]
    others = [side.result["inputs"] for side in sides[1:]]
    if any(other["history"] != first["history"] for other in others):
        return _(
            "They met other calls. What differs may come from the calls, not from what you changed."
        )
    if any(other[name] != first[name] for other in others for name in ("seed", "replications")):
        return _(
            "They met other chance. Give them the same seed and number of runs, and the comparison "
            "says what is certain."
        )
    if first["replications"] < 2:
        return _(
            "Each was run once, so nothing says what is chance. Run them more often, and the "
            "comparison says what is certain."
        )
    return ""


def _change(measure: Measure, first: Side, other: Side, apart: bool) -> Interval | None:
    """How much more the other has, pair by pair: what chance gave to both falls out."""
    if apart:
        return None
    before = first.result["series"].get(measure.name)
    after = other.result["series"].get(measure.name)
    if before is None or after is None:
        one, two = (interval_of(s.result["headline"][measure.name]) for s in (first, other))
        if one.low < one.high or two.low < two.high:
            return None
        return Interval(two.mean - one.mean, two.mean - one.mean, two.mean - one.mean)
    return difference([_number(value) for value in after], [_number(value) for value in before])


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def is_certain(change: Interval | None) -> bool:
    """Whether chance alone would hardly give such a difference."""
    return change is not None and (change.low > 0 or change.high < 0)


def _cell(measure: Measure, side: Side, change: Interval | None, say: Say) -> Cell:
    figure = figure_of(measure, side.result["headline"][measure.name], say.language)
    if change is None or change.mean != change.mean:
        return Cell(figure.value, figure.interval)
    verdict = "open"
    if is_certain(change):
        verdict = "better" if (change.mean > 0) == measure.more_is_better else "worse"
        if measure.name in _PUT_IN:
            verdict = "other"
        if _is_nil(measure, change.mean):
            verdict = "same"
    elif change.mean == 0 and change.low == change.high:
        verdict = "same"
    within = _within(measure, change, signed=True)
    return Cell(
        figure.value, figure.interval, _signed(measure, change.mean, within), within, verdict
    )


def _finding(side: Side, changes: Sequence[tuple[Measure, Interval | None]]) -> Finding:
    sentences, open_ = [], []
    for measure, change in changes:
        if measure.name not in _SENTENCES or change is None or change.mean != change.mean:
            continue
        if not is_certain(change):
            if change.low < change.high:
                open_.append(str(measure.label))
            continue
        if _is_nil(measure, change.mean):
            continue
        more, less = _SENTENCES[measure.name]
        within = _within(measure, change, signed=False)
        by = _size(measure, change.mean, exact=not within)
        said = str(more if change.mean > 0 else less) % {"by": by}
        better = (change.mean > 0) == measure.more_is_better
        tone = "other" if measure.name in _PUT_IN else "better" if better else "worse"
        sentences.append((tone, f"{said} ({within})." if within else f"{said}."))
    return Finding(side, tuple(sentences), tuple(open_))


def _size(measure: Measure, change: float, *, exact: bool) -> str:
    """How much it is, without a sign; of a share, in hundredths.

    exact: without an interval, whose decimals it would have, it needs none that is nought
    """
    if measure.kind == "money":
        return f"${abs(change):,.0f}"
    size = f"{abs(change) * (100 if measure.kind == 'share' else 1):,.1f}"
    return size.removesuffix(".0") if exact else size


def _is_nil(measure: Measure, change: float) -> bool:
    """Whether nothing of it is left in the decimals that are shown."""
    return _size(measure, change, exact=True) in ("0", "$0")


def _signed(measure: Measure, change: float, within: str) -> str:
    sign = "±" if _is_nil(measure, change) else "+" if change > 0 else "−"
    unit = {"share": _("points"), "minutes": "min"}.get(measure.kind, "")
    return f"{sign}{_size(measure, change, exact=not within)} {unit}".strip()


def _within(measure: Measure, change: Interval, *, signed: bool) -> str:
    """The interval of a difference; without signs it is that of its size."""
    low, high = change.low, change.high
    if not signed and high < 0:
        low, high = -high, -low

    def number(value: float) -> str:
        sign = "" if not signed else "+" if value > 0 else "−" if value < 0 else ""
        return f"{sign}{_size(measure, value, exact=False)}"

    if number(low) == number(high):
        return ""
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}

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

from .difference import Difference, difference_in_words

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
    """A number of one scenario, and how it differs from the first, with the verdict of that
    `Difference`; nothing for the first one itself."""

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
        _finding(side, [(m, changes[m.name, side.letter]) for m in shown], say)
        for side in sides[1:]
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


def _in_words(measure: Measure, change: Interval, say: Say) -> Difference:
    more = None if measure.name in _PUT_IN else measure.more_is_better
    return difference_in_words(change, measure.kind, say, more_is_better=more)


def _cell(measure: Measure, side: Side, change: Interval | None, say: Say) -> Cell:
    figure = figure_of(measure, side.result["headline"][measure.name], say.language)
    if change is None or change.mean != change.mean:
        return Cell(figure.value, figure.interval)
    told = _in_words(measure, change, say)
    return Cell(figure.value, figure.interval, told.alone, told.within, told.verdict)


def _finding(side: Side, changes: Sequence[tuple[Measure, Interval | None]], say: Say) -> Finding:
    sentences, open_ = [], []
    for measure, change in changes:
        if measure.name not in _SENTENCES or change is None or change.mean != change.mean:
            continue
        told = _in_words(measure, change, say)
        if told.verdict == "open":
            open_.append(str(measure.label))
        elif told.verdict != "same":
            more, less = _SENTENCES[measure.name]
            said = str(more if change.mean > 0 else less) % {"by": told.size}
            within = f" ({told.size_within})" if told.size_within else ""
            sentences.append((told.verdict, f"{said}{within}."))
    return Finding(side, tuple(sentences), tuple(open_))

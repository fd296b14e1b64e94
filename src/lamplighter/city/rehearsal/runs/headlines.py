"""What a run says first: a few figures with their intervals, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import Say


@dataclass(frozen=True)
class Measure:
    """A number of a run: how it is called and written, and whether more of it is better."""

    name: str
    label: Promise
    kind: str
    more_is_better: bool
    says: Promise


MEASURES = (
    Measure(
        "served",
        gettext_lazy("Reached by the teams"),
        "share",
        True,
        gettext_lazy("Share of the calls for these teams to which one of them came"),
    ),
    Measure(
        "taken_over",
        gettext_lazy("Somebody else came"),
        "share",
        False,
        gettext_lazy("Share of the calls for these teams that went to another kind of responder"),
    ),
    Measure(
        "nobody",
        gettext_lazy("Nobody came"),
        "share",
        False,
        gettext_lazy("Share of the calls for these teams to which nobody came"),
    ),
    Measure(
        "median_minutes",
        gettext_lazy("Half wait at most"),
        "minutes",
        False,
        gettext_lazy("Minutes until the team, or whoever took over, is there: median"),
    ),
    Measure(
        "p90_minutes",
        gettext_lazy("Nine of ten wait at most"),
        "minutes",
        False,
        gettext_lazy("Minutes until the team, or whoever took over, is there: 90th percentile"),
    ),
    Measure(
        "served_a_week",
        gettext_lazy("Calls reached in a week"),
        "rate",
        True,
        gettext_lazy("By these teams, on average"),
    ),
    Measure(
        "police_hours_a_week",
        gettext_lazy("Police hours freed in a week"),
        "rate",
        True,
        gettext_lazy("That officers would have spent on calls which these teams took"),
    ),
    Measure(
        "hours_a_week",
        gettext_lazy("Team hours on duty in a week"),
        "rate",
        False,
        gettext_lazy("What is paid for, whether busy or not"),
    ),
    Measure(
        "cost_a_year",
        gettext_lazy("Cost of these teams in a year"),
        "money",
        False,
        gettext_lazy("From the wages, vehicles and overhead that the team file states"),
    ),
)
FIRST = ("served", "p90_minutes", "nobody")


@dataclass(frozen=True)
class Figure:
    """One number as it stands on the page."""

    name: str
    value: str
    interval: str
    says: str


@dataclass(frozen=True)
class Headline:
    """The figures of a run, the first ones first."""

    figures: tuple[Figure, ...]


def headlines_of(headline: Mapping[str, Any] | None, language: str) -> Headline | None:
    """The first figures, for a card of the room."""
    if not headline:
        return None
    return Headline(
        tuple(
            figure_of(measure, headline[measure.name], language)
            for measure in MEASURES
            if measure.name in FIRST and measure.name in headline
        )
    )


def figure_of(measure: Measure, said: Mapping[str, Any], language: str) -> Figure:
    """A measure in words, with the interval in which it would lie again."""
    value = interval_of(said)
    say = Say("es" if language == "es" else "en")
    # No number here is below nought; an interval around a small one may reach there.
    within = say.within(
        Interval(value.mean, max(value.low, 0.0), max(value.high, 0.0)), measure.kind
    )
    shown = getattr(say, measure.kind)(value.mean)
    return Figure(str(measure.label), shown, within, str(measure.says))


def interval_of(said: Mapping[str, Any]) -> Interval:
    """An interval as it was kept; what is not known is nan."""
    mean, low, high = (
        float("nan") if said[name] is None else float(said[name])
        for name in ("mean", "low", "high")
    )
    return Interval(mean, low, high)

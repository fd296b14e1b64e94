"""A section of the report: its question, its answer in a sentence or two, its figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from html import escape
from math import nan

from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Group, Interval
from lamplighter.rehearsal.report.few import FEWEST, few
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `sheets` are tables that stand on the page without a picture."""

    key: str
    title: Words
    short: Words
    lead: tuple[Words, ...]
    figures: tuple[Figure, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    html_after: tuple[str, str] = field(default=("", ""))

    def html(self, say: Say) -> str:
        key = f"{say.language}-{self.key}"
        lead = "".join(f"<p>{escape(say.of(words))}</p>" for words in self.lead)
        after = self.html_after[1 if say.language == "es" else 0]
        tables = "".join(_table(sheet, say) for sheet in self.sheets)
        figures = "".join(figure.html(say) for figure in self.figures)
        return (
            f'<section aria-labelledby="{key}"><h2 id="{key}">{escape(say.of(self.title))}</h2>'
            f'{lead}<div class="figures">{figures}</div>{tables}{after}</section>\n'
        )


def _table(sheet: Sheet, say: Say) -> str:
    files = " · ".join(
        f'<a href="tables/{sheet.key}.{ending}" download>{name}</a>'
        for ending, name in (("csv", "CSV"), ("parquet", "Parquet"))
    )
    return (
        f'<div class="shown" id="{say.language}-of-{sheet.key}">'
        f"<h3>{escape(say.of(sheet.title))}</h3>{sheet.html(say)}"
        f'<p class="files soft">{say("Data", "Datos")}: {files}</p></div>'
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A group as it may be told; groups of few calls are one, of which no interval is known."""

    label: str | Words
    calls: float
    served: Interval
    taken_over: Interval
    nobody: Interval
    p50: Interval
    p90: Interval
    merged: int = 0


def told(groups: Sequence[Group], kept: Collection[str] | None = None) -> tuple[Told, ...]:
    """Groups for the public, those of few calls (or those that are `kept` back) merged at the end.

    The label of the merged ones says so; its shares are weighted means, its minutes are not known.
    """
    if kept is None:
        hidden = few([group.calls for group in groups])
    else:
        hidden = tuple(group.label in kept for group in groups)
    open_ = [
        _as_it_is(group.label, group)
        for group, hide in zip(groups, hidden, strict=True)
        if not hide and group.calls > 0
    ]
    small = [group for group, hide in zip(groups, hidden, strict=True) if hide]
    if not small:
        return tuple(open_)
    label = Words(f"{len(small)} others, with few calls", f"otras {len(small)}, con pocas llamadas")
    return (*open_, merged(label, small))


def merged(label: str | Words, groups: Sequence[Group]) -> Told:
    """Several groups as one: shares are means weighted by calls, minutes are not known."""
    calls = sum(group.calls for group in groups)

    def mean(name: str) -> Interval:
        value = sum(getattr(group, name).mean * group.calls for group in groups if group.calls)
        value /= calls or 1.0
        return Interval(value, value, value)

    unknown = Interval(nan, nan, nan)
    return Told(
        label,
        calls,
        mean("served"),
        mean("taken_over"),
        mean("nobody"),
        unknown,
        unknown,
        len(groups),
    )


def hours_together(groups: Sequence[Group]) -> int:
    """How many hours of the day are told as one, so that none of these has few calls."""
    calls = {int(group.label): group.calls for group in groups}
    for length in (1, 2, 3, 4, 6, 8, 12):
        sums = [
            sum(calls.get(hour, 0) for hour in range(at, at + length))
            for at in range(0, 24, length)
        ]
        if all(count >= FEWEST for count in sums):
            return length
    return 24


def by_hours(groups: Sequence[Group]) -> tuple[Told, ...]:
    """Hours of the day in blocks as short as leave no block with few calls."""
    by_hour = {int(group.label): group for group in groups}
    length = hours_together(groups)
    found = []
    for at in range(0, 24, length):
        block = [by_hour[hour] for hour in range(at, at + length) if hour in by_hour]
        if block and length == 1:
            found.append(_as_it_is(f"{at:02d}:00", block[0]))
        elif block:
            found.append(merged(f"{at:02d}–{at + length:02d}", block))
    return tuple(found)


def _as_it_is(label: str, group: Group) -> Told:
    return Told(
        label,
        group.calls,
        group.served,
        group.taken_over,
        group.nobody,
        group.to_arrival.p50,
        group.to_arrival.p90,
    )

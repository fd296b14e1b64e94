"""How numbers, minutes, days and hours are written in a team file, and what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import time
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.policy.sentences import Part, either, nearest
from lamplighter.policy.yaml_tree import Entry, Place, fields, items, mapping, scalar
from lamplighter.rehearsal.teams import Law, Minutes, Share, Step
from lamplighter.rehearsal.teams_file.sentences import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})(\s+next day)?")
_WAYS = either(
    (
        "12, {percentiles: {10: 5, 50: 22, 90: 62}}, {exponential: 20}",
        "{lognormal: {median: 22, sigma: 0.7}}",
    )
)
_Read = TypeVar("_Read")


def number(node: Node, place: Place, what: Part, least: float, most: float) -> float | None:
    """A number between `least` and `most`, both included."""
    value = scalar(node)
    if isinstance(value, bool) or not isinstance(value, int | float):
        place.report(node, say("number.none", what=what))
        return None
    if not least <= value <= most:
        ends = {"least": f"{least:g}", "most": f"{most:g}"}
        range_ = say("at-least" if most == float("inf") else "from-to", **ends)
        place.report(node, say("number.outside", what=what, value=f"{value:g}", range=range_))
        return None
    return float(value)


def minutes(node: Node, place: Place, what: Part) -> Minutes | None:
    """Minutes that are always the same, or how they are spread."""
    if isinstance(node, ScalarNode):
        fixed = _positive(node, place, what)
        return None if fixed is None else Minutes(Law.FIXED, (fixed,))
    parts = fields(node, place, what, optional=[law.value for law in Law if law is not Law.FIXED])
    if len(parts) != 1:
        place.report(node, say("minutes.one-way", what=what, ways=_WAYS))
        return None
    ((law, entry),) = parts.items()
    if law == Law.PERCENTILES:
        return _percentiles(entry.value, place, what)
    if law == Law.EXPONENTIAL:
        mean = _positive(entry.value, place, say("what.mean", what=what))
        return None if mean is None else Minutes(Law.EXPONENTIAL, (mean,))
    form = say("what.lognormal", what=what)
    ends = fields(entry.value, place, form, required=["median", "sigma"])
    if len(ends) < 2:
        return None
    median = _positive(ends["median"].value, place, say("what.median", what=what))
    sigma = number(ends["sigma"].value, place, say("what.sigma", what=what), 0, 5)
    if median is None or sigma is None:
        return None
    return Minutes(Law.LOGNORMAL, (median, sigma))


def _positive(node: Node, place: Place, what: Part) -> float | None:
    return number(node, place, say("what.in-minutes", what=what), 0, float("inf"))


def _percentiles(node: Node, place: Place, what: Part) -> Minutes | None:
    """Minutes by percentile; from zero below the lowest, straight on above the highest."""
    pairs: list[tuple[float, float]] = []
    if not isinstance(node, MappingNode):
        place.report(node, say("percentiles.form", what=what))
        return None
    for key, value in node.value:
        percent = number(key, place, say("what.percentile", what=what), 0, 100)
        long = _positive(value, place, what)
        if percent is None or long is None:
            return None
        if pairs and (percent <= pairs[-1][0] or long < pairs[-1][1]):
            place.report(key, say("percentiles.rise", what=what))
            return None
        pairs.append((percent, long))
    if len(pairs) < 2:
        place.report(node, say("percentiles.few", what=what))
        return None
    if pairs[0][0] > 0:
        pairs.insert(0, (0.0, 0.0))
    if pairs[-1][0] < 100:
        (low, less), (high, more) = pairs[-2:]
        pairs.append((100.0, more + (more - less) * (100 - high) / (high - low)))
    return Minutes(
        Law.PERCENTILES, tuple(long for _, long in pairs), tuple(at / 100 for at, _ in pairs)
    )


def step(entry: Entry, place: Place, what: Part) -> Step | None:
    """A step: minutes for all natures, or `usual` and `by nature`."""
    found = _by_nature(entry.value, place, what, minutes)
    return None if found is None else Step(*found)


def share(entry: Entry, place: Place, what: Part) -> Share | None:
    """A share from 0 to 1 for all natures, or `usual` and `by nature`."""
    found = _by_nature(entry.value, place, what, _share)
    return None if found is None else Share(*found)


def _share(node: Node, place: Place, what: Part) -> float | None:
    return number(node, place, what, 0, 1)


def _by_nature(
    node: Node, place: Place, what: Part, read: Callable[[Node, Place, Part], _Read | None]
) -> tuple[_Read, dict[str, _Read]] | None:
    named = isinstance(node, MappingNode) and any(
        scalar(key) in ("usual", "by nature") for key, _ in node.value
    )
    if not named:
        same = read(node, place, what)
        return None if same is None else (same, {})
    parts = fields(node, place, what, required=["usual"], optional=["by nature"])
    usual = read(parts["usual"].value, place, what) if "usual" in parts else None
    own: dict[str, _Read] = {}
    if "by nature" in parts:
        for nature, entry in mapping(parts["by nature"].value, place, "by nature").items():
            check_nature(nature, entry.key, place)
            value = read(entry.value, place, say("what.of", field=what, what=nature))
            if value is not None:
                own[nature] = value
    return None if usual is None else (usual, own)


def check_nature(nature: str, node: Node, place: Place) -> None:
    """Report a nature that no call of any history has."""
    from lamplighter.history.catalogue import nature_codes

    if nature not in nature_codes():
        hint = nearest(nature, sorted(nature_codes()))
        place.report(node, say("nature.unknown", nature=nature, hint=hint))


def days(entry: Entry, place: Place) -> frozenset[int] | None:
    """`mon-fri`, `sat`, `[mon, wed-fri]` or `every day`, as numbers from 0 for Monday."""
    found: set[int] = set()
    for node, said in texts(entry.value, place, "days"):
        ends = [part.strip().lower()[:3] for part in re.split(r"[-–]", said)]
        if said.strip().lower() == "every day":
            found.update(range(7))
        elif len(ends) <= 2 and all(end in DAYS for end in ends):
            first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
            found.update((first + n) % 7 for n in range((last - first) % 7 + 1))
        else:
            place.report(node, say("days.none", said=said))
            return None
    return frozenset(found)


def hours(entry: Entry, place: Place) -> tuple[time, time, bool] | None:
    """`10:00-18:00`, or `22:00-06:00 next day`; `00:00-24:00` is all day."""
    said = str(scalar(entry.value)).strip()
    match = _HOURS.fullmatch(said)
    if match is None:
        place.report(entry.value, say("hours.none", said=said))
        return None
    begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    next_day = match[5] is not None
    if begin >= 1440 or end > 1440 or int(match[2]) > 59 or int(match[4]) > 59:
        place.report(entry.value, say("hours.outside", said=said))
        return None
    if end == 1440 and not next_day:
        end, next_day = 0, True
    elif not next_day and end <= begin:
        place.report(entry.value, say("shift.backwards", said=said))
        return None
    if next_day and end > begin:
        place.report(entry.value, say("shift.long", said=said))
        return None
    return time(*divmod(begin, 60)), time(*divmod(end, 60)), next_day


def texts(node: Node, place: Place, what: Part) -> Iterator[tuple[Node, str]]:
    """One text or a list of texts, each with its place."""
    for item in items(node, place, what) if isinstance(node, SequenceNode) else [node]:
        if isinstance(item, ScalarNode) and str(item.value).strip():
            yield item, str(item.value).strip()
        else:
            place.report(item, say("texts.none", what=what))

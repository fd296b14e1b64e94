"""What a rehearsal found, laid out for its readers: who moves to whom, where and when, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lamplighter.policy import parse_policy

from .checking import declares
from .models import Rehearsal
from .wording import PolicyWords

MOST_FLOWS, MOST_GROUPS, MOST_EXAMPLES = 20, 12, 8
_BY = {
    "nature": gettext_lazy("What is happening"),
    "hour": gettext_lazy("Hour of the day"),
    "weekday": gettext_lazy("Weekday"),
    "area": gettext_lazy("Area"),
}
_WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
_DAY_CODES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Bar:
    """A picture of a number with its bounds, as shares of the largest: certain and possible."""

    certain: float
    possible: float


@dataclass(frozen=True)
class FlowRow:
    """From whom to whom, how many calls at least and at most; examples are facts in words."""

    before: str
    after: str
    at_least: int
    at_most: int
    bar: Bar
    examples: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class GroupRow:
    label: str
    calls: int
    moves: int
    may_move: int
    bar: Bar


@dataclass(frozen=True)
class GroupTable:
    name: str
    title: str
    rows: tuple[GroupRow, ...]
    left: int


@dataclass(frozen=True)
class BoundRow:
    who: str
    at_least: int
    at_most: int
    bar: Bar


@dataclass(frozen=True)
class Moved:
    """A finished rehearsal in words; all numbers are calls."""

    calls: int
    stay: int
    moves: int
    may_move: int
    not_decided: int
    left_out: int
    flows: tuple[FlowRow, ...]
    groups: tuple[GroupTable, ...]
    bounds: tuple[BoundRow, ...]
    questions: tuple[str, ...]


def lay_out_rehearsal(rehearsal: Rehearsal, language: str) -> Moved | None:
    """What was found, in one language; None while nothing is."""
    if rehearsal.found is None:
        return None
    new = PolicyWords(parse_policy(rehearsal.text), language)
    moved, bounds = rehearsal.found["moved"], rehearsal.found["bounds"]
    main = str(moved["main_output"])
    return Moved(
        calls=moved["calls"],
        stay=moved["stay"],
        moves=moved["moves"],
        may_move=moved["may_move"],
        not_decided=moved["not_decided"],
        left_out=sum(moved["left_out"].values()),
        flows=_flows(new, main, moved["flows"]),
        groups=tuple(
            _groups(new, name, moved["by"].get(name, ())) for name in _BY if moved["by"].get(name)
        ),
        bounds=_bounds(new, main, bounds["outputs"]),
        questions=tuple(
            new.label(row["input"])
            for row in bounds["questions"]["together"][:3]
            if declares(new.policy, row["input"])
        ),
    )


def _flows(words: PolicyWords, main: str, rows: Sequence[Mapping[str, Any]]) -> tuple[FlowRow, ...]:
    most = max((row["at_most"] for row in rows), default=1) or 1
    return tuple(
        FlowRow(
            before=words.value(main, _value(row["before"])),
            after=words.value(main, _value(row["after"])),
            at_least=row["at_least"],
            at_most=row["at_most"],
            bar=_bar(row["at_least"], row["at_most"], most),
            examples=tuple(_example(words, one) for one in row["examples"][:MOST_EXAMPLES]),
        )
        for row in rows[:MOST_FLOWS]
    )


def _example(words: PolicyWords, example: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The facts of a call, and what else must be so; neither its number nor where it was."""
    facts = {**example["facts"], **example["if_also"]}
    return tuple(
        (words.label(name), words.value(name, value))
        for name, value in facts.items()
        if declares(words.policy, name) and value != "unknown"
    )


def _groups(words: PolicyWords, name: str, rows: Sequence[Mapping[str, Any]]) -> GroupTable:
    moving = [row for row in rows if row["moves"] or row["may_move"]]
    if name in ("nature", "area"):
        moving.sort(key=lambda row: (-row["moves"] - row["may_move"], str(row["label"])))
    shown = moving if name in ("hour", "weekday") else moving[:MOST_GROUPS]
    most = max((row["moves"] + row["may_move"] for row in shown), default=1) or 1
    return GroupTable(
        name=name,
        title=str(_BY[name]),
        rows=tuple(
            GroupRow(
                label=_label(words, name, row["label"]),
                calls=row["calls"],
                moves=row["moves"],
                may_move=row["may_move"],
                bar=_bar(row["moves"], row["moves"] + row["may_move"], most),
            )
            for row in shown
        ),
        left=len(moving) - len(shown),
    )


def _label(words: PolicyWords, name: str, label: str | None) -> str:
    if label is None:
        return _("not told")
    if name == "nature" and declares(words.policy, "nature"):
        return words.value("nature", label)
    if name == "weekday" and label.lower() in _DAY_CODES:
        return str(_WEEKDAYS[_DAY_CODES.index(label.lower())])
    if name == "hour" and label.isdigit():
        return f"{int(label):02}:00"
    return label


def _bounds(
    words: PolicyWords, main: str, outputs: Sequence[Mapping[str, Any]]
) -> tuple[BoundRow, ...]:
    rows = next((one["bounds"] for one in outputs if one["output"] == main), [])
    rows = [row for row in rows if row["at_most"]]
    most = max((row["at_most"] for row in rows), default=1) or 1
    return tuple(
        BoundRow(
            words.value(main, _value(row["value"])),
            row["at_least"],
            row["at_most"],
            _bar(row["at_least"], row["at_most"], most),
        )
        for row in rows
    )


def _bar(certain: int, possible: int, most: int) -> Bar:
    return Bar(round(100 * certain / most, 1), round(100 * possible / most, 1))


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

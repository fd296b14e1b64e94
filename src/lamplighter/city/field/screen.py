"""Assignments as the phone shows them: their steps, and the rows of a shift."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lamplighter.city.dispatch.actions import STEPS
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.dispatch.words import policy_words, state_words


@dataclass(frozen=True)
class Step:
    """A step with the time of its first tap; `passed` when a later one was tapped instead."""

    label: str
    at: datetime | None
    passed: bool


def steps_of(assignment: Assignment) -> list[Step]:
    """Accepted, on the way, on scene: what was tapped, when, and what was left out."""
    words = state_words()
    times = [getattr(assignment, f"{name}_at") for name in STEPS]
    ended = assignment.cleared_at is not None
    return [
        Step(words[name], at, passed=at is None and (ended or any(times[position:])))
        for position, (name, at) in enumerate(zip(STEPS, times, strict=True))
    ]


def next_step(assignment: Assignment) -> str:
    """The one step that comes next; empty when nothing is left but to record and clear."""
    following = dict(zip(("assigned", *STEPS), STEPS, strict=False))
    return following.get(assignment.status, "")


@dataclass(frozen=True)
class CallRow:
    """One call of a shift in a list."""

    assignment: Assignment
    nature: str
    status: str


def call_rows(assignments: Iterable[Assignment], now: datetime) -> list[CallRow]:
    """Rows with the words for what is happening and how far the unit is."""
    natures, states = policy_words(now)["nature"], state_words()
    return [
        CallRow(
            each,
            natures.get(each.incident.nature, each.incident.nature.replace("_", " ")),
            states[each.status],
        )
        for each in assignments
    ]

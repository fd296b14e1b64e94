"""What an outcome of a policy asks of teams: who, how urgent, within how many minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.tally import main_output
from lamplighter.rehearsal.calls import NOT_TOLD

# Where a policy says nothing of priority, all calls are as urgent as the middle of five.
USUAL_PRIORITY = 3


@dataclass(frozen=True, slots=True)
class Needs:
    """By the number of an outcome: what `Calls` says of a call that has it."""

    responder: npt.NDArray[np.int16]
    priority: npt.NDArray[np.int8]
    target: npt.NDArray[np.float32]
    backup: npt.NDArray[np.int16]
    responders: tuple[str, ...]
    backups: tuple[str, ...]


def needs_of(policy: Policy, outcomes: Sequence[Mapping[str, Result]]) -> Needs:
    """The needs of every outcome; the first, a failure, needs nothing."""
    responder, responders = _words(policy, main_output(policy), outcomes)
    backup, backups = _words(policy, "backup", outcomes)
    priority = [_number(one.get("priority"), USUAL_PRIORITY) for one in outcomes]
    target = [_number(one.get("target_minutes"), float("nan")) for one in outcomes]
    return Needs(
        responder,
        np.clip(np.array(priority), 1, 127).astype(np.int8),
        np.array(target, np.float32),
        backup,
        responders,
        backups,
    )


def _words(
    policy: Policy, name: str, outcomes: Sequence[Mapping[str, Result]]
) -> tuple[Any, tuple[str, ...]]:
    """The word of each outcome as a place among all words that the policy has for an output."""
    said = [_text(one[name]) if name in one else None for one in outcomes]
    known: list[str] = []
    if name in policy.outcome:
        known = [str(value) for value in policy.output(name).domain.values]
    words = tuple(dict.fromkeys([*known, *(word for word in said if word is not None)]))
    places = {word: place for place, word in enumerate(words)}
    return np.array([places.get(word or "", NOT_TOLD) for word in said], np.int16), words


def _text(value: Result) -> str:
    """A value as a word; of a list, all of its values."""
    if isinstance(value, tuple):
        return " and ".join(format_value(one) for one in value)
    return format_value(value)


def _number(value: Result | None, otherwise: float) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return otherwise

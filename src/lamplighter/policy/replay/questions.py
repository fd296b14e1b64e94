"""Which questions that a history leaves open would close most of the gap between the bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import UNKNOWN
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import Question, Questions
from lamplighter.policy.replay.told_sets import gaps_of

Array: TypeAlias = npt.NDArray[Any]

# What is possible is asked at most so often; and where the policy is too large for a diagram.
_MOST_ASKED, _MOST_FOLLOWED = 40_000, 4_000
_TOGETHER = 3
# Cases of which it is worked out at once what can matter; then of twice as many.
_AT_FIRST = 1 << 8


@dataclass(frozen=True, slots=True)
class _Cases:
    """Open calls with the same facts, case by case.

    `codes` has by input the class in each case, -1 where it is not known; each case stands for so
    many `calls`, whose gap is in `gaps`.
    """

    codes: Array
    calls: Array
    gaps: Array

    def __len__(self) -> int:
        return len(self.calls)

    @property
    def gap(self) -> float:
        """The gaps of all calls."""
        return float((self.calls * self.gaps).sum())

    def picked(self, which: Array) -> _Cases:
        return _Cases(self.codes[:, which], self.calls[which], self.gaps[which])

    def and_also(self, others: _Cases) -> _Cases:
        return _Cases(
            np.concatenate([self.codes, others.codes], axis=1),
            np.concatenate([self.calls, others.calls]),
            np.concatenate([self.gaps, others.gaps]),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, the input that it tells, and the cases that it leaves open, if these are all."""

    question: Question
    place: int
    left: _Cases


def open_questions(possible: Possible, residues: Array, calls: Array, gaps: Array) -> Questions:
    """Work out what each open question is worth.

    So many `calls` have each of these residues; `gaps` has the gap of each set of outcomes.
    """
    own = gaps[possible.residues.sets[residues]]
    gap, opened = int((calls * own).sum()), int(calls[own > 0].sum())
    if not opened:
        return Questions(gap, (), (), 1.0)
    search = _Search(possible, gaps)
    residues, calls = residues[own > 0], calls[own > 0]
    # Of those with as many calls it is by chance, but always the same, which ones are looked at.
    order = np.lexsort((possible.residues.hashes[residues], -calls))[:_MOST_ASKED]
    cases, matter = search.affordable(residues[order], calls[order])
    asked = sorted(
        search.each(cases, matter), key=lambda one: (-one.question.closes, one.question.input)
    )
    together: list[Question] = []
    # What is unsure of many calls may turn out to be certain of each: then there is no question.
    chosen = asked[0] if asked else None
    while chosen and chosen.question.closes > (together[-1].closes if together else 0):
        together.append(chosen.question)
        if len(together) == _TOGETHER or not len(chosen.left):
            break
        matter = search.matter(chosen.left.codes)
        if matter.shape[1] < len(chosen.left):
            break
        chosen = max(
            search.each(chosen.left, matter),
            key=lambda one: (one.question.closes, -one.place),
            default=None,
        )
    return Questions(
        gap, tuple(one.question for one in asked), tuple(together), search.opened / opened
    )


class _Search:
    """Asks what is possible in many cases at once."""

    def __init__(self, possible: Possible, gaps: Array) -> None:
        self._possible = possible
        self._gaps = gaps
        self._axes = possible.bulk.compiled.axes
        self._answers = [_answers(axis) for axis in self._axes]
        self._many = np.array([len(classes) for classes, _ in self._answers])
        # The gap of all cases that are looked at, and their calls.
        self.gap = self.opened = 0.0

    def matter(self, codes: Array) -> Array:
        """By input, in which cases another answer can lead to another outcome: of the first cases,
        as many as can be looked at."""
        found, asked, start, many = [], 0, 0, _AT_FIRST
        while start < codes.shape[1]:
            matter = self._possible.all_that_can_matter(codes[:, start : start + many])
            # How often it is asked what is possible, to try all answers to each case.
            costs = asked + np.cumsum(self._many @ matter)
            fit = int(np.searchsorted(costs, self._most, "right"))
            found.append(matter[:, :fit])
            if fit < len(costs):
                break
            asked, start, many = costs[-1], start + many, 2 * many
        return np.concatenate(found, axis=1)

    @property
    def _most(self) -> int:
        """How often it may be asked what is possible."""
        return _MOST_FOLLOWED if self._possible.is_too_large else _MOST_ASKED

    def affordable(self, residues: Array, calls: Array) -> tuple[_Cases, Array]:
        """The first cases, as many as can be looked at, and what can matter in them."""
        codes = self._possible.residues.codes[:, residues]
        # One of them whatever it costs.
        matter = self.matter(codes)
        if not matter.shape[1]:
            matter = self._possible.all_that_can_matter(codes[:, :1])
        kept = slice(matter.shape[1])
        sets = self._possible.residues.sets[residues[kept]]
        unsure = np.isin(sets, list(self._possible.unsure))
        gaps = self._gaps[sets]
        gaps[unsure] = self._gaps_of(codes[:, kept][:, unsure])
        cases = _Cases(codes[:, kept], calls[kept].astype(float), gaps)
        self.gap, self.opened = cases.gap, float(cases.calls.sum())
        return cases.picked(gaps > 0), matter[:, gaps > 0]

    def _gaps_of(self, codes: Array) -> Array:
        found = self._possible.ask_all(codes)
        # Sets may have come up that no call has.
        new = gaps_of(self._possible, len(self._gaps))
        self._gaps = np.concatenate([self._gaps, new])
        return self._gaps[found]

    def each(self, cases: _Cases, matter: Array) -> list[_Asked]:
        """What each question does that can matter in these cases, which are all that is open."""
        places = np.flatnonzero(matter.any(axis=1)).tolist()
        answered = [self._answered(cases.picked(matter[place]), place) for place in places]
        if not answered:
            return []
        gaps = self._gaps_of(np.concatenate([codes for codes, _ in answered], axis=1))
        ends = np.cumsum([len(calls) for _, calls in answered])
        return [
            self._asked(cases, matter[place], place, _Cases(*one, own))
            for place, one, own in zip(places, answered, np.split(gaps, ends[:-1]), strict=True)
        ]

    def _answered(self, cases: _Cases, place: int) -> tuple[Array, Array]:
        """The cases once a question is answered, each answer as likely as the others."""
        classes, weights = self._answers[place]
        codes = np.repeat(cases.codes, len(classes), axis=1)
        codes[place] = np.tile(classes, len(cases))
        return codes, np.outer(cases.calls, weights).ravel()

    def _asked(self, cases: _Cases, matters: Array, place: int, answered: _Cases) -> _Asked:
        left = cases.picked(~matters).and_also(answered.picked(answered.gaps > 0))
        question = Question(
            self._axes[place].name,
            round(cases.calls[matters].sum()),
            (self.gap - left.gap) / self.gap if self.gap else 0.0,
            self.opened - float(left.calls.sum()),
        )
        return _Asked(question, place, left)


def _answers(axis: Axis) -> tuple[Array, Array]:
    """The classes that an answer can have, and how likely each is when all answers are equal."""
    known = {code: 0 for code in range(len(axis.examples)) if axis.examples[code] is not UNKNOWN}
    if axis.declared.type in ("choice", "boolean"):
        for fact, code in axis.codes.items():
            if fact is not UNKNOWN:
                known[code] += 1
        known = {code: count for code, count in known.items() if count}
    else:
        known = dict.fromkeys(known, 1)
    counts = np.array([*known.values()])
    return np.array([*known], np.int32), counts / counts.sum()

"""Looks through the boxes of a policy's rules for calls, so that the solver is asked less.

Of a table that no other comes before, what is found or not found is the whole truth. Before a
table with others before it, their answers count as free: where there is no call then, there is
none at all; where there is one, calls are sought that do lead to those answers, and only what
was tried on the tables (`Trial`) is said to be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamplighter.policy.prove.boxes import Axes, Box, TooMany, free_point
from lamplighter.policy.prove.trial import Trial

# So many ways to get the answers of the tables before are tried.
_MOST_TRIES = 60


@dataclass(frozen=True, slots=True)
class Found:
    """The classes of a call, if one was found, and whether there is none where it was not.

    `used` are rivals, as bits, that alone take all calls, where they do.
    """

    codes: tuple[int, ...] | None
    sure: bool = True
    used: int = 0


_UNSURE = Found(None, sure=False)


class Space:
    """The boxes of one table's rules, over the inputs and the answers of tables before it."""

    def __init__(self, trial: Trial, place: int) -> None:
        self.table = trial.compiled.tables[place]
        full = self.table.full
        columns = [
            (position, axis.masks[place])
            for position, axis in enumerate(trial.axes)
            if any(mask != full for mask in axis.masks[place])
        ]
        self.positions = [position for position, _ in columns]
        masks = [masks for _, masks in columns]
        self.sources: list[int] = []
        # Of what a sum may come to only the rules that look at it are told.
        self.unlisted = 0
        for link in self.table.links:
            if trial.compiled.tables[link.source].table.aggregate in ("sum", "count"):
                self.unlisted |= link.tested
            else:
                self.sources.append(link.source)
                masks.append(tuple(link.masks.values()))
        self.axes = Axes(masks, full)
        self.boxes = self.axes.boxes

    def stronger(self, rule: int) -> int:
        """The rules, as bits, that are taken in place of this one where both match."""
        return (1 << rule) - 1 if self.table.takes_first else 0

    def spoiling(self, rule: int) -> int | None:
        """The rules, as bits, with which this one does not decide alone; None where all count."""
        if self.table.takes_first:
            return self.stronger(rule)
        if self.table.unique:
            return self.table.full & ~(1 << rule)
        if self.table.any:
            return self.table.full & ~self.table.members(self.table.class_of_rule[rule])
        return None


class Search:
    """Looks for calls to the tables of one policy."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        tables = trial.compiled.tables
        self.spaces = [Space(trial, place) for place in range(len(tables))]
        self.before: list[list[int]] = []
        for table in tables:
            found = {*table.sources, *(p for source in table.sources for p in self.before[source])}
            self.before.append(sorted(found))
        self._tries = 0

    def call(self, place: int, box: Box, rivals: int, must: int = 0) -> Found:
        """A call in a box of one table that none of the rivals (bits) matches.

        The rules in `must` match everywhere in the box, as far as it tells.
        """
        space = self.spaces[place]
        try:
            free, used = free_point(space.axes, box, rivals & ~space.unlisted)
        except TooMany:
            return _UNSURE
        if free is None:
            return Found(None, used=used)
        region = [(1 << len(axis.examples)) - 1 for axis in self.trial.axes]
        wanted = self._narrowed(space, free, region, {})
        if not self.before[place]:
            return Found(_lowest(region))
        self._tries = 0
        codes = self._leading_to(self.before[place], region, wanted)
        if codes is not None:
            matching, answers = self.trial.run(codes)
            fits = not matching[place] & rivals and matching[place] & must == must
            if fits and self.reaches(place, answers):
                return Found(codes)
        return _UNSURE

    def reaches(self, place: int, answers: Sequence[int | None]) -> bool:
        """Whether the tables before one have answers."""
        return all(answers[source] is not None for source in self.before[place])

    def _leading_to(
        self, tables: list[int], region: list[int], wanted: Mapping[int, int]
    ) -> tuple[int, ...] | None:
        """A call in a region to which tables give answers that are wanted, if one is found."""
        if not tables:
            return self._tried(_lowest(region), wanted)
        space, answers = self.spaces[tables[-1]], wanted.get(tables[-1], -1)
        for rule, answer in enumerate(space.table.class_of_rule):
            if not answers >> answer & 1:
                continue
            spoiling = space.spoiling(rule)
            if spoiling is None:
                return self._leading_to(tables[:-1], region, wanted)
            self._tries += 1
            if self._tries > _MOST_TRIES:
                return None
            sides = [
                *(region[p] for p in space.positions),
                *(wanted.get(s, -1) for s in space.sources),
            ]
            box = [own & side for own, side in zip(space.boxes[rule], sides, strict=True)]
            if not all(box):
                continue
            try:
                free, _ = free_point(space.axes, box, spoiling & ~space.unlisted)
            except TooMany:
                continue
            if free is not None:
                narrower = region.copy()
                more = self._narrowed(space, free, narrower, wanted)
                codes = self._leading_to(tables[:-1], narrower, more)
                if codes is not None:
                    return codes
        return None

    def _tried(self, codes: tuple[int, ...], wanted: Mapping[int, int]) -> tuple[int, ...] | None:
        answers = self.trial.run(codes)[1]
        for source, some in wanted.items():
            answer = answers[source]
            if answer is None or not some >> answer & 1:
                return None
        return codes

    def _narrowed(
        self, space: Space, free: Box, region: list[int], wanted: Mapping[int, int]
    ) -> dict[int, int]:
        """Narrow a region to a part of a table's box; the answers that are wanted then."""
        for position, codes in zip(space.positions, free, strict=False):
            region[position] &= codes
        found = dict(wanted)
        for source, answers in zip(space.sources, free[len(space.positions) :], strict=True):
            found[source] = found.get(source, -1) & answers
        return found


def _lowest(box: Box) -> tuple[int, ...]:
    return tuple((codes & -codes).bit_length() - 1 for codes in box)

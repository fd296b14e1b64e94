"""Classes of calls: those that need the same kinds, going to the same places, with the same skills.

Either the first that waits of a class can be served, or none can.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Reason
from lamplighter.rehearsal.simulator.duty import Unit
from lamplighter.rehearsal.simulator.tables import column, table, words_for, words_of
from lamplighter.rehearsal.teams import Kind, Teams

Array = npt.NDArray[Any]

NOBODY, LIMITED, UNLIMITED = range(3)
ROLES = 3  # who leads, who comes along with the kind, who comes along by the policy
NO_CLASS = -1

CLASS = np.dtype(
    [
        ("why_never", "i8"),  # `Reason`, where no unit can ever come
        ("next", "i8"),  # the class to which its calls are handed on
        ("alone", "i8"),  # nobody comes along
        ("kind", "i8"),  # that leads
        ("need", "i8"),  # of it
        ("may_stand_down", "i8"),
    ]
)
ROLE = np.dtype([("kind", "i8"), ("need", "i8")])

_Key = tuple[int, int, int, int]  # kind, second kind or -1, place, need


class Classes:
    """The classes that can come up, numbered, with the units of each of their roles."""

    def __init__(self, calls: Calls, teams: Teams, units: Sequence[Unit]) -> None:
        self._kinds = tuple(teams.kinds.values())
        self._number = {kind.name: place for place, kind in enumerate(self._kinds)}
        self._units = units
        of_area, self._places = _places(calls, teams)
        of_nature, self._needs = _needs(calls, teams)
        self._known: dict[_Key, int] = {}
        self._backups: dict[tuple[int, int], int] = {}
        self._keys: list[_Key | None] = []
        self._rows: list[tuple[int, ...]] = []
        self._roles: list[tuple[int, int]] = []
        self._members: list[list[int]] = []
        answers = {
            answer: self._number[kind.name] for kind in self._kinds for answer in kind.answers
        }
        kind_of = [answers.get(name, -1) for name in calls.responders]
        second = [self._number.get(teams.second_unit.get(name, ""), -1) for name in calls.backups]
        self.codes, self.of_code, self.priorities = self._number_calls(
            calls, kind_of, second, of_area, of_nature
        )

    def records(self) -> Array:
        """`CLASS` for each class."""
        names = CLASS.names
        assert names is not None
        columns = zip(*self._rows, strict=True) if self._rows else [[] for _name in names]
        return table(CLASS, **dict(zip(names, map(list, columns), strict=True)))

    def roles(self) -> Array:
        """`ROLE` by class and role."""
        return np.array(self._roles, ROLE).reshape(-1, ROLES)

    def members(self) -> Array:
        """The units of each role, as bits by class, role and word."""
        words = words_for(len(self._units))
        members = [words_of(members, words) for members in self._members]
        return np.array(members, np.uint64).reshape(-1, ROLES, words)

    def backups(self) -> Array:
        """For each class, and each kind that served such a call, the class of its backup."""
        found = np.full((len(self._keys), len(self._kinds)), NO_CLASS, np.int64)
        for row, key in enumerate(self._keys):
            for place, kind in enumerate(self._kinds):
                if key is not None and kind.backup_kind is not None:
                    asked = self._number[kind.backup_kind], key[2]
                    found[row, place] = self._backups.get(asked, NO_CLASS)
        return found

    def by_unit(self) -> list[list[int]]:
        """For each unit the classes in which it has a role."""
        found: list[set[int]] = [set() for _unit in self._units]
        for place, members in enumerate(self._members):
            for unit in members:
                found[unit].add(place // ROLES)
        return [sorted(one) for one in found]

    def _number_calls(
        self,
        calls: Calls,
        kind_of: Sequence[int],
        second: Sequence[int],
        of_area: Array,
        of_nature: Array,
    ) -> tuple[Array, Array, Array]:
        """What each call needs as a code, the class of each code, and the priorities there are."""
        # The compiler is loaded only where calls are read.
        from lamplighter.rehearsal.simulator.reading import read_calls

        kinds = len(self._kinds)
        shape = [kinds + 1, kinds + 1, len(self._places), len(self._needs)]
        steps = [int(np.prod(shape[place + 1 :])) for place in range(4)]
        # Calls that nobody answers stand after all kinds. What is not told stands first in a table.
        tables = tuple(
            np.asarray(numbers, np.int32) * np.int32(step)
            for numbers, step in zip(
                (
                    [kind % (kinds + 1) for kind in [-1, *kind_of]],
                    [kind + 1 for kind in [-1, *second]],
                    of_area,
                    of_nature,
                ),
                steps,
                strict=True,
            )
        )
        columns = tuple(
            column(one, np.int16)
            for one in (calls.responder, calls.backup, calls.area, calls.nature)
        )
        codes, seen = np.empty(len(calls), np.int32), np.zeros(int(np.prod(shape)), np.bool_)
        priorities = np.zeros(256, np.bool_)
        read_calls(columns, tables, column(calls.priority, np.int8), codes, seen, priorities)
        classes = np.full(len(seen), NO_CLASS, np.int64)
        for one in np.flatnonzero(seen):
            kind, partner, place, need = (int(i) for i in np.unravel_index(one, shape))
            if kind < kinds:
                classes[one] = self._class_of((kind, partner - 1, place, need))
        return codes, classes, priorities

    def _class_of(self, key: _Key) -> int:
        if key in self._known:
            return self._known[key]
        kind, second, place, need = key
        asked = self._kinds[kind]
        after = self._number.get(asked.takes_over or "", -1)
        follows = self._class_of((after, second, place, need)) if after >= 0 else NO_CLASS
        if asked.backup_kind is not None:
            helper = self._number[asked.backup_kind], place
            if helper not in self._backups:
                self._backups[helper] = self._add(
                    None, [helper[0], -1, -1], place, frozenset(), NO_CLASS
                )
        partner = self._number.get(asked.together_with or "", -1)
        roles = [kind, partner, -1 if second == partner else second]
        self._known[key] = self._add(key, roles, place, self._needs[need], follows)
        return self._known[key]

    def _add(
        self,
        key: _Key | None,
        roles: Sequence[int],
        place: int,
        skills: frozenset[str],
        follows: int,
    ) -> int:
        reason = Reason.NONE
        for role, kind in enumerate(roles):
            members: list[int] = []
            need = NOBODY
            if kind >= 0:
                need = UNLIMITED if self._kinds[kind].unlimited else LIMITED
            if need == LIMITED:
                wanted = skills if role == 0 else frozenset[str]()
                members, why = self._who(self._kinds[kind], self._places[place], wanted)
                reason = reason or why
            self._members.append(members)
            self._roles.append((max(kind, 0), need))
        armed = any(self._kinds[kind].armed for kind in roles if kind >= 0)
        alone = max(roles[1:]) < 0
        self._keys.append(key)
        share = self._kinds[roles[0]].stands_down_share
        may_stand_down = not armed and any((share.usual, *share.by_nature.values()))
        lead = self._roles[-ROLES]
        self._rows.append((int(reason), follows, int(alone), *lead, int(may_stand_down)))
        return len(self._rows) - 1

    def _who(
        self, kind: Kind, area: str | None, wanted: frozenset[str]
    ) -> tuple[list[int], Reason]:
        of_kind = [i for i, unit in enumerate(self._units) if unit.units.kind == kind.name]
        going = [
            i
            for i in of_kind
            if (areas := self._units[i].units.areas) is None or (area is not None and area in areas)
        ]
        skilled = [i for i in going if wanted <= self._units[i].units.skills]
        if not of_kind:
            return skilled, Reason.OUTSIDE_HOURS
        if not going:
            return skilled, Reason.OUTSIDE_AREA
        return skilled, Reason.NONE if skilled else Reason.NO_SKILL


def _places(calls: Calls, teams: Teams) -> tuple[Array, tuple[str | None, ...]]:
    """Areas to which the same units go are one place: the place of each area, and one area of each.

    The first place is that of calls without an area, and of areas that no units name.
    """
    limits = sorted({units.areas for units in teams.units if units.areas is not None}, key=sorted)
    known: dict[tuple[bool, ...], int] = {(False,) * len(limits): 0}
    areas: list[str | None] = [None]
    places = []
    for name in calls.areas:
        going = tuple(name in limit for limit in limits)
        if going not in known:
            known[going] = len(areas)
            areas.append(name)
        places.append(known[going])
    return np.array([0, *places], np.int64), tuple(areas)


def _needs(calls: Calls, teams: Teams) -> tuple[Array, tuple[frozenset[str], ...]]:
    """The sets of skills that natures need, and which of them each nature needs."""
    wanted = [teams.needs.get(name, frozenset()) for name in calls.natures]
    needs = sorted({frozenset[str](), *wanted}, key=sorted)
    return np.array([needs.index(one) for one in [frozenset(), *wanted]], np.int64), tuple(needs)

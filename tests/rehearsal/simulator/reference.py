"""The same city, played slowly: one moment after the other, everything looked at every time.

It does what docs/simulator.md says in another way than the compiled loop: objects instead of
arrays, no heap, no classes of calls, one list of all that wait, luck in whole numbers of Python.
When shifts begin and end it takes from `units_of`, which has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import cos, inf, isnan, log1p, nan, pi, sqrt
from zoneinfo import ZoneInfo

import numpy as np

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.outcome import Reason, Status
from lamplighter.rehearsal.simulator.duty import Unit, Window, units_of
from lamplighter.rehearsal.teams import Kind, Law, Minutes, Share, Step, Teams

STEPS = ["to_arrive", "to_leave", "on_scene", "write_up", "transport", "backup_on_scene"]
TRAVEL, TRANSPORTED, ASKS, STANDS_DOWN, PATIENCE = 6, 7, 8, 9, 10
LEAD, PARTNER, SECOND, BACKUP, POLICE = range(5)
MASK = 2**64 - 1
Place = tuple[float, float, str | None]


def mix(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def quantile(minutes: Minutes, share: float) -> float:
    if minutes.law is Law.FIXED:
        return minutes.values[0]
    if minutes.law is Law.EXPONENTIAL:
        return -minutes.values[0] * log1p(-share)
    assert minutes.law is Law.PERCENTILES
    return float(np.interp(share, minutes.at, minutes.values))


@dataclass(eq=False)
class Car:
    """A unit: what it does, and its way from one place at one time to another at another."""

    number: int
    unit: Unit
    base: Place
    doing: str = "off"
    until: float = inf
    start: tuple[Place, float] = ((nan, nan, None), 0.0)
    goal: tuple[Place, float] = ((nan, nan, None), 0.0)
    rested: float = 0.0
    broke: Window | None = None
    work: list[tuple[float, float]] = field(default_factory=list)

    def window(self, time: float) -> Window | None:
        return next((one for one in self.unit.windows if one.begins <= time < one.ends), None)

    def at(self, time: float) -> Place:
        (x0, y0, area0), leaves = self.start
        (x1, y1, area1), there = self.goal
        if time >= there:
            return x1, y1, area1
        gone = (time - leaves) / (there - leaves)
        return x0 + gone * (x1 - x0), y0 + gone * (y1 - y0), area0 if gone < 0.5 else area1


@dataclass(eq=False)
class Wanting:
    """A call that waits for a kind; or a team at a call that waits for backup."""

    call: int
    kind: Kind
    since: float
    police: float = inf
    backup: bool = False


class Reference:
    """Plays once; the fields are those of a `Run`."""

    def __init__(self, calls: Calls, teams: Teams, seed: int, replication: int) -> None:
        self.calls, self.teams = calls, teams
        self.key = mix(mix(seed & MASK) + replication)
        count = len(calls)
        self.status = [Status.UNSERVED] * count
        self.reason = [Reason.NONE] * count
        self.kind: list[str | None] = [None] * count
        self.unit = [-1] * count
        self.dispatched, self.arrived, self.cleared = ([nan] * count for _ in range(3))
        self.backup = [False] * count
        self.patient: dict[int, float] = {}
        self.asking: dict[int, float] = {}
        self.waiting: list[Wanting] = []
        self.zone = ZoneInfo(calls.time_zone)
        self.horizon = calls.days * 1440
        known = [x for x in calls.latitude if not isnan(x)]
        self.middle = sum(known) / len(known) if known else 0.0
        self.cars = [Car(i, u, self._base(u)) for i, u in enumerate(units_of(calls, teams))]

    # places

    def _flat(self, latitude: float, longitude: float) -> tuple[float, float]:
        radius = 6371.0088
        return radius * cos(
            self.middle * pi / 180
        ) * longitude * pi / 180, radius * latitude * pi / 180

    def _place(self, call: int) -> Place:
        area = self.calls.areas[self.calls.area[call]] if self.calls.area[call] >= 0 else None
        x, y = self._flat(float(self.calls.latitude[call]), float(self.calls.longitude[call]))
        return x, y, area if area in self.teams.travel.areas else None

    def _base(self, unit: Unit) -> Place:
        calls, areas = range(len(self.calls)), unit.units.areas
        if unit.units.base is not None:
            x, y = self._flat(*unit.units.base)
        else:
            here = [
                self._place(i)[:2]
                for i in calls
                if not isnan(self.calls.latitude[i]) and (areas is None or self._area(i) in areas)
            ]
            x = sum(one[0] for one in here) / len(here) if here else nan
            y = sum(one[1] for one in here) / len(here) if here else nan
        if areas is not None and len(areas) == 1:
            (name,) = areas
            return x, y, name if name in self.teams.travel.areas else None
        near = [self._place(i) for i in calls if self._place(i)[2] and not isnan(self._place(i)[0])]
        if not near or isnan(x):
            return x, y, None
        return x, y, min(near, key=lambda one: (one[0] - x) ** 2 + (one[1] - y) ** 2)[2]

    def _area(self, call: int) -> str | None:
        return self.calls.areas[self.calls.area[call]] if self.calls.area[call] >= 0 else None

    def _pace(self, time: float) -> float:
        hour = (
            (self.calls.start + np.timedelta64(int(time // 60), "h").item())
            .astimezone(self.zone)
            .hour
        )
        travel = self.teams.travel
        return travel.street_factor * 60 / travel.speed_km_h[hour]

    def _drive(self, start: Place, goal: Place, time: float) -> float | None:
        travel = self.teams.travel
        if start[2] is not None and goal[2] is not None:
            return travel.matrix[travel.areas.index(start[2])][travel.areas.index(goal[2])]
        if isnan(start[0]) or isnan(goal[0]):
            return None
        return sqrt((start[0] - goal[0]) ** 2 + (start[1] - goal[1]) ** 2) * self._pace(time)

    # luck

    def _luck(self, call: int, step: int) -> float:
        word = mix((self.key + call) & MASK) ^ (((step + 1) * 0x94D049BB133111EB) & MASK)
        return ((mix(word) >> 11) + 0.5) * 2.0**-53

    def _nature(self, call: int) -> str:
        number = self.calls.nature[call]
        return self.calls.natures[number] if number >= 0 else ""

    def _draw(self, call: int, name: str, kind: Kind, role: int = LEAD) -> float:
        step: Step = getattr(kind, name)
        minutes = step.by_nature.get(self._nature(call), step.usual)
        return quantile(minutes, self._luck(call, 16 * role + STEPS.index(name)))

    def _chance(self, call: int, share: Share, step: int) -> bool:
        return self._luck(call, step) < share.by_nature.get(self._nature(call), share.usual)

    # who can go

    def _second(self, call: int) -> str | None:
        number = self.calls.backup[call]
        return self.teams.second_unit.get(self.calls.backups[number]) if number >= 0 else None

    def _roles(self, want: Wanting) -> list[tuple[int, Kind]]:
        kinds = self.teams.kinds
        if want.backup:
            assert want.kind.backup_kind is not None
            return [(BACKUP, kinds[want.kind.backup_kind])]
        roles = [(LEAD, want.kind)]
        partner, second = want.kind.together_with, self._second(want.call)
        if partner is not None:
            roles.append((PARTNER, kinds[partner]))
        if second is not None and second != partner:
            roles.append((SECOND, kinds[second]))
        return roles

    def _can(self, want: Wanting, role: int, kind: Kind) -> tuple[list[Car], Reason]:
        of_kind = [car for car in self.cars if car.unit.units.kind == kind.name]
        area = self._area(want.call)
        going = [
            car
            for car in of_kind
            if car.unit.units.areas is None or (area is not None and area in car.unit.units.areas)
        ]
        needs = (
            self.teams.needs.get(self._nature(want.call), frozenset())
            if role == LEAD
            else frozenset()
        )
        able = [car for car in going if needs <= car.unit.units.skills]
        if not of_kind:
            return able, Reason.OUTSIDE_HOURS
        if not going:
            return able, Reason.OUTSIDE_AREA
        return able, Reason.NONE if able else Reason.NO_SKILL

    def _limited(self, want: Wanting) -> list[tuple[int, Kind]]:
        return [(role, kind) for role, kind in self._roles(want) if not kind.unlimited]

    def _never(self, want: Wanting) -> Reason:
        whys = [self._can(want, role, kind)[1] for role, kind in self._limited(want)]
        return next((why for why in whys if why), Reason.NONE)

    # sending

    def _way(self, car: Car, call: int, role: int, time: float) -> float:
        known = self._drive(car.at(time), self._place(call), time)
        if known is not None:
            return known
        return quantile(self.teams.travel.unknown_minutes, self._luck(call, 16 * role + TRAVEL))

    def _send(self, want: Wanting, time: float) -> bool:
        call = want.call
        if want.backup and self.cleared[call] <= time:
            return True
        chosen: dict[int, Car] = {}
        for role, kind in self._limited(want):
            free = [
                car
                for car in self._can(want, role, kind)[0]
                if car.doing == "free" and car not in chosen.values()
            ]
            if not free:
                return False
            chosen[role] = min(
                free, key=lambda car: (self._way(car, call, role, time), car.rested, car.number)
            )
        there = {}
        for role, kind in self._roles(want):
            if kind.unlimited:
                there[role] = time + self._draw(call, "to_arrive", kind, role)
            else:
                way = self._way(chosen[role], call, role, time)
                there[role] = time + (self._draw(call, "to_leave", kind, role) + way)
        if want.backup:
            until = there[BACKUP] + self._draw(call, "backup_on_scene", want.kind)
            self._work(chosen[BACKUP], call, time, until)
            return True
        if want.police <= there[LEAD]:
            self._police(want, time, there[LEAD])
            for role, car in chosen.items():
                self._work(car, call, time, max(there[role], there[LEAD]))
            return True
        over = max(there.values()) + self._draw(call, "on_scene", want.kind)
        cleared = over
        if self._chance(call, want.kind.transport_share, TRANSPORTED):
            cleared += self._draw(call, "transport", want.kind)
        cleared += self._draw(call, "write_up", want.kind)
        if self._chance(call, want.kind.backup_share, ASKS):
            self.backup[call] = True
            self.asking[call] = there[LEAD]
        unit = chosen[LEAD].number if LEAD in chosen else -1
        self._note(call, want.kind.name, unit, time, there[LEAD], cleared)
        for role, car in chosen.items():
            until = over + self._draw(call, "write_up", dict(self._roles(want))[role], role)
            self._work(car, call, time, cleared if role == LEAD else until)
        return True

    def _work(self, car: Car, call: int, time: float, until: float) -> None:
        place = self._place(call)
        if isnan(place[0]) and place[2] is None:
            place = car.at(time) if car.unit.units.roams else car.base
        car.doing, car.until = "busy", until
        car.work.append((time, until))
        car.start = (place, until)
        if car.unit.units.roams:
            car.goal = (place, until)
        else:
            car.goal = (car.base, until + (self._drive(place, car.base, until) or 0.0))

    def _note(
        self, call: int, kind: str | None, unit: int, time: float, arrived: float, cleared: float
    ) -> None:
        right = self._first_kind(call)
        served = right is not None and right.name == kind
        self.status[call] = Status.SERVED if served else Status.TAKEN_OVER
        self.kind[call], self.unit[call] = kind, unit
        self.dispatched[call], self.arrived[call], self.cleared[call] = time, arrived, cleared

    def _police(self, want: Wanting, time: float, arrived: float) -> None:
        call, police = want.call, self._police_kind()
        cleared = arrived
        if police is not None and police.unlimited:
            time, arrived = float(self.calls.minute[call]), want.police
            cleared = arrived + self._draw(call, "on_scene", police)
            if self._chance(call, police.transport_share, TRANSPORTED):
                cleared += self._draw(call, "transport", police)
            cleared += self._draw(call, "write_up", police)
        self.reason[call] = self.reason[call] or Reason.POLICE_FIRST
        self._note(call, police.name if police else None, -1, time, arrived, cleared)
        self.status[call] = Status.TAKEN_OVER

    def _police_kind(self) -> Kind | None:
        armed = [kind for kind in self.teams.kinds.values() if kind.armed]
        return next((kind for kind in armed if kind.unlimited), armed[0] if armed else None)

    def _first_kind(self, call: int) -> Kind | None:
        answer = (
            self.calls.responders[self.calls.responder[call]]
            if self.calls.responder[call] >= 0
            else None
        )
        return next((kind for kind in self.teams.kinds.values() if answer in kind.answers), None)

    # waiting

    def _ask(self, call: int, kind: Kind | None, time: float) -> None:
        while kind is not None:
            want = Wanting(call, kind, time)
            why = self._never(want)
            if not why:
                want.police = self._police_comes(want)
                if -inf < want.police <= time:
                    self._police(want, time, time)
                    return
                self.waiting.append(want)
                self._serve(time)
                if want not in self.waiting:
                    return
                limit = time + kind.waits_at_most
                if kind.waits_at_most == inf or (
                    kind.waits_at_most > 0 and self._on_duty_by(want, time) <= limit
                ):
                    if kind.patience is not None and call not in self.patient:
                        patience = quantile(kind.patience, self._luck(call, PATIENCE))
                        self.patient[call] = max(float(self.calls.minute[call]) + patience, time)
                    return
                self.waiting.remove(want)
                why = self._why(want, time)
            self.reason[call] = self.reason[call] or why
            kind = self.teams.kinds.get(kind.takes_over or "")
        self.status[call] = Status.UNSERVED

    def _police_comes(self, want: Wanting) -> float:
        if any(kind.armed for role, kind in self._roles(want) if role != LEAD):
            return inf
        if not self._chance(want.call, want.kind.stands_down_share, STANDS_DOWN):
            return inf
        police = self._police_kind()
        if police is None or not police.unlimited:
            return -inf
        came = float(self.calls.minute[want.call])
        return came + self._draw(want.call, "to_arrive", police, POLICE)

    def _on_duty_by(self, want: Wanting, time: float) -> float:
        latest = time
        for role, kind in self._limited(want):
            times = [
                max(one.begins, time)
                for car in self._can(want, role, kind)[0]
                for one in car.unit.windows
                if one.ends > time
            ]
            latest = max(latest, min(times, default=inf))
        return latest

    def _why(self, want: Wanting, time: float) -> Reason:
        for role, kind in self._limited(want):
            windows = [one for car in self._can(want, role, kind)[0] for one in car.unit.windows]
            if not any(one.begins <= time and one.ends > want.since for one in windows):
                return Reason.OUTSIDE_HOURS
        return Reason.NO_UNIT_FREE

    def _due(self, want: Wanting) -> float:
        if want.backup:
            return inf
        due = min(want.since + want.kind.waits_at_most, self.patient.get(want.call, inf))
        return min(due, want.police) if want.police > want.since else due

    def _serve(self, time: float) -> None:
        """Send to the first that can be sent to, until there is none."""

        def urgency(want: Wanting) -> tuple[float, float]:
            if want.backup:
                return 0, want.since
            return float(self.calls.priority[want.call]), want.call

        while True:
            for want in sorted(self.waiting, key=urgency):
                if self._send(want, time):
                    self.waiting.remove(want)
                    break
            else:
                return

    def _fall_due(self, want: Wanting, time: float) -> None:
        self.waiting.remove(want)
        call = want.call
        if want.police == time:
            self._police(want, time, time)
            return
        self.reason[call] = self.reason[call] or self._why(want, time)
        if self.patient.get(call, inf) == time:
            self.status[call] = Status.WITHDRAWN
        else:
            self.status[call] = Status.UNSERVED
            self._ask(call, self.teams.kinds.get(want.kind.takes_over or ""), time)

    # units

    def _idle(self, car: Car, time: float) -> None:
        window = car.window(time)
        car.until = inf
        if window is None:
            car.doing = "off"
        elif window.break_at <= time and car.broke is not window:
            car.doing, car.until, car.broke = "break", time + window.break_minutes, window
        else:
            car.doing, car.rested = "free", time
            self._serve(time)

    def _begin(self, car: Car, time: float) -> None:
        if car.doing != "busy":
            car.start = car.goal = (car.base, time)
            self._idle(car, time)

    def _pause(self, car: Car, time: float) -> None:
        if car.doing == "free":
            self._idle(car, time)

    def _end(self, car: Car, time: float) -> None:
        if car.doing in ("free", "break") and car.window(time) is None:
            self._idle(car, time)

    # time

    def _coming(
        self, after: tuple[float, int, float]
    ) -> Iterator[tuple[float, int, float, object]]:
        for car in self.cars:
            if car.doing == "busy":
                yield car.until, 0, car.number, lambda t, c=car: self._idle(c, t)
            if car.doing == "break":
                yield car.until, 2, car.number, lambda t, c=car: self._idle(c, t)
            for one in car.unit.windows:
                yield one.begins, 1, car.number, lambda t, c=car: self._begin(c, t)
                if one.break_at < one.ends:
                    yield one.break_at, 3, car.number, lambda t, c=car: self._pause(c, t)
                yield one.ends, 4, car.number, lambda t, c=car: self._end(c, t)
        for call, asked in self.asking.items():
            yield asked, 5, call, lambda t, c=call: self._ask_backup(c, t)
        for want in self.waiting:
            yield self._due(want), 6, want.call, lambda t, w=want: self._fall_due(w, t)
        for call, minute in enumerate(self.calls.minute):
            yield float(minute), 7, call, lambda t, c=call: self._take(c, t)

    def _ask_backup(self, call: int, time: float) -> None:
        del self.asking[call]
        kind = self.teams.kinds[self.kind[call] or ""]
        want = Wanting(call, kind, time, backup=True)
        if self._limited(want) and not self._never(want):
            self.waiting.append(want)
            self._serve(time)

    def _take(self, call: int, time: float) -> None:
        kind = self._first_kind(call)
        if kind is None:
            self.status[call] = Status.NOT_REHEARSED
        else:
            self._ask(call, kind, time)

    def play(self) -> Reference:
        now: tuple[float, int, float] = (-1.0, 0, 0)
        while True:
            # What lasts has no length of its own, so a unit may be free at the minute it was sent.
            coming = [
                one
                for one in self._coming(now)
                if one[:3] > now or (one[0] >= now[0] and one[1] in (0, 2, 5, 6))
            ]
            if not coming:
                break
            time, order, who, action = min(coming, key=lambda one: one[:3])
            if time >= self.horizon:
                break
            now = max(now, (time, order, who))
            action(time)  # type: ignore[operator]
        for want in self.waiting:
            if not want.backup:
                self.status[want.call] = Status.UNSERVED
                self.reason[want.call] = self.reason[want.call] or Reason.STILL_WAITING
        return self

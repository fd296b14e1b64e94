"""What several sections show of a scenario: names, tones, areas, the teams' own calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from lamplighter.history.areas import Areas
from lamplighter.pictures import Frame, Outlines, choropleth, outlines
from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import team_kinds
from lamplighter.rehearsal.outcome import Dimension, Group
from lamplighter.rehearsal.rehearsing import Rehearsal, Scenario
from lamplighter.rehearsal.report.few import few
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.kept import Kept, kept_of
from lamplighter.rehearsal.report.kept_outcomes import (
    KeptOutcomes,
    count,
    is_few,
    kept_outcomes_of,
)
from lamplighter.rehearsal.report.say import FEW, Say, labels_of, named
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value

_MEDICAL = ("ems", "fire", "ambulance")
_DESK = ("desk", "phone", "line", "self_service", "online")


@dataclass(frozen=True)
class Shown:
    """A rehearsal with what the page needs to name and place its parts."""

    rehearsal: Rehearsal

    @property
    def asked(self) -> Scenario:
        return self.rehearsal.asked

    @cached_property
    def responders(self) -> Mapping[str, Words]:
        return labels_of(self.rehearsal.policy, self.rehearsal.replay.main_output)

    @cached_property
    def natures(self) -> Mapping[str, Words]:
        return labels_of(self.rehearsal.policy, "nature")

    def responder(self, value: str) -> Words | str:
        return named(self.responders, value)

    def nature(self, value: str | None) -> Words | str:
        return named(self.natures, value)

    def kind(self, name: str) -> Words | str:
        kind = self.rehearsal.teams.kinds.get(name)
        if kind is None:
            return name.replace("_", " ")
        label = kind.label
        english = label.get("en", name)
        return Words(english, label.get("es", english))

    @cached_property
    def kept(self) -> Kept:
        """What is not told, so that nobody can be found."""
        return kept_of(self.rehearsal)

    @cached_property
    def kept_outcomes(self) -> KeptOutcomes:
        """What is not told of what became of the calls."""
        return kept_outcomes_of(self.rehearsal, self.kept.natures, self.kept.responders)

    def of_all(self, say: Say, outcome: str, *, around: bool = True) -> str:
        """Of how many of the teams' calls this became, in words; a share where it may be told."""
        whole = self.asked.own.whole
        value = getattr(whole, outcome)
        if outcome not in self.kept_outcomes.whole:
            return say.around(value) if around else say.share(value.mean)
        if is_few(count(whole, outcome)):
            return say("hardly any", "casi ninguna")
        if is_few(whole.calls - count(whole, outcome)):
            return say("nearly all", "casi todas")
        return say("a part", "una parte")

    @cached_property
    def own_answers(self) -> frozenset[str]:
        """The responders of the policy that the rehearsed teams are."""
        return frozenset(a for kind in team_kinds(self.rehearsal.teams) for a in kind.answers)

    def tone(self, responder: str) -> str:
        """Four tones: the teams, police, ambulance and fire, and those who send nobody."""
        if responder in self.own_answers:
            return "tone-team"
        if responder == "police":
            return "tone-police"
        if responder.startswith(_MEDICAL):
            return "tone-medical"
        if responder.endswith(_DESK):
            return "tone-desk"
        return "tone-other"

    def groups(self, dimension: Dimension) -> tuple[Group, ...]:
        """The teams' own calls by something."""
        return self.asked.own.by.get(dimension, ())

    @cached_property
    def weeks(self) -> float:
        return self.asked.own.days / 7

    @cached_property
    def outlines(self) -> Outlines | None:
        areas = self.rehearsal.areas
        return None if areas is None else _outlines(areas)

    def map(
        self,
        sheet: tuple[str, Words, Column],
        finding: Words,
        note: Words,
        value: Callable[[Group], float | None],
        show: Callable[[Say, float], str],
        *,
        wide: bool = False,
    ) -> Figure | None:
        """A map of the teams' own calls; areas of few calls are told with their neighbors.

        value: None where it would tell of few calls, though the area's own are not few
        wide: by the regions of which a share served tells of no few calls
        """
        shapes = self.outlines
        joined = self.rehearsal.wide if wide else self.rehearsal.regions
        if shapes is None or joined is None or (wide and len(joined.names) < 2):
            return None
        groups = self.asked.wide if wide else self.groups(Dimension.AREA)
        found = {group.label: group for group in groups if group.calls > 0}
        hidden = {
            label
            for label, hide in zip(found, few([g.calls for g in found.values()]), strict=True)
            if hide
        }
        called = [joined.names[number] for number in joined.of_area]
        placed = [self._value(found, hidden, name, value) for name in called]
        key, title, column = sheet
        rows: list[tuple[Value, ...]] = []
        for name, members in zip(joined.names, joined.members, strict=True):
            if name in found and name not in hidden:
                group = found[name]
                rows.append((name, "; ".join(members), round(group.calls), value(group)))
        rows.sort(key=lambda row: -float(str(row[2])))

        def draw(say: Say, frame: Frame) -> str:
            return choropleth(
                frame,
                shapes,
                placed,
                show=lambda one: show(say, one),
                hidden=say.of(FEW),
                empty=say("no calls", "sin llamadas"),
                together=called,
            )

        columns = (
            Column("area", Words("Area", "Zona")),
            Column("areas", Words("Areas told as one", "Zonas que van juntas")),
            Column("calls", Words("Calls in the period", "Llamadas en el periodo"), "count"),
            column,
        )
        return Figure(Sheet(key, title, columns, tuple(rows)), finding, note, draw, True)

    @staticmethod
    def _value(
        found: Mapping[str, Group],
        hidden: Collection[str],
        name: str,
        value: Callable[[Group], float | None],
    ) -> float | None:
        if name in hidden:
            return None
        return value(found[name]) if name in found else float("nan")


def _outlines(areas: Areas) -> Outlines:
    """Borders simplified to 25 m: finer than a picture on a page can show."""
    rings = [
        [[(float(x), float(y)) for x, y in ring] for ring in area] for area in areas.simplified(25)
    ]
    return outlines("area", areas.names, rings)

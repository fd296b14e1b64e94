"""The teams of a file as a table in a form: units, shifts and costs, errors beside their field."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from lamplighter.rehearsal.costs.names import COST_NAMES, unit_words
from lamplighter.rehearsal.teams import Assumed, Teams
from lamplighter.rehearsal.teams_file.writing import (
    Base,
    CostRow,
    ShiftRow,
    UnitRow,
    rows_of,
)

from .files import in_language

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
DAYS = (
    (0, _("Mo")),
    (1, _("Tu")),
    (2, _("We")),
    (3, _("Th")),
    (4, _("Fr")),
    (5, _("Sa")),
    (6, _("Su")),
)
_CLOCK = {"type": "time"}


class UnitForm(forms.Form):
    """Who they are and where they wait."""

    name = forms.CharField(label=_("Name of the units"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"))
    base = forms.CharField(label=_("Base"), max_length=120, required=False)
    roams = forms.BooleanField(label=_("Waits where its last call was"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["base"].widget.attrs |= {"list": "areas-known"}

    def clean_base(self) -> Base:
        """An area by its name, or a point."""
        said = self.cleaned_data["base"]
        if not said:
            return None
        if not re.match(r"\s*-?\d", said):
            return str(said)
        point = _POINT.fullmatch(said)
        if point is None or abs(float(point[1])) > 90 or abs(float(point[2])) > 180:
            raise forms.ValidationError(
                _("Write the name of an area, or latitude and longitude: 39.32, -103.20.")
            )
        return float(point[1]), float(point[2])


class ShiftForm(forms.Form):
    """When they work, and how many."""

    days = forms.TypedMultipleChoiceField(label=_("Days"), choices=DAYS, coerce=int)
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(_CLOCK, "%H:%M"))
    ends = forms.TimeField(label=_("To"), widget=forms.TimeInput(_CLOCK, "%H:%M"))
    number = forms.IntegerField(label=_("Units"), min_value=0, max_value=10_000)


class CostForm(forms.Form):
    """What is assumed, from low to high."""

    low = forms.FloatField(label=_("Low"), min_value=0)
    value = forms.FloatField(label=_("Taken as"), min_value=0)
    high = forms.FloatField(label=_("High"), min_value=0)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            field.widget.attrs["step"] = "any"

    def clean(self) -> None:
        said = [self.cleaned_data.get(name) for name in ("low", "value", "high")]
        if None not in said and said != sorted(said, key=float):  # type: ignore[arg-type]
            self.add_error("value", _("It must lie between low and high."))


@dataclass(frozen=True)
class UnitCard:
    """Units with their shifts."""

    place: int
    called: str
    form: UnitForm
    shifts: tuple[ShiftForm, ...]


@dataclass(frozen=True)
class CostLine:
    """An assumption of cost: what it is called, its unit, where it comes from."""

    name: str
    label: str
    unit: str
    source: str
    form: CostForm


@dataclass(frozen=True)
class TeamTable:
    """A table of the teams of one text, which `of` names by its hash."""

    of: str
    units: tuple[UnitCard, ...]
    costs: tuple[CostLine, ...]

    def forms(self) -> Iterator[forms.Form]:
        for card in self.units:
            yield card.form
            yield from card.shifts
        for line in self.costs:
            yield line.form

    def fields(self) -> Iterator[BoundField]:
        """All fields, each of which has a place for its errors."""
        for form in self.forms():
            yield from form

    def is_valid(self) -> bool:
        return not sum(not form.is_valid() for form in self.forms())

    def unit_rows(self) -> list[UnitRow]:
        """The units as they were filled in."""
        return [_unit_row(card) for card in self.units]

    def cost_rows(self) -> dict[str, CostRow]:
        return {line.name: CostRow(**line.form.cleaned_data) for line in self.costs}


def hash_of(text: str) -> str:
    """What a table names its text by."""
    return hashlib.sha256(text.encode()).hexdigest()


def table_of(
    text: str, teams: Teams, language: str, data: Mapping[str, Any] | None = None
) -> TeamTable:
    """The table of a text that can be read; with `data`, as somebody filled it in."""
    kinds = [
        (name, in_language(kind.label, language, name))
        for name, kind in teams.kinds.items()
        if not kind.unlimited
    ]
    units = tuple(
        UnitCard(
            place,
            row.name,
            UnitForm(data, prefix=f"u{place}", initial=_unit_first(row), kinds=kinds),
            tuple(
                ShiftForm(data, prefix=f"u{place}s{at}", initial=_shift_first(shift))
                for at, shift in enumerate(row.shifts)
            ),
        )
        for place, row in enumerate(rows_of(teams))
    )
    costs = tuple(
        CostLine(
            name,
            _cost_label(cost, language),
            _unit(cost.unit, language),
            cost.source,
            CostForm(
                data,
                prefix=f"c{place}",
                initial={key: f"{getattr(cost, key):g}" for key in ("low", "value", "high")},
            ),
        )
        for place, (name, cost) in enumerate(teams.costs.items())
    )
    return TeamTable(hash_of(text), units, costs)


def changed_rows(rows: Sequence[UnitRow], change: str) -> list[UnitRow]:
    """The rows with a unit or a shift more or less: `add unit`, `add shift 0`, `remove shift 0 1`.

    >>> van = UnitRow("Van", "team", None, False, (USUAL_SHIFT,), 0)
    >>> [row.name for row in changed_rows([van], "add unit")]
    ['Van', 'Van 2']
    """
    found = list(rows)
    words = change.split()
    what = " ".join(words[:2])
    try:
        at = [int(place) for place in words[2:]]
        if what == "add unit":
            found.append(_another(found))
        elif what == "remove unit":
            del found[at[0]]
        elif what == "add shift":
            found[at[0]] = _with_shifts(found[at[0]], (*found[at[0]].shifts, USUAL_SHIFT))
        elif what == "remove shift":
            shifts = list(found[at[0]].shifts)
            del shifts[at[1]]
            found[at[0]] = _with_shifts(found[at[0]], tuple(shifts))
    except (ValueError, IndexError):
        return list(rows)
    return found


USUAL_SHIFT = ShiftRow(frozenset(range(7)), time(8), time(16), False, 1)


def _another(rows: Sequence[UnitRow]) -> UnitRow:
    """One more unit like the last, under a name of its own."""
    last = rows[-1]
    taken = {row.name for row in rows}
    number = next(n for n in range(2, len(rows) + 3) if f"{last.name} {n}" not in taken)
    return UnitRow(f"{last.name} {number}", last.kind, last.base, last.roams, (USUAL_SHIFT,))


def _with_shifts(row: UnitRow, shifts: tuple[ShiftRow, ...]) -> UnitRow:
    return UnitRow(row.name, row.kind, row.base, row.roams, shifts, row.was)


def _unit_first(row: UnitRow) -> dict[str, Any]:
    base = row.base
    return {
        "name": row.name,
        "kind": row.kind,
        "base": f"{base[0]}, {base[1]}" if isinstance(base, tuple) else base or "",
        "roams": row.roams,
    }


def _shift_first(row: ShiftRow) -> dict[str, Any]:
    return {
        "days": sorted(row.days),
        "begins": row.begins,
        "ends": row.ends,
        "number": row.number,
    }


def _unit_row(card: UnitCard) -> UnitRow:
    shifts = []
    for at, form in enumerate(card.shifts):
        said = form.cleaned_data
        begins, ends = said["begins"], said["ends"]
        days = frozenset(said["days"])
        shifts.append(ShiftRow(days, begins, ends, ends <= begins, said["number"], at))
    said = card.form.cleaned_data
    return UnitRow(
        said["name"], said["kind"], said["base"], said["roams"], tuple(shifts), card.place
    )


def _unit(unit: str, language: str) -> str:
    """The unit of a field: `$ an hour`, where a report has the sign before the number."""
    words = unit_words(unit).in_language(language)
    return f"$ {words}" if unit.startswith("$") else words


def _cost_label(cost: Assumed, language: str) -> str:
    known = COST_NAMES.get(cost.name.partition(".")[0])
    return in_language(cost.label or (known.label if known else {}), language, cost.name)

"""One language of a report: its words, and how it writes numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lamplighter.policy.model import Policy, Words
from lamplighter.rehearsal.outcome import Interval, Reason

Language = Literal["en", "es"]
LANGUAGES: tuple[tuple[Language, str], ...] = (("en", "English"), ("es", "Español"))

WEEKDAYS = (
    Words("Monday", "lunes"),
    Words("Tuesday", "martes"),
    Words("Wednesday", "miércoles"),
    Words("Thursday", "jueves"),
    Words("Friday", "viernes"),
    Words("Saturday", "sábado"),
    Words("Sunday", "domingo"),
)
MONTHS = (
    Words("January", "enero"),
    Words("February", "febrero"),
    Words("March", "marzo"),
    Words("April", "abril"),
    Words("May", "mayo"),
    Words("June", "junio"),
    Words("July", "julio"),
    Words("August", "agosto"),
    Words("September", "septiembre"),
    Words("October", "octubre"),
    Words("November", "noviembre"),
    Words("December", "diciembre"),
)
OTHER_REASONS = "other reasons"
REASONS: Mapping[str, Words] = {
    OTHER_REASONS: Words("other reasons, of few calls", "otras razones, de pocas llamadas"),
    Reason.OUTSIDE_HOURS.name.lower(): Words(
        "no team on duty at that hour", "ningún equipo de turno a esa hora"
    ),
    Reason.OUTSIDE_AREA.name.lower(): Words("no team goes there", "ningún equipo va a esa zona"),
    Reason.NO_UNIT_FREE.name.lower(): Words(
        "all teams were busy too long", "todos los equipos ocupados demasiado tiempo"
    ),
    Reason.NO_SKILL.name.lower(): Words(
        "no team has what it needs", "ningún equipo tiene lo que hace falta"
    ),
    Reason.POLICE_FIRST.name.lower(): Words("police were there first", "la policía llegó primero"),
    Reason.STILL_WAITING.name.lower(): Words(
        "still waiting when the period ended", "seguía esperando al final del periodo"
    ),
    Reason.NONE.name.lower(): Words("no reason recorded", "sin razón registrada"),
}
FEW = Words("not told: few calls", "no se dice: pocas llamadas")
NOBODY_REACHED = Words("No call is reached by anybody.", "Nadie llega a ninguna llamada.")
FEW_REACHED = Words(
    "Somebody comes to few of these calls only: how long they wait is not told.",
    "Solo se llega a pocas de estas llamadas: no se dice cuánto esperan.",
)
OTHERS = Words("the rest together", "el resto, en conjunto")
NOT_TOLD = Words("not told", "no consta")


@dataclass(frozen=True, slots=True)
class Say:
    """Writes in one language."""

    language: Language

    def __call__(self, english: str, spanish: str) -> str:
        return spanish if self.language == "es" else english

    def of(self, words: Words | str | Mapping[str, str]) -> str:
        """Words in this language; English where there are no others."""
        if isinstance(words, str):
            return words
        if isinstance(words, Words):
            return words.in_language(self.language)
        return words.get(self.language) or words.get("en") or next(iter(words.values()), "")

    def share(self, value: float) -> str:
        """A share in percent; a tenth where it is small."""
        if value != value:
            return "–"
        return f"{value:.1%}" if 0 < abs(value) < 0.1 else f"{value:.0%}"

    def part(self, count: float, whole: float, fewest: int) -> str:
        """The share of a whole that a count is, where neither it nor the rest is of few calls.

        >>> Say("en").part(3, 1000, 10), Say("en").part(995, 1000, 10), Say("en").part(40, 1000, 10)
        ('hardly any', 'nearly all', '4.0%')
        """
        if 0 < count < fewest:
            return self("hardly any", "casi ninguna")
        if 0 < whole - count < fewest:
            return self("nearly all", "casi todas")
        return self.share(count / whole if whole else float("nan"))

    def count(self, value: float) -> str:
        return "–" if value != value else f"{value:,.0f}"

    def day(self, day: date) -> str:
        """A day in words.

        >>> Say("en").day(date(2018, 5, 1)), Say("es").day(date(2018, 5, 1))
        ('May 1, 2018', '1 de mayo de 2018')
        """
        month = self.of(MONTHS[day.month - 1])
        return self(f"{month} {day.day}, {day.year}", f"{day.day} de {month} de {day.year}")

    def number_of(self, count: float, english: tuple[str, str], spanish: tuple[str, str]) -> str:
        """A count with its noun, of which the singular and the plural are given.

        >>> Say("en").number_of(1, ("unit", "units"), ("unidad", "unidades"))
        '1 unit'
        """
        one, many = spanish if self.language == "es" else english
        return f"{self.count(count)} {one if round(count) == 1 else many}"

    def rate(self, value: float) -> str:
        """A number of which one may have less than ten."""
        if value != value:
            return "–"
        whole = abs(value) >= 10 or value == round(value)
        places = 0 if whole else 1 if abs(value) >= 1 else 2
        return f"{value:,.{places}f}"

    def minutes(self, value: float) -> str:
        return "–" if value != value else f"{value:,.0f} min"

    def hours(self, value: float) -> str:
        return "–" if value != value else f"{value:,.0f} h"

    def money(self, value: float) -> str:
        if value != value:
            return "–"
        sign, size = ("−" if value < 0 else ""), abs(value)
        if size >= 999_500:
            return f"{sign}${size / 1e6:,.2f} {self('million', 'millones')}"
        return f"{sign}${size:,.0f}"

    def amount(self, value: float, unit: str) -> str:
        """The value of an assumption: money, a share of something, or a number.

        >>> [Say("en").amount(*one) for one in ((8000, "$/year"), (0.2, "of wages"), (2, "people"))]
        ['$8,000', '20%', '2']
        """
        if unit.startswith("$"):
            return f"${value:,.0f}" if value == round(value) else f"${value:,.2f}"
        return f"{value * 100:.3g}%" if unit.startswith("of ") else f"{value:,g}"

    def short(self, value: float) -> str:
        """Money on an axis."""
        if abs(value) >= 1e6:
            return f"${value / 1e6:g} M"
        return f"${value / 1e3:g} k" if abs(value) >= 1e3 else self.money(value)

    def around(self, value: Interval, kind: str = "share") -> str:
        """A mean with its interval: 78% (74% to 81%)."""
        if value.mean != value.mean:
            return "–"
        mean, within = getattr(self, kind)(value.mean), self.within(value, kind)
        return f"{mean} ({within})" if within else str(mean)

    def within(self, value: Interval, kind: str = "share") -> str:
        """The interval of a mean, where that is wide enough to be seen."""
        low, high = self.ends(value, kind)
        return "" if not value.low < value.high or low == high else self.between(low, high)

    def ends(self, value: Interval, kind: str = "share") -> tuple[str, str]:
        """Both ends of an interval; that of a share stays within nought and all."""
        low, high = value.low, value.high
        if kind == "share":
            low, high = min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)
        show = getattr(self, kind)
        return show(low), show(high)

    def between(self, low: str, high: str) -> str:
        """58 to 59 min: what both end with is said once."""
        first, sign, unit = low.partition(" ")
        if sign and high.endswith(f" {unit}"):
            low = first
        return f"{low} {self('to', 'a')} {high}"

    def change(self, value: Interval, kind: str = "share") -> str:
        """A difference with its sign and interval; shares differ by points of a hundred."""
        if value.mean != value.mean:
            return "–"

        def signed(number: float) -> str:
            places = 1 if kind in ("share", "minutes") or abs(number) < 10 else 0
            number = round(number * (100 if kind == "share" else 1), places)
            if not number:
                return "0"
            return ("+" if number > 0 else "−") + f"{abs(number):,.{places}f}"

        mean, low, high = signed(value.mean), signed(value.low), signed(value.high)
        if (mean, low, high) == ("0", "0", "0"):
            return self("no change", "sin cambio")
        unit = {"share": self(" points", " puntos"), "minutes": " min"}.get(kind, "")
        if low == high:
            return f"{mean}{unit}"
        return f"{mean}{unit} ({low} {self('to', 'a')} {high})"


def labels_of(policy: Policy, name: str) -> Mapping[str, Words]:
    """What each value of an input or output of a policy is called."""
    for table in policy.tables:
        if name in table.outputs:
            return {str(one.value): one.label for one in table.outputs[name].values}
    declared = policy.inputs.get(name)
    return {str(one.value): one.label for one in declared.values} if declared else {}


def named(labels: Mapping[str, Words], value: str | None) -> Words | str:
    """The label of a value, or the value itself in plain letters."""
    if value is None or value == "":
        return NOT_TOLD
    return labels.get(value) or value.replace("_", " ")

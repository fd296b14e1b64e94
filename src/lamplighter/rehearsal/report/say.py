"""One language of a report: its words, and how it writes numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
REASONS: Mapping[str, Words] = {
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
FEW = Words("fewer than 10 calls", "menos de 10 llamadas")
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

    def count(self, value: float) -> str:
        return "–" if value != value else f"{value:,.0f}"

    def rate(self, value: float) -> str:
        """A number of which one may have less than ten."""
        if value != value:
            return "–"
        places = 0 if abs(value) >= 10 else 1 if abs(value) >= 1 or not value else 2
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

    def short(self, value: float) -> str:
        """Money on an axis."""
        if abs(value) >= 1e6:
            return f"${value / 1e6:g} M"
        return f"${value / 1e3:g} k" if abs(value) >= 1e3 else self.money(value)

    def around(self, value: Interval, kind: str = "share") -> str:
        """A mean with its interval: 78 % (74–81 %)."""
        show = getattr(self, kind)
        if value.mean != value.mean:
            return "–"
        if not value.low < value.high:
            return str(show(value.mean))
        return f"{show(value.mean)} ({show(value.low)} {self('to', 'a')} {show(value.high)})"

    def change(self, value: Interval, kind: str = "share") -> str:
        """A difference with its sign and interval."""
        if value.mean != value.mean:
            return "–"
        show = getattr(self, kind)

        def signed(number: float) -> str:
            size = show(abs(number))
            if kind == "minutes":
                size = f"{self.rate(abs(number))} min"
            return ("+" if number > 0 else "−" if number < 0 else "±") + str(size)

        if not value.low < value.high:
            return signed(value.mean)
        return f"{signed(value.mean)} ({signed(value.low)} {self('to', 'a')} {signed(value.high)})"


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

"""What was assumed, and where each of it is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lamplighter.policy.model import Words
from lamplighter.rehearsal.costs.names import ASSUMED, unit_words
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.teams import Assumed, Kind, Law, Minutes, Shift, Step, Units
from lamplighter.rehearsal.teams_file.defaults import SOURCE as MOBILE_CRISIS

Row = tuple[Value, ...]
_KM_IN_MILE = 1.609344
_TEAM_FILE = Words("team file", "archivo de equipos")
# What the library itself names as a source; what somebody wrote is in their words.
_SOURCES = {
    MOBILE_CRISIS: Words(
        MOBILE_CRISIS,
        "Equipos móviles de crisis del condado de Lane: percentiles 10 a 95; los extremos son "
        "supuestos",
    ),
    ASSUMED: Words(ASSUMED, "supuesto: no conocemos ninguna cifra publicada"),
}


def assumed_section(shown: Shown) -> Section:
    """Every number that somebody stated, with its source."""
    columns = (
        Column("what", Words("What", "Qué")),
        Column("value", Words("Taken as", "Se tomó como")),
        Column("source", Words("Source", "Fuente"), as_written=True),
    )
    teams = Sheet(
        "teams",
        Words("The teams that were rehearsed", "Los equipos del ensayo"),
        (
            Column("unit", Words("Units", "Unidades")),
            Column("kind", Words("Team", "Equipo")),
            Column("shifts", Words("Shifts", "Turnos")),
            Column("areas", Words("Where they go", "Dónde van")),
        ),
        tuple(_unit(shown, units) for units in shown.rehearsal.teams.units),
    )
    rows = (*_answers(shown), *_times(shown), *_travel(shown), *_costs(shown))
    return Section(
        "assumptions",
        Words("What was assumed", "Qué se supuso"),
        Words("Assumptions", "Supuestos"),
        (
            Words(
                "Every one can be changed in the team file or the file of answers, and the "
                "command below run again.",
                "Cada uno se puede cambiar en el archivo de equipos o de respuestas, y volver a "
                "correr el comando de abajo.",
            ),
        ),
        sheets=(teams, Sheet("assumptions", Words("Assumptions", "Supuestos"), columns, rows)),
    )


def _answers(shown: Shown) -> Iterator[Row]:
    asked = shown.asked
    whole = len(asked.calls)
    drawn = whole - asked.settled
    many = Say("en").part(drawn, whole, FEWEST), Say("es").part(drawn, whole, FEWEST)
    yield (
        Words("What callers would answer", "Qué contestaría quien llama"),
        Words(
            f"drawn with stated shares, in {many[0]} of the calls",
            f"sorteado con proporciones declaradas, en {many[1]} de las llamadas",
        ),
        Words(
            "lamplighter/rehearsal/answers.yaml: assumed, no published count is known",
            "lamplighter/rehearsal/answers.yaml: supuesto; no se conoce ningún conteo publicado",
        ),
    )


def _times(shown: Shown) -> Iterator[Row]:
    steps = (
        ("to_leave", Words("minutes to leave", "minutos para salir")),
        ("to_arrive", Words("minutes to arrive", "minutos para llegar")),
        ("on_scene", Words("minutes on scene", "minutos en el lugar")),
        ("write_up", Words("minutes to write up", "minutos para el informe")),
        ("transport", Words("minutes of a ride", "minutos de traslado")),
        ("backup_on_scene", Words("minutes of backup", "minutos de apoyo")),
        (
            "minutes_if_police",
            Words("minutes that police would spend", "minutos que usaría la policía"),
        ),
    )
    taken = {one.name: _source(one) for one in shown.rehearsal.teams.assumed}
    for kind in shown.rehearsal.teams.kinds.values():
        name = shown.kind(kind.name)
        # What somebody wrote is in their words, and so is what stands before it.
        own: Value = f"team file: {kind.because}" if kind.because else _TEAM_FILE
        for field, words in steps:
            step: Step | None = getattr(kind, field, None)
            if step is None or step.usual == Minutes(Law.FIXED, (0.0,)):
                continue
            yield _both(name, words), _spread(step), taken.get(f"{kind.name}: {words.en}", own)
        yield from _shares(shown, kind, own)


def _shares(shown: Shown, kind: Kind, source: Value) -> Iterator[Row]:
    name = shown.kind(kind.name)
    shares = (
        (
            kind.transport_share.usual,
            Words("share that ends with a ride", "proporción con traslado"),
        ),
        (kind.backup_share.usual, Words("share that asks for backup", "proporción que pide apoyo")),
        (
            kind.stands_down_share.usual,
            Words("share stood down for police", "proporción que cede a la policía"),
        ),
    )
    for share, words in shares:
        if share:
            yield _both(name, words), Say("en").share(share), source
    if kind.takes_over is not None and kind.waits_at_most < 1e6:
        yield (
            _both(name, Words("waits at most", "espera como máximo")),
            Words(
                f"{kind.waits_at_most:g} min, then: {Say('en').of(shown.kind(kind.takes_over))}",
                f"{kind.waits_at_most:g} min, después: {Say('es').of(shown.kind(kind.takes_over))}",
            ),
            source,
        )
    if kind.patience is not None:
        yield (
            _both(name, Words("a caller waits", "quien llama espera")),
            _law(kind.patience),
            source,
        )


def _travel(shown: Shown) -> Iterator[Row]:
    travel = shown.rehearsal.teams.travel
    low, high = min(travel.speed_km_h), max(travel.speed_km_h)
    miles = [f"{speed / _KM_IN_MILE:.0f}" for speed in dict.fromkeys((low, high))]
    speeds = [f"{speed:g}" for speed in dict.fromkeys((low, high))]
    speed = f"{'–'.join(miles)} mph ({'–'.join(speeds)} km/h)"
    if travel.matrix:
        yield (
            Words("Travel", "Trayecto"),
            Words("minutes from area to area", "minutos de zona a zona"),
            _TEAM_FILE,
        )
    yield Words("Speed by hour of day", "Velocidad por hora"), speed, _TEAM_FILE
    yield (
        Words("Way by street, against straight", "Camino por calles, contra línea recta"),
        f"× {travel.street_factor:g}",
        _TEAM_FILE,
    )
    yield (
        Words("Way to a call without a place", "Camino a una llamada sin lugar"),
        _law(travel.unknown_minutes),
        _TEAM_FILE,
    )


def _costs(shown: Shown) -> Iterator[Row]:
    costs = shown.asked.costs
    stated = shown.rehearsal.teams.costs.values()
    for one in costs.assumptions if costs is not None else stated:
        label: Value = one.name.replace("_", " ")
        if one.label:
            english = one.label.get("en", one.name)
            label = Words(english, one.label.get("es", english))
        say = Say("en")
        low, value, high = (say.amount(at, one.unit) for at in (one.low, one.value, one.high))
        between = f" ({low}–{high})" if one.low != one.high else ""
        unit = unit_words(one.unit)
        yield (
            label,
            Words(f"{value}{between} {unit.en}", f"{value}{between} {unit.es}"),
            _source(one),
        )


def _source(one: Assumed) -> Value:
    return _SOURCES.get(one.source, one.source)


def _both(name: Words | str, what: Words) -> Words:
    first = name if isinstance(name, Words) else Words(name, name)
    return Words(f"{first.en}: {what.en}", f"{first.es}: {what.es}")


def _spread(step: Step) -> Words:
    own = len(step.by_nature)
    usual = _law(step.usual)
    if not own:
        return usual
    return Words(
        f"{usual.en}; {own} natures differ", f"{usual.es}; {own} tipos de llamada son distintos"
    )


def _law(minutes: Minutes) -> Words:
    """How minutes are spread, in words.

    >>> _law(Minutes(Law.EXPONENTIAL, (20.0,))).en
    'on average 20 min (exponential)'
    >>> _law(Minutes(Law.PERCENTILES, (2, 22, 62, 150), (0, 0.5, 0.9, 1))).en
    'half up to 22 min, nine of ten up to 62 min (from 2 to 150 min)'
    """
    values = minutes.values
    if minutes.law is Law.FIXED:
        return Words(f"{values[0]:g} min", f"{values[0]:g} min")
    if minutes.law is Law.EXPONENTIAL:
        return Words(
            f"on average {values[0]:g} min (exponential)",
            f"en promedio {values[0]:g} min (exponencial)",
        )
    if minutes.law is Law.LOGNORMAL:
        return Words(
            f"half up to {values[0]:g} min (lognormal, sigma {values[1]:g})",
            f"la mitad hasta {values[0]:g} min (lognormal, sigma {values[1]:g})",
        )
    half, most = (_minutes_at(minutes, share) for share in (0.5, 0.9))
    return Words(
        f"half up to {half:.3g} min, nine of ten up to {most:.3g} min "
        f"(from {values[0]:g} to {values[-1]:g} min)",
        f"la mitad hasta {half:.3g} min, nueve de diez hasta {most:.3g} min "
        f"(de {values[0]:g} a {values[-1]:g} min)",
    )


def _minutes_at(minutes: Minutes, share: float) -> float:
    """The minutes that `share` of the cases do not exceed, of minutes by percentiles."""
    return float(np.interp(share, minutes.at, minutes.values))


def _unit(shown: Shown, units: Units) -> Row:
    where: Value = Words("everywhere", "a todas partes")
    if units.areas is not None:
        many = len(units.areas)
        where = Words(f"{many} areas", f"{many} zonas")
    return units.name, shown.kind(units.kind), shift_words(units.shifts), where


def shift_words(shifts: Sequence[Shift], *, with_number: bool = True) -> Words:
    """Shifts in words: 2 × Mo–Fr 09:00–17:00."""
    days_en = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    days_es = ("lu", "ma", "mi", "ju", "vi", "sá", "do")

    def days(chosen: frozenset[int], names: tuple[str, ...], every: str) -> str:
        ordered = sorted(chosen)
        if len(ordered) == 7:
            return every
        if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
            return f"{names[ordered[0]]}–{names[ordered[-1]]}"
        return " ".join(names[day] for day in ordered)

    def said(names: tuple[str, ...], every: str) -> str:
        return "; ".join(
            (f"{shift.number} × " if with_number else "")
            + f"{days(shift.days, names, every)} {shift.begins:%H:%M}–{shift.ends:%H:%M}"
            for shift in shifts
        )

    return Words(said(days_en, "every day"), said(days_es, "todos los días"))

"""How long people would wait, and how busy the teams would be."""

from __future__ import annotations

from math import isnan, nan

from lamplighter.pictures import Curve, Frame, Mark, curves, heat
from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import Reached
from lamplighter.rehearsal.report.few import few
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.kept import Kept
from lamplighter.rehearsal.report.kept_outcomes import count, few_reached, is_few
from lamplighter.rehearsal.report.say import FEW, FEW_REACHED, NOBODY_REACHED, WEEKDAYS, Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_HOURS = tuple(f"{hour:02d}" for hour in range(24))


def waits_section(shown: Shown) -> Section:
    """Curves of who was reached by when; waits by area; calls that wait, by hour of week."""
    figures = (reached(shown), waits_map(shown), waiting(shown))
    return Section(
        "waits",
        Words("How fast?", "¿Qué tan rápido?"),
        Words("Waits", "Esperas"),
        (_lead(shown),),
        tuple(figure for figure in figures if figure is not None),
    )


def _lead(shown: Shown) -> Words:
    if few_reached(shown.asked.own.whole):
        return FEW_REACHED
    waits = shown.asked.own.whole.to_arrival
    if isnan(waits.p50.mean):
        return NOBODY_REACHED
    en, es = Say("en"), Say("es")
    return Words(
        "Of the calls that a team reaches, half are reached within "
        f"{en.around(waits.p50, 'minutes')} and nine of ten within "
        f"{en.around(waits.p90, 'minutes')}, from the call to the arrival.",
        "De las llamadas a las que llega un equipo, a la mitad llega en "
        f"{es.around(waits.p50, 'minutes')} y a nueve de diez en "
        f"{es.around(waits.p90, 'minutes')}, desde la llamada hasta la llegada.",
    )


def reached(shown: Shown) -> Figure | None:
    """Who was sent and who was there by when, of all calls of the teams."""
    found = told_minutes(shown)
    if len(found.minutes) < 2 or not found.arrived[-1].mean:
        return None
    hidden = "served" in shown.kept_outcomes.whole
    rows = tuple(
        (minute, sent.mean, sent.low, sent.high, here.mean, here.low, here.high)
        for minute, sent, here in zip(found.minutes, found.sent, found.arrived, strict=True)
    )

    def draw(say: Say, frame: Frame) -> str:
        lines = []
        named = (
            (say("a team was sent", "se envió un equipo"), found.sent, "line-2"),
            (say("a team was there", "un equipo había llegado"), found.arrived, "line-1"),
        )
        for name, values, style in named:
            points = [
                (at, one.low, one.mean, one.high)
                for at, one in zip(found.minutes, values, strict=True)
            ]
            lines.append(Curve(name, points, style))
        served = shown.asked.own.whole.served.mean
        all_served = Mark(served, say("all that are served", "todas las atendidas"))
        return curves(
            frame,
            lines,
            across=say("minutes since the call", "minutos desde la llamada"),
            up=say("share of the teams' calls", "proporción de las llamadas de los equipos"),
            most=found.minutes[-1],
            marks=() if hidden else (all_served,),
        )

    key = (
        Column("minutes", Words("Minutes since the call", "Minutos desde la llamada"), "rate"),
        Column("sent", Words("A team was sent", "Se envió un equipo"), "share"),
        Column("sent_low", Words("from", "desde"), "share"),
        Column("sent_high", Words("to", "hasta"), "share"),
        Column("there", Words("A team was there", "Un equipo había llegado"), "share"),
        Column("there_low", Words("from", "desde"), "share"),
        Column("there_high", Words("to", "hasta"), "share"),
    )
    minute, within = _share_at(found, 20.0)
    return Figure(
        Sheet("reached", Words("Reached within minutes", "Atendidas en minutos"), key, rows),
        Words(
            f"After {minute:.0f} minutes a team is there in {Say('en').share(within)} of its calls",
            f"A los {minute:.0f} minutos un equipo ha llegado en {Say('es').share(within)} "
            "de sus llamadas",
        ),
        Words(
            "Of all calls of the teams, also those that they never reach: so the curves do not "
            "end at 100%. The shade around a curve is the range over repetitions.",
            "De todas las llamadas de los equipos, también aquellas a las que nunca llegan: por "
            "eso las curvas no terminan en 100%. La sombra es el margen entre repeticiones.",
        ),
        draw,
    )


def told_minutes(shown: Shown) -> Reached:
    """The minutes between which no few calls are reached; nor are few on the way, or left then."""
    found, whole = shown.asked.reached, shown.asked.own.whole
    ends = (whole.calls, count(whole, "served"))
    told: list[int] = []
    last = (0.0, 0.0)

    def apart(one: float, other: float) -> bool:
        return not is_few(abs(one - other))

    for place in range(len(found.minutes)):
        now = found.sent[place].mean * whole.calls, found.arrived[place].mean * whole.calls
        if all(map(apart, now, last)) and all(map(apart, now, ends)) and apart(*now):
            told.append(place)
            last = now
    return Reached(
        tuple(found.minutes[place] for place in told),
        tuple(found.sent[place] for place in told),
        tuple(found.arrived[place] for place in told),
    )


def _share_at(found: Reached, minutes: float) -> tuple[float, float]:
    """The last minute told until then, or else the first, and the share reached."""
    places = [place for place, at in enumerate(found.minutes) if at <= minutes] or [0]
    return found.minutes[places[-1]], found.arrived[places[-1]].mean


def waits_map(shown: Shown) -> Figure | None:
    """How long half of the calls wait, by area."""
    return shown.map(
        (
            "waits_by_area",
            Words("Waits, by area", "Esperas, por zona"),
            Column("median_minutes", Words("Half within", "La mitad en"), "minutes"),
        ),
        Words(
            "Half of the calls wait this long or less",
            "La mitad de las llamadas espera esto o menos",
        ),
        Words(
            "Minutes from the call to the arrival, of the calls that a team reaches.",
            "Minutos de la llamada a la llegada, de las llamadas a las que llega un equipo.",
        ),
        lambda group: None if few_reached(group) else group.to_arrival.p50.mean,
        lambda say, value: say.minutes(value),
    )


def waiting(shown: Shown) -> Figure:
    """How many calls wait for somebody to be sent, by hour of week."""
    return of_week(
        "calls_waiting",
        shown.asked.week.waiting,
        Words("Calls that wait", "Llamadas en espera"),
        Words("When calls pile up", "Cuándo se acumulan las llamadas"),
        Words(
            "Calls of the teams that wait for somebody to be sent, at a random moment of the hour.",
            "Llamadas de los equipos que esperan a que se envíe a alguien, en un momento "
            "cualquiera de la hora.",
        ),
        Words("Calls waiting", "Llamadas en espera"),
        shown.asked.week.hours,
        shown.kept,
    )


def of_week(
    key: str,
    values: tuple[float, ...],
    title: Words,
    finding: Words,
    note: Words,
    column: Words,
    there: tuple[int, ...],
    kept: Kept | None = None,
) -> Figure:
    """A grid of weekdays and hours of something that is no count of calls.

    With `kept` it is told in the blocks in which calls are, and not told where these are not: as
    it would tell in which hour a single call came in.
    """
    length = 1 if kept is None else kept.hours
    begins = range(0, 24, length)
    names = [f"{at:02d}" if length == 1 else f"{at:02d}–{at + length:02d}" for at in begins]
    lines: list[list[float | None]] = []
    for day in range(7):
        line: list[float | None] = []
        for block in range(len(names)):
            first = day * 24 + block * length
            # Hours that are not in the file have no value; nought is told as nothing there.
            known = [values[at] for at in range(first, first + length) if there[at]]
            hidden = kept is not None and (day, block) in kept.week_hidden
            line.append(None if hidden else sum(known) / len(known) if known else nan)
        lines.append(line)
    rows = tuple(
        (WEEKDAYS[day], name, value)
        for day, line in enumerate(lines)
        for name, value in zip(names, line, strict=True)
    )

    def draw(say: Say, frame: Frame) -> str:
        return heat(
            frame,
            [say.of(day)[:3] if frame.width < 500 else say.of(day) for day in WEEKDAYS],
            [name[:2] if frame.width < 500 or length < 3 else name for name in names],
            [[nan if value == 0 else value for value in line] for line in lines],
            show=say.rate,
            empty=say("none", "ninguna")
            if all(there)
            else say("none, or not in the file", "ninguna, o no está en el archivo"),
            hidden=say.of(FEW),
            across=say("hour of the day", "hora del día"),
            unit=say.of(column).lower(),
        )

    columns = (
        Column("weekday", Words("Day", "Día")),
        Column("hour", Words("Hour", "Hora")),
        Column(key, column, "rate"),
    )
    return Figure(Sheet(key, title, columns, rows), finding, note, draw)


def busy_section(shown: Shown) -> Section:
    """Who is on duty when, and how busy each unit is by hour of day."""
    return Section(
        "busy",
        Words("Who is on duty, and how busy are they?", "¿Quién está de turno y qué tan ocupado?"),
        Words("On duty", "De turno"),
        (
            Words(
                "Two pictures to be held against the calls above: units where few calls come in "
                "stand idle, hours without units leave calls to others.",
                "Dos imágenes para comparar con las llamadas de arriba: donde entran pocas "
                "llamadas sobran unidades; las horas sin unidades dejan las llamadas a otros.",
            ),
        ),
        (on_duty(shown), utilisation(shown)),
    )


def on_duty(shown: Shown) -> Figure:
    """Units of the rehearsed teams on duty, by hour of week."""
    week = shown.asked.week
    summed = tuple(sum(one[hour] for one in week.on_duty.values()) for hour in range(168))
    return of_week(
        "on_duty",
        summed,
        Words("Units on duty", "Unidades de turno"),
        Words("When the teams work", "Cuándo trabajan los equipos"),
        Words(
            "Units of all rehearsed teams that are on duty, on average.",
            "Unidades de todos los equipos del ensayo que están de turno, en promedio.",
        ),
        Words("Units on duty", "Unidades de turno"),
        week.hours,
    )


def utilisation(shown: Shown) -> Figure:
    """The share of its time on duty that each unit is busy, by hour of day."""
    units = shown.asked.summary.units
    rows: list[tuple[Value, ...]] = []
    hidden = few([unit.calls.mean for unit in units])
    for unit, hide in zip(units, hidden, strict=True):
        weekly = unit.on_duty_hours / shown.weeks
        calls = unit.calls.mean / shown.weeks
        told = (calls, unit.busy.mean, unit.busy.low, unit.busy.high)
        rows.append((unit.name, shown.kind(unit.kind), weekly, *((None,) * 4 if hide else told)))
    means = [unit.busy.mean for unit in units if unit.busy.mean == unit.busy.mean]
    mean = sum(means) / len(means) if means else 0.0

    def draw(say: Say, frame: Frame) -> str:
        return heat(
            frame,
            [unit.name for unit in units],
            list(_HOURS),
            [
                [None if hide and value == value else value for value in unit.by_hour]
                for unit, hide in zip(units, hidden, strict=True)
            ],
            show=say.share,
            most=1.0,
            empty=say("off duty", "fuera de turno"),
            hidden=say.of(FEW),
            across=say("hour of the day", "hora del día"),
            unit=say("share of its time on duty", "proporción de su turno"),
        )

    return Figure(
        Sheet(
            "units",
            Words("How busy each unit is", "Qué tan ocupada está cada unidad"),
            (
                Column("unit", Words("Unit", "Unidad")),
                Column("kind", Words("Team", "Equipo")),
                Column(
                    "on_duty_hours_a_week",
                    Words("Hours on duty a week", "Horas de turno por semana"),
                    "rate",
                ),
                Column("calls_a_week", Words("Calls a week", "Llamadas por semana"), "rate"),
                Column("busy", Words("Busy", "Ocupada"), "share"),
                Column("busy_low", Words("from", "desde"), "share"),
                Column("busy_high", Words("to", "hasta"), "share"),
            ),
            tuple(rows),
        ),
        Words(
            f"On average a unit is busy {Say('en').share(mean)} of its shift",
            f"En promedio una unidad está ocupada {Say('es').share(mean)} de su turno",
        ),
        Words(
            "Share of its time on duty that a unit is on a call, on the way, or writing up.",
            "Proporción de su turno en que una unidad está en una llamada, en camino o "
            "escribiendo el informe.",
        ),
        draw,
    )

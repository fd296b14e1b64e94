"""How many of the calls would be served, by whom, and why the others would not."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.pictures import Bar, Frame, Piece, bars
from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Dimension, Interval
from lamplighter.rehearsal.report.answer import nobody
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import REASONS, WEEKDAYS, Say
from lamplighter.rehearsal.report.section import Section, Told, by_hours, told
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_SHOWN = 14
_COLUMNS = (
    Column("calls", Words("Calls in the period", "Llamadas en el periodo"), "count"),
    Column("served", Words("Served", "Atendidas"), "share"),
    Column("served_low", Words("from", "desde"), "share"),
    Column("served_high", Words("to", "hasta"), "share"),
    Column("taken_over", Words("Taken over", "Pasaron a otros"), "share"),
    Column("nobody", Words("Nobody came", "No fue nadie"), "share"),
    Column("median_minutes", Words("Half within", "La mitad en"), "minutes"),
    Column("p90_minutes", Words("Nine of ten within", "Nueve de diez en"), "minutes"),
)


def served_section(shown: Shown) -> Section:
    """Served, taken over, nobody: by responder, nature, hour of day and area; and why not."""
    whole = shown.asked.own.whole
    lead = Words(
        "Of the calls that are the rehearsed teams' to answer, they would reach "
        f"{_around('en', whole.served)}. Others, mostly police, would take over "
        f"{_around('en', whole.taken_over)}; {nobody(Say('en'), whole.nobody)}. The numbers in "
        "brackets are the range in which a repetition with other chance would lie.",
        "De las llamadas que tocan a los equipos del ensayo, ellos llegarían a "
        f"{_around('es', whole.served)}. Otros, sobre todo la policía, se harían cargo de "
        f"{_around('es', whole.taken_over)}; {nobody(Say('es'), whole.nobody)}. Los números entre "
        "paréntesis son el margen en que caería una repetición con otro azar.",
    )
    figures = (
        by(
            shown,
            "served_by_responder",
            Dimension.RESPONDER,
            Words("Served, by who should go", "Atendidas, según quién debe ir"),
        ),
        reasons(shown),
        by(
            shown,
            "served_by_nature",
            Dimension.NATURE,
            Words("Served, by what the call is about", "Atendidas, según de qué trata la llamada"),
        ),
        by(
            shown,
            "served_by_hour",
            Dimension.HOUR,
            Words("Served, by hour of the day", "Atendidas, según la hora del día"),
        ),
        served_map(shown),
    )
    return Section(
        "served",
        Words("How many would be served?", "¿Cuántas se atenderían?"),
        Words("Served", "Atendidas"),
        (lead,),
        tuple(figure for figure in figures if figure is not None),
        sheets=(bounds(shown),) if shown.rehearsal.least or shown.rehearsal.most else (),
    )


def bounds(shown: Shown) -> Sheet:
    """The same teams with the answers that send them the fewest calls, as rehearsed, the most."""
    found = shown.rehearsal
    named = (
        (Words("fewest calls for the teams", "menos llamadas para los equipos"), found.least),
        (Words("as rehearsed", "según el ensayo"), found.asked),
        (Words("most calls for the teams", "más llamadas para los equipos"), found.most),
    )
    rows: list[tuple[Value, ...]] = []
    for name, scenario in named:
        if scenario is None:
            continue
        whole = scenario.own.whole
        few = 0 < whole.calls < FEWEST
        rows.append(
            (
                name,
                None if few else whole.calls / shown.weeks,
                *(
                    None if few else one.mean
                    for one in (
                        whole.served,
                        whole.taken_over,
                        whole.to_arrival.p50,
                        whole.to_arrival.p90,
                    )
                ),
            )
        )
    columns = (
        Column("answers", Words("Answers that bring", "Respuestas que traen")),
        Column("calls_a_week", Words("Calls a week", "Llamadas por semana"), "rate"),
        Column("served", Words("Served", "Atendidas"), "share"),
        Column("taken_over", Words("Taken over", "Pasaron a otros"), "share"),
        Column("median_minutes", Words("Half within", "La mitad en"), "minutes"),
        Column("p90_minutes", Words("Nine of ten within", "Nueve de diez en"), "minutes"),
    )
    title = Words(
        "The same teams at both ends of what is possible",
        "Los mismos equipos en los dos extremos de lo posible",
    )
    return Sheet("bounds", title, columns, tuple(rows))


def _around(language: str, value: Interval) -> str:
    return Say("es" if language == "es" else "en").around(value)


def _name(shown: Shown, dimension: Dimension, label: str | Words) -> Words | str:
    if isinstance(label, Words):
        return label
    if dimension is Dimension.RESPONDER:
        return shown.responder(label)
    if dimension is Dimension.NATURE:
        return shown.nature(label)
    if dimension is Dimension.WEEKDAY and label.isdecimal():
        return WEEKDAYS[int(label)]
    return label


def by(shown: Shown, key: str, dimension: Dimension, title: Words) -> Figure:
    """Stacked bars of what became of the teams' own calls, by something."""
    hours = dimension is Dimension.HOUR
    kept = {
        Dimension.NATURE: shown.kept.natures,
        Dimension.RESPONDER: shown.kept.responders,
    }.get(dimension)
    listed = shown.groups(dimension)
    groups = list(by_hours(listed) if hours else told(listed, kept))
    if dimension in (Dimension.NATURE, Dimension.RESPONDER):
        groups.sort(key=lambda group: (group.merged > 0, -group.calls))
    names = [_name(shown, dimension, group.label) for group in groups]
    rows: list[tuple[Value, ...]] = [
        (
            name,
            round(group.calls),
            group.served.mean,
            group.served.low,
            group.served.high,
            group.taken_over.mean,
            group.nobody.mean,
            group.p50.mean,
            group.p90.mean,
        )
        for name, group in zip(names, groups, strict=True)
    ]
    most = 24 if hours else _SHOWN

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            _bar(say, say.of(name), group)
            for name, group in zip(names[:most], groups[:most], strict=True)
        ]
        head = say("served, calls", "atendidas, llamadas")
        return bars(frame, listed, most=1.0, legend=outcomes(say), head=head)

    left_out = len(groups) - most
    more = (
        Words(f" {left_out} more are in the table.", f" {left_out} más están en la tabla.")
        if left_out > 0
        else Words("", "")
    )
    note = Words(
        "The line with ends is the range of the share served, where it is known." + more.en,
        "La línea con topes es el margen de la proporción atendida, donde se conoce." + more.es,
    )
    columns = (Column(str(dimension), title), *_COLUMNS)
    ranked = [(group.served.mean, name) for group, name in zip(groups, names, strict=True)]
    finding = _extremes([pair for pair in ranked if pair[0] == pair[0]])
    return Figure(Sheet(key, title, columns, tuple(rows)), finding, note, draw)


def _extremes(ranked: Sequence[tuple[float, Words | str]]) -> Words:
    """The best and the worst in one sentence."""
    if not ranked:
        return Words("No calls", "Sin llamadas")
    best, worst = max(ranked, key=lambda pair: pair[0]), min(ranked, key=lambda pair: pair[0])
    en, es = Say("en"), Say("es")
    if best[1] == worst[1]:
        return Words(f"{en.share(best[0])} are served", f"Se atiende {es.share(best[0])}")
    return Words(
        f"From {en.share(best[0])} ({en.of(best[1])}) down to {en.share(worst[0])} "
        f"({en.of(worst[1])})",
        f"De {es.share(best[0])} ({es.of(best[1])}) a {es.share(worst[0])} ({es.of(worst[1])})",
    )


def outcomes(say: Say) -> Sequence[tuple[str, str]]:
    """The legend of what becomes of a call."""
    return (
        ("tone-team", say("served by the team", "atendida por el equipo")),
        ("tone-over hatched", say("taken over by others", "pasó a otros")),
        ("tone-nobody hatched", say("nobody came", "no fue nadie")),
    )


def _bar(say: Say, name: str, group: Told) -> Bar:
    served, over, nobody = group.served.mean, group.taken_over.mean, group.nobody.mean
    ends: tuple[float | None, float | None] = (None, None)
    if group.served.low < group.served.high:
        ends = (max(group.served.low, 0.0), min(group.served.high, 1.0))
    return Bar(
        name,
        tuple(
            Piece(size, style, f"{name}, {words}: {say.share(size)}")
            for size, (style, words) in zip((served, over, nobody), outcomes(say), strict=True)
        ),
        f"{say.share(served)} · {say.count(group.calls)}",
        low=ends[0],
        high=ends[1],
    )


def reasons(shown: Shown) -> Figure:
    """Why a team did not come, as shares of the calls that are the teams'."""
    found = sorted(
        ((name, one) for name, one in shown.asked.own.whole.unserved.items() if one.mean > 0),
        key=lambda pair: -pair[1].mean,
    )

    def words(name: str) -> Words | str:
        return REASONS.get(name.lower(), name.replace("_", " ").lower())

    rows = tuple((words(name), one.mean, one.low, one.high) for name, one in found)

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            Bar(
                say.of(words(name)),
                (
                    Piece(
                        one.mean,
                        "tone-nobody hatched",
                        f"{say.of(words(name))}: {say.share(one.mean)}",
                    ),
                ),
                say.share(one.mean),
                low=max(one.low, 0.0),
                high=one.high,
            )
            for name, one in found
        ]
        return bars(frame, listed)

    first = found[0][0] if found else "none"
    said = words(first)
    finding = Words(
        f"The first reason: {Say('en').of(said)}" if found else "Every call was served",
        f"La primera razón: {Say('es').of(said)}" if found else "Todas las llamadas se atendieron",
    )
    return Figure(
        Sheet(
            "reasons",
            Words("Why a team did not come", "Por qué no fue un equipo"),
            (
                Column("reason", Words("Reason", "Razón")),
                Column(
                    "share", Words("Of the teams' calls", "De las llamadas de los equipos"), "share"
                ),
                Column("low", Words("from", "desde"), "share"),
                Column("high", Words("to", "hasta"), "share"),
            ),
            rows,
        ),
        finding,
        Words(
            "Share of the teams' calls that others took over or to which nobody came.",
            "Proporción de las llamadas de los equipos que pasaron a otros o a las que no fue "
            "nadie.",
        ),
        draw,
    )


def served_map(shown: Shown) -> Figure | None:
    """Where the teams come when they are called."""
    return shown.map(
        (
            "served_by_area",
            Words("Served, by area", "Atendidas, por zona"),
            Column("served", Words("Served", "Atendidas"), "share"),
        ),
        Words(
            "Where the teams come when they are called",
            "Dónde llegan los equipos cuando se les llama",
        ),
        Words(
            "Share of the teams' calls that they serve.", "Proporción de sus llamadas que atienden."
        ),
        lambda group: group.served.mean,
        lambda say, value: say.share(value),
    )

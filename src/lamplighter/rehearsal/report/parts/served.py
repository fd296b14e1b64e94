"""How many of the calls would be served, by whom, and why the others would not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import nan

from lamplighter.pictures import Bar, Frame, Piece, bars
from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Dimension, Interval
from lamplighter.rehearsal.report.answer import nobody
from lamplighter.rehearsal.report.few import few
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.kept_outcomes import (
    few_reached,
    is_few,
    served_at_least,
    whole_hidden,
)
from lamplighter.rehearsal.report.say import FEW, OTHER_REASONS, REASONS, WEEKDAYS, Say
from lamplighter.rehearsal.report.section import Section, Told, by_hours, told
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_SHOWN = 14
_DRAWN = ("served", "taken_over", "nobody")
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


_AT_LEAST = Column("served_at_least", Words("Served, at least", "Atendidas, al menos"), "share")


def _lead(shown: Shown) -> Words:
    if not shown.asked.own.whole.calls:
        return Words("No call would go to these teams.", "Ninguna llamada iría a estos equipos.")
    return Words(
        "Of the calls that are the rehearsed teams' to answer, they would reach "
        f"{shown.of_all(Say('en'), 'served')}. Others, mostly police, would take over "
        f"{shown.of_all(Say('en'), 'taken_over')}; {nobody(shown, Say('en'))}. The numbers in "
        "brackets are the range in which a repetition with other chance would lie.",
        "De las llamadas que tocan a los equipos del ensayo, ellos llegarían a "
        f"{shown.of_all(Say('es'), 'served')}. Otros, sobre todo la policía, se harían cargo de "
        f"{shown.of_all(Say('es'), 'taken_over')}; {nobody(shown, Say('es'))}. Los números entre "
        "paréntesis son el margen en que caería una repetición con otro azar.",
    )


def served_section(shown: Shown) -> Section:
    """Served, taken over, nobody: by responder, nature, hour of day and area; and why not."""
    lead = _lead(shown)
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
    rows: dict[int, tuple[Value, ...]] = {}
    counted: list[float] = []
    for place in (1, 0, 2):  # what was rehearsed stands all over the page, so it is told first
        name, scenario = named[place]
        if scenario is None:
            continue
        whole, hidden = scenario.own.whole, whole_hidden(scenario)
        # A number that differs by few calls from one that is told would tell these.
        few = is_few(whole.calls) or any(is_few(abs(whole.calls - one)) for one in counted)
        if not few:
            counted.append(whole.calls)
        alone = few or few_reached(whole)
        rows[place] = (
            name,
            None if few else whole.calls / shown.weeks,
            None if few or "served" in hidden else whole.served.mean,
            None if few or "taken_over" in hidden else whole.taken_over.mean,
            None if alone else whole.to_arrival.p50.mean,
            None if alone else whole.to_arrival.p90.mean,
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
    return Sheet("bounds", title, columns, tuple(rows[place] for place in sorted(rows)))


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
    hidden = shown.kept_outcomes.of(dimension)

    def of(group: Told, outcome: str, value: float) -> float | None:
        return None if (group.label, outcome) in hidden else value

    rows: list[tuple[Value, ...]] = [
        (
            name,
            round(group.calls),
            of(group, "served", group.served.mean),
            of(group, "served", group.served.low),
            of(group, "served", group.served.high),
            of(group, "taken_over", group.taken_over.mean),
            of(group, "nobody", group.nobody.mean),
            None if few_reached(group) else group.p50.mean,
            None if few_reached(group) else group.p90.mean,
            (served_at_least(group) or nan) if (group.label, "served") in hidden else nan,
        )
        for name, group in zip(names, groups, strict=True)
    ]
    most = 24 if hours else _SHOWN

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            _bar(say, say.of(name), group, {one for label, one in hidden if label == group.label})
            for name, group in zip(names[:most], groups[:most], strict=True)
        ]
        head = say("served, calls", "atendidas, llamadas")
        legend = [*outcomes(say), *([("few", say.of(FEW))] if hidden else [])]
        return bars(frame, listed, most=1.0, legend=legend, head=head)

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
    columns: tuple[Column, ...] = (Column(str(dimension), title), *_COLUMNS)
    if all(row[-1] != row[-1] for row in rows):
        rows = [row[:-1] for row in rows]
    else:
        columns = (*columns, _AT_LEAST)
    ranked = [
        (group.served.mean, name)
        for group, name in zip(groups, names, strict=True)
        if (group.label, "served") not in hidden
    ]
    finding = _extremes(
        [pair for pair in ranked if pair[0] == pair[0]], whole=len(ranked) == len(groups)
    )
    return Figure(Sheet(key, title, columns, tuple(rows)), finding, note, draw)


def _extremes(ranked: Sequence[tuple[float, Words | str]], *, whole: bool) -> Words:
    """The best and the worst in one sentence; some may not be told, if it is not the whole."""
    if not ranked:
        return Words("Few calls stand behind each line", "Hay pocas llamadas detrás de cada línea")
    best, worst = max(ranked, key=lambda pair: pair[0]), min(ranked, key=lambda pair: pair[0])
    en, es = Say("en"), Say("es")
    if best[1] == worst[1]:
        return Words(f"{en.share(best[0])} are served", f"Se atiende {es.share(best[0])}")
    if not whole:
        return Words(
            f"The lowest share that is told: {en.share(worst[0])} ({en.of(worst[1])})",
            f"La proporción más baja que se dice: {es.share(worst[0])} ({es.of(worst[1])})",
        )
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


def _bar(say: Say, name: str, group: Told, hidden: Collection[str]) -> Bar:
    ends: tuple[float | None, float | None] = (None, None)
    if group.served.low < group.served.high and "served" not in hidden:
        ends = (max(group.served.low, 0.0), min(group.served.high, 1.0))
    least = served_at_least(group) if "served" in hidden else None
    pieces = [
        Piece(size, style, f"{name}, {words}: {say.share(size)}")
        for outcome, (style, words) in zip(_DRAWN, outcomes(say), strict=True)
        if outcome not in hidden and (size := getattr(group, outcome).mean) == size
    ]
    served = say.share(group.served.mean)
    if "served" in hidden:
        served = "–"
    if least is not None:
        served = f"≥ {say.share(least)}"
        pieces.insert(0, Piece(least, "tone-team", f"{name}: {served}"))
    if hidden:
        rest = max(1.0 - sum(piece.size for piece in pieces), 0.0)
        pieces.append(Piece(rest, "few", f"{name}: {say.of(FEW)}"))
    return Bar(name, pieces, f"{served} · {say.count(group.calls)}", low=ends[0], high=ends[1])


def _reasons_told(shown: Shown) -> list[tuple[str, Interval]]:
    """The reasons and their shares, the largest first; those of few calls are one."""
    whole = shown.asked.own.whole
    if "served" in shown.kept_outcomes.whole:
        return []
    found = sorted(
        ((name, one) for name, one in whole.unserved.items() if one.mean > 0),
        key=lambda pair: -pair[1].mean,
    )
    hidden = few([one.mean * whole.calls for _, one in found])
    small = [one.mean for (_, one), hide in zip(found, hidden, strict=True) if hide]
    listed = [pair for pair, hide in zip(found, hidden, strict=True) if not hide]
    if small:
        listed.append((OTHER_REASONS, Interval(sum(small), sum(small), sum(small))))
    return listed


def reasons(shown: Shown) -> Figure | None:
    """Why a team did not come, as shares of the calls that are the teams'."""
    found = _reasons_told(shown)
    if not found and "served" in shown.kept_outcomes.whole:
        return None

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
        wide=True,
    )

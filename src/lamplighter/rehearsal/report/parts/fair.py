"""For whom it is better or worse: parts of the city, and the people who live there."""

from __future__ import annotations

from html import escape
from math import nan

from lamplighter.pictures import Bar, Frame, Piece, bars
from lamplighter.policy.model import Words
from lamplighter.rehearsal.fairness import Fairness, GroupServed
from lamplighter.rehearsal.outcome import Dimension, Interval
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import LANGUAGES, Say
from lamplighter.rehearsal.report.section import Section, told
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_ENDS = 7


def fair_section(shown: Shown) -> Section | None:
    """None where the report knows no areas."""
    figures = [figure for figure in (by_area(shown), *by_group(shown)) if figure is not None]
    if not figures:
        return None
    fairness = shown.asked.fairness
    people = fairness is not None and bool(fairness.groups)
    lead = Words(
        "Help that comes for some and not for others is not fair. These pictures show how far the "
        "parts of the city are apart"
        + (", and the groups of people who live there." if people else "."),
        "Una ayuda que llega para unos y no para otros no es justa. Estas imágenes muestran qué "
        "tan lejos están entre sí las partes de la ciudad"
        + (" y los grupos de personas que viven ahí." if people else "."),
    )
    return Section(
        "fairness",
        Words("For whom is it better or worse?", "¿Para quién es mejor o peor?"),
        Words("Fairness", "Equidad"),
        (lead,),
        tuple(figures),
        html_after=_limits(fairness),
    )


def _limits(fairness: Fairness | None) -> tuple[str, str]:
    if fairness is None or not fairness.groups:
        return "", ""
    english, spanish = (
        "<ul class='limits'>"
        + "".join(f"<li>{escape(Say(language).of(one))}</li>" for one in fairness.limits)
        + "</ul>"
        for language, _ in LANGUAGES
    )
    return english, spanish


def by_area(shown: Shown) -> Figure | None:
    """The parts of the city that are served best and worst, with the range of each."""
    areas = [group for group in told(shown.groups(Dimension.AREA)) if group.label]
    areas.sort(key=lambda group: -group.served.mean)
    if len(areas) < 2:
        return None
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            group.label,
            round(group.calls),
            group.served.mean,
            group.served.low,
            group.served.high,
            group.p50.mean,
        )
        for group in areas
    )
    ends = areas if len(areas) <= 2 * _ENDS else [*areas[:_ENDS], *areas[-_ENDS:]]

    def draw(say: Say, frame: Frame) -> str:
        listed = []
        for group in ends:
            name, share = say.of(group.label), group.served
            listed.append(
                Bar(
                    name,
                    (Piece(share.mean, "tone-team", f"{name}: {say.share(share.mean)}"),),
                    f"{say.share(share.mean)} · {say.count(group.calls)}",
                    low=max(share.low, 0.0) if share.low < share.high else None,
                    high=min(share.high, 1.0) if share.low < share.high else None,
                )
            )
        head = say("served, calls", "atendidas, llamadas")
        return bars(frame, listed, most=1.0, head=head)

    best, worst = areas[0].served.mean, areas[-1].served.mean
    en, es = Say("en"), Say("es")
    some = len(areas) > 2 * _ENDS
    return Figure(
        Sheet(
            "fair_areas",
            Words("Served, from part to part of the city", "Atendidas, de una parte a otra"),
            (
                Column("area", Words("Area", "Zona")),
                Column("calls", Words("Calls in the period", "Llamadas en el periodo"), "count"),
                Column("served", Words("Served", "Atendidas"), "share"),
                Column("low", Words("from", "desde"), "share"),
                Column("high", Words("to", "hasta"), "share"),
                Column("median_minutes", Words("Half within", "La mitad en"), "minutes"),
            ),
            rows,
        ),
        Words(
            f"Between {en.share(worst)} and {en.share(best)} of the calls are served",
            f"Se atiende entre {es.share(worst)} y {es.share(best)} de las llamadas",
        ),
        Words(
            (f"The {_ENDS} highest and the {_ENDS} lowest of {len(areas)} parts. " if some else "")
            + "The line with ends is the range by the chance of the simulation; with few calls a "
            "part may also be high or low by which calls came in.",
            (f"Las {_ENDS} más altas y las {_ENDS} más bajas de {len(areas)}. " if some else "")
            + "La línea con topes es el margen por el azar de la simulación; con pocas llamadas, "
            "una parte también puede salir alta o baja según qué llamadas entraron.",
        ),
        draw,
    )


def by_group(shown: Shown) -> tuple[Figure, ...]:
    """What a random member of each group meets where they live: served share, and minutes."""
    fairness = shown.asked.fairness
    if fairness is None or not fairness.groups:
        return ()
    groups = [*fairness.groups]
    if fairness.everyone is not None:
        groups.append(fairness.everyone)
    return (
        _group_figure(
            groups,
            "fair_groups",
            "served",
            Words("Served, by who lives there", "Atendidas, según quién vive ahí"),
            "share",
        ),
        _group_figure(
            groups,
            "fair_minutes",
            "minutes",
            Words(
                "Minutes to arrival, by who lives there",
                "Minutos hasta llegar, según quién vive ahí",
            ),
            "minutes",
        ),
    )


def _group_figure(
    groups: list[GroupServed], key: str, field: str, title: Words, kind: str
) -> Figure:
    unknown = Interval(nan, nan, nan)

    def values(group: GroupServed) -> tuple[Interval, Interval]:
        value = getattr(group, field) or unknown
        return value, getattr(group, f"{field}_gap") or unknown

    def name(group: GroupServed) -> Words:
        if group.name == "everyone":
            return Words("everyone", "todas las personas")
        return Words(group.name, group.name)

    rows: list[tuple[Value, ...]] = []
    for group in groups:
        value, gap = values(group)
        rows.append(
            (
                name(group),
                group.people,
                value.mean,
                value.low,
                value.high,
                gap.mean,
                gap.low,
                gap.high,
            )
        )

    def draw(say: Say, frame: Frame) -> str:
        listed = []
        for group in groups:
            value, gap = values(group)
            if value.mean != value.mean:
                continue
            shown = getattr(say, kind)(value.mean)
            tone = "tone-other" if group.name == "everyone" else "tone-team"
            listed.append(
                Bar(
                    say.of(name(group)),
                    (Piece(value.mean, tone, f"{say.of(name(group))}: {shown}"),),
                    f"{shown} · {say.change(Interval(gap.mean, gap.mean, gap.mean), kind)}",
                    low=value.low,
                    high=value.high,
                )
            )
        head = say("value, gap to everyone", "valor, distancia a todas")
        if kind == "share":
            return bars(frame, listed, most=1.0, head=head)
        return bars(frame, listed, show=lambda one: f"{one:g}", head=head)

    unit = "share" if kind == "share" else "minutes"
    columns = (
        Column("group", Words("Group", "Grupo")),
        Column("people", Words("People", "Personas"), "count"),
        Column(field, title, "share" if unit == "share" else "minutes"),
        Column("low", Words("from", "desde"), "share" if unit == "share" else "minutes"),
        Column("high", Words("to", "hasta"), "share" if unit == "share" else "minutes"),
        Column("gap", Words("Gap to everyone", "Distancia a todas"), "number"),
        Column("gap_low", Words("from", "desde"), "number"),
        Column("gap_high", Words("to", "hasta"), "number"),
    )
    return Figure(
        Sheet(key, title, columns, tuple(rows)),
        title,
        Words(
            "What a random person of the group meets where they live, if an area serves all its "
            "people alike.",
            "Lo que encuentra donde vive una persona cualquiera del grupo, si cada zona atiende "
            "a todos por igual.",
        ),
        draw,
    )

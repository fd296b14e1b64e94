"""For whom it is better or worse: parts of the city, and the people who live there."""

from __future__ import annotations

from html import escape
from math import nan

from lamplighter.pictures import Bar, Frame, Piece, bars
from lamplighter.policy.model import Words
from lamplighter.rehearsal.fairness import Fairness, Gap, GroupServed
from lamplighter.rehearsal.fairness.limits import FEW
from lamplighter.rehearsal.fairness.measuring import FEW_CALLS
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.kept_outcomes import few_reached
from lamplighter.rehearsal.report.say import LANGUAGES, Say
from lamplighter.rehearsal.report.section import Section, told
from lamplighter.rehearsal.report.sheet import Column, Kind, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_ENDS = 7
_EVERYONE = Words("everyone", "todas las personas")


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
        + "".join(
            f"<li>{escape(Say(language).of(one))}</li>"
            for one in fairness.limits
            if one != FEW  # areas are told here with their neighbors, and the picture says so
        )
        + "</ul>"
        for language, _ in LANGUAGES
    )
    return english, spanish


def by_area(shown: Shown) -> Figure | None:
    """The parts of the city that are served best and worst, with the range of each."""
    areas = [group for group in told(shown.asked.wide) if group.label]
    areas.sort(key=lambda group: -group.served.mean)
    if len(areas) < 2:
        return None
    ranked = [group for group in areas if group.calls >= FEW_CALLS and not group.merged]
    if len(ranked) < 2:
        ranked = areas
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            group.label,
            round(group.calls),
            group.served.mean,
            group.served.low,
            group.served.high,
            None if few_reached(group) else group.p50.mean,
        )
        for group in areas
    )
    some = len(ranked) > 2 * _ENDS
    ends = [*ranked[:_ENDS], *ranked[-_ENDS:]] if some else ranked

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

    best, worst = ranked[0].served.mean, ranked[-1].served.mean
    en, es = Say("en"), Say("es")
    few = len(ranked) < len(areas)
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
            (f"The {_ENDS} highest and the {_ENDS} lowest of {len(ranked)} parts. " if some else "")
            + (f"Parts of fewer than {FEW_CALLS} calls are only in the table. " if few else "")
            + "+ 3 stands for three more areas that are told with this one. The line with ends "
            "is the range by the chance of the simulation; with few calls a part may also be high "
            "or low by which calls came in.",
            (f"Las {_ENDS} más altas y las {_ENDS} más bajas de {len(ranked)}. " if some else "")
            + (f"Las de menos de {FEW_CALLS} llamadas están solo en la tabla. " if few else "")
            + "+ 3 quiere decir tres zonas más que van con esta. La línea con topes es el "
            "margen por el azar de la simulación; con pocas llamadas, una parte también "
            "puede salir alta o baja según qué llamadas entraron.",
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
            fairness.widest_served,
        ),
        _group_figure(
            groups,
            "fair_minutes",
            "minutes",
            Words(
                "Mean minutes until somebody is there, by who lives there",
                "Minutos medios hasta que llega alguien, según quién vive ahí",
            ),
            "minutes",
            fairness.widest_minutes,
        ),
    )


def _group_figure(
    groups: list[GroupServed], key: str, field: str, title: Words, kind: str, widest: Gap | None
) -> Figure:
    unknown = Interval(nan, nan, nan)

    def values(group: GroupServed) -> tuple[Interval, Interval]:
        value = getattr(group, field) or unknown
        return value, getattr(group, f"{field}_gap") or unknown

    def name(group: GroupServed) -> Words:
        if group.name == "everyone":
            return _EVERYONE
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
                    shown if group.name == "everyone" else f"{shown} · {_gap(say, gap, kind)}",
                    low=value.low,
                    high=value.high,
                )
            )
        if kind == "share":
            head = say("served · gap to everyone", "atendidas · diferencia con todas")
            return bars(frame, listed, most=1.0, head=head)
        head = say("mean · gap to everyone", "media · diferencia con todas")
        return bars(frame, listed, show=lambda one: f"{one:g} min", head=head)

    unit: Kind = "share" if kind == "share" else "minutes"
    gap_kind: Kind = "points" if kind == "share" else "minutes more"
    columns = (
        Column("group", Words("Group", "Grupo")),
        Column("people", Words("People", "Personas"), "count"),
        Column(field, title, unit),
        Column("low", Words("from", "desde"), unit),
        Column("high", Words("to", "hasta"), unit),
        Column("gap", Words("Gap to everyone", "Diferencia con todas"), gap_kind),
        Column("gap_low", Words("from", "desde"), gap_kind),
        Column("gap_high", Words("to", "hasta"), gap_kind),
    )
    return Figure(
        Sheet(key, title, columns, tuple(rows)),
        _furthest_apart(widest, kind),
        Words(
            "What a random person of the group meets where they live, if an area serves all its "
            "people alike. Groups may overlap: one person may be in several.",
            "Lo que encuentra donde vive una persona cualquiera del grupo, si cada zona atiende "
            "a todos por igual. Los grupos pueden cruzarse: una persona puede estar en varios.",
        ),
        draw,
    )


def _gap(say: Say, gap: Interval, kind: str) -> str:
    return say.change(Interval(gap.mean, gap.mean, gap.mean), kind)


def _furthest_apart(widest: Gap | None, kind: str) -> Words:
    """Which two groups differ most, and whether by more than chance."""
    if widest is None:
        return Words("Only one group was asked for", "Solo se pidió un grupo")
    en, es = (Say(language).change(widest.gap, kind) for language, _ in LANGUAGES)
    apart = Words(
        f"{widest.first} against {widest.second}, {en}",
        f"{widest.first} frente a {widest.second}, {es}",
    )
    if widest.gap.low <= 0 <= widest.gap.high:
        return Words(
            f"No group differs from another by more than chance. Furthest apart: {apart.en}",
            f"Ningún grupo difiere de otro más que por azar. Los más distantes: {apart.es}",
        )
    return Words(f"Furthest apart: {apart.en}", f"Los más distantes: {apart.es}")

"""How many teams it takes: the plans that were tried, and the cheapest that meets the target."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

from lamplighter.pictures import Frame, Spot, points
from lamplighter.policy.model import Words
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.parts.assumed import shift_words
from lamplighter.rehearsal.report.parts.waits import of_week
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.staffing import Meets, Plan, Staffing

_MEETS = {
    Meets.YES: Words("yes", "sí"),
    Meets.LIKELY: Words("likely", "es probable"),
    Meets.NO: Words("no", "no"),
}


def staff_section(shown: Shown) -> Section | None:
    """None where no target was asked for."""
    found = shown.rehearsal.staffing
    if found is None:
        return None
    return Section(
        "staffing",
        Words("How many teams does it take?", "¿Cuántos equipos hacen falta?"),
        Words("Staffing", "Dotación"),
        staffing_said(found),
        (frontier(found), needed(found, shown)),
        sheets=(best_plan(shown, found),),
    )


def staffing_said(found: Staffing) -> tuple[Words, ...]:
    """What a search found: the smallest plan, how it ended, and what is to be known of kinds."""
    return (_lead(found), *_says(found))


def _says(found: Staffing) -> Iterator[Words]:
    lines = (found.says[language].splitlines() for language in ("en", "es"))
    for english, spanish in zip(*lines, strict=True):
        yield Words(english, spanish)


def _target(found: Staffing, language: str) -> str:
    target = found.target
    if language == "es":
        return (
            f"que a {target.share:.0%} de las llamadas llegue un equipo en {target.minutes:g} "
            f"minutos, y que como máximo {target.fall_back:.0%} quede para otros"
        )
    return (
        f"that a team is there within {target.minutes:g} minutes in {target.share:.0%} of the "
        f"calls, and that at most {target.fall_back:.0%} are left to others"
    )


def _lead(found: Staffing) -> Words:
    en, es = Say("en"), Say("es")
    target = Words(
        f"The target was {_target(found, 'en')}, for each kind of team.",
        f"La meta era {_target(found, 'es')}, para cada tipo de equipo.",
    )
    if found.best is None:
        return target
    best = found.best
    # The plan, and its shares, are of the kinds that can meet the target at all.
    but_en, but_es = "", ""
    of_en, of_es = "of all kinds together", "de todos los tipos juntos"
    if found.out_of_reach:
        but_en, but_es = ", as far as it can be met,", ", hasta donde se puede cumplir,"
        of_en, of_es = "of the teams that can meet it", "de los equipos que pueden cumplirla"
    price_en = "" if best.money is None else f" and {en.money(best.money)} a year"
    price_es = "" if best.money is None else f" y {es.money(best.money)} al año"
    return Words(
        f"{target.en} The smallest plan that meets it{but_en} takes {en.count(best.unit_hours)} "
        f"unit hours a week{price_en}. Of the calls {of_en}, {en.around(best.within)} have "
        f"somebody there in time, and {en.around(best.fall_back)} are left to others. "
        f"{found.plans:,} plans were simulated; a search is no proof that no better plan exists "
        "far from this one.",
        f"{target.es} El plan más pequeño que la cumple{but_es} usa {es.count(best.unit_hours)} "
        f"horas de unidad por semana{price_es}. De las llamadas {of_es}, a "
        f"{es.around(best.within)} se llega a tiempo y {es.around(best.fall_back)} quedan para "
        f"otros. Se simularon "
        f"{found.plans:,} planes; una búsqueda no prueba que no exista uno mejor lejos de este.",
    )


def frontier(found: Staffing) -> Figure:
    """Cost against the share that is reached in time."""
    plans = list(found.frontier)
    for one in (found.start, found.most, *([found.best] if found.best else [])):
        if one not in plans:
            plans.append(one)
    money = all(plan.money is not None for plan in plans)

    def size(plan: Plan) -> float:
        return plan.money if money and plan.money is not None else plan.unit_hours

    plans.sort(key=lambda plan: (size(plan), plan.within.mean))
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            f"{number}",
            plan.unit_hours,
            nan if plan.money is None else plan.money,
            plan.within.mean,
            plan.within.low,
            plan.within.high,
            plan.fall_back.mean,
            plan.busy.mean,
            _MEETS[plan.meets],
        )
        for number, plan in enumerate(plans, 1)
    )

    def draw(say: Say, frame: Frame) -> str:
        def show(value: float) -> str:
            return say.money(value) if money else f"{say.count(value)} h"

        far = 2.5 * size(found.best or found.start)
        spots = [
            Spot(
                size(plan),
                plan.within.mean,
                f"{show(size(plan))}, {say.share(plan.within.mean)}",
                on_frontier=plan in found.frontier,
                chosen=plan == found.best,
                meets=plan.meets is not Meets.NO,
            )
            for plan in plans
            if size(plan) <= far
        ]
        return points(
            frame,
            spots,
            across=say("cost of a year", "costo de un año")
            if money
            else say("unit hours a week", "horas de unidad por semana"),
            up=say("reached in time", "atendidas a tiempo"),
            show=say.short if money else show,
            target=found.target.share,
            target_says=say("target", "meta"),
        )

    return Figure(
        Sheet(
            "frontier",
            Words("What more teams would reach", "Qué lograrían más equipos"),
            (
                Column("plan", Words("Plan", "Plan")),
                Column(
                    "unit_hours_a_week",
                    Words(
                        "Unit hours a week",
                        "Horas por semana",
                    ),
                    "count",
                ),
                Column("a_year", Words("A year", "Por año"), "money"),
                Column("within", Words("Reached in time", "Atendidas a tiempo"), "share"),
                Column("low", Words("from", "desde"), "share"),
                Column("high", Words("to", "hasta"), "share"),
                Column("fall_back", Words("Left to others", "Quedan para otros"), "share"),
                Column("busy", Words("Busy", "Ocupadas"), "share"),
                Column("meets", Words("Meets the target", "Cumple la meta")),
            ),
            rows,
        ),
        _finding(found),
        Words(
            "Each mark is a plan: a filled square meets the target, a ring does not. The circled "
            "one is the cheapest that does. The line is the best that each sum of money buys. "
            "Plans of more than two and a half times its size are only in the table.",
            "Cada marca es un plan: el cuadrado lleno cumple la meta, el anillo no. El rodeado "
            "es el más barato que la cumple. La línea es lo mejor que compra cada suma. Los "
            "planes de más de dos veces y media su tamaño están solo en la tabla.",
        ),
        draw,
    )


def _finding(found: Staffing) -> Words:
    if found.best is None:
        return Words("No plan meets the target", "Ningún plan cumple la meta")
    # One or two plans make no curve that could flatten.
    if len(found.frontier) < 3:
        return Words("What the plan costs, and reaches", "Qué cuesta el plan y qué logra")
    return Words(
        "Each further unit brings less than the one before", "Cada unidad más aporta menos"
    )


def needed(found: Staffing, shown: Shown | None = None) -> Figure:
    """Units that Erlang's formula asks for, by hour of week: where the search began.

    With `shown` only what may be told to everybody.
    """
    summed = tuple(float(sum(need.units[hour] for need in found.needs)) for hour in range(168))
    return of_week(
        "units_needed",
        summed,
        Words("Units needed, by a formula", "Unidades necesarias, según una fórmula"),
        Words("When units are needed", "Cuándo hacen falta unidades"),
        Words(
            "How many units the calls of each hour ask for, by a formula for waiting lines "
            "(Erlang's). The search began here.",
            "Cuántas unidades piden las llamadas de cada hora, según una fórmula para filas de "
            "espera (de Erlang). Aquí empezó la búsqueda.",
        ),
        Words("Units needed", "Unidades necesarias"),
        (1,) * 168 if shown is None else shown.asked.week.hours,
        None if shown is None else shown.kept,
    )


def best_plan(shown: Shown, found: Staffing) -> Sheet:
    """Who works when and from where in the plan that was found."""
    plan = found.best or found.most
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.units,
            shown.kind(one.kind),
            shift_words((one.shift,), with_number=False),
            one.number,
        )
        for one in plan.staffed
        if one.number
    )
    title = (
        Words("The smallest plan that meets the target", "El plan más pequeño que cumple la meta")
        if found.best
        else Words("The largest plan that was tried", "El plan más grande que se probó")
    )
    return Sheet(
        "plan",
        title,
        (
            Column("units", Words("Units", "Unidades")),
            Column("kind", Words("Team", "Equipo")),
            Column("shift", Words("Shift", "Turno")),
            Column("number", Words("Number", "Número"), "count"),
        ),
        rows,
    )

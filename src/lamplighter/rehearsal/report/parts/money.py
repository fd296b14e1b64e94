"""What the teams cost, what others save, and which assumption matters most."""

from __future__ import annotations

from math import nan

from lamplighter.pictures import Bar, Frame, Piece, Swing, bars, tornado
from lamplighter.policy.model import Words
from lamplighter.rehearsal.costs import COST_NAMES, Costs, Result, Saves
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.answer import few_responses
from lamplighter.rehearsal.report.few import few
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.teams import Assumed

_MOST_SWINGS = 10
_OF_OTHERS = ("officers_", "police_", "ambulance_", "emergency_")
_SAVED = {
    Saves.POLICE: Words("Police time that is freed", "Tiempo de policía que queda libre"),
    Saves.AMBULANCE: Words("Ambulance time that is saved", "Tiempo de ambulancia que se ahorra"),
    Saves.EMERGENCY_DEPARTMENT: Words(
        "Emergency department visits that are saved", "Visitas a urgencias que se ahorran"
    ),
}


def money_section(shown: Shown) -> Section | None:
    """None where nothing was costed."""
    costs = shown.asked.costs
    if costs is None:
        return None
    hidden = few_responses(shown, costs)
    # What others save, and so what is left of the cost, is so much of each response.
    figures = () if hidden else (cost_and_savings(costs), swings(costs))
    return Section(
        "cost",
        Words("At what cost?", "¿A qué costo?"),
        Words("Cost", "Costo"),
        (_lead(costs, hidden=hidden),),
        tuple(figure for figure in figures if figure is not None),
        sheets=(by_kind(shown, costs),),
    )


def _lead(costs: Costs, *, hidden: bool) -> Words:
    if costs.per_year is None:
        # What others save is another matter; it needs assumptions of its own.
        missing = [_label(name, None) for name in costs.missing if not name.startswith(_OF_OTHERS)]
        names, nombres = (
            "; ".join(text[:1].lower() + text[1:] for text in texts)
            for texts in ([one.en for one in missing], [one.es for one in missing])
        )
        return Words(
            f"The cost cannot be given. The team file does not state: {names}.",
            f"No se puede dar el costo. El archivo de equipos no declara: {nombres}.",
        )
    en, es = Say("en"), Say("es")
    if hidden:
        return Words(
            f"The teams would cost {en.money(costs.per_year)} a year, "
            f"{en.money(costs.per_hour or nan)} for a unit's hour on duty. What a response costs, "
            "and what others save, is not told: there are few responses.",
            f"Los equipos costarían {es.money(costs.per_year)} al año, "
            f"{es.money(costs.per_hour or nan)} por hora de turno de una unidad. No se dice lo que "
            "cuesta una respuesta ni lo que otros ahorran: hay pocas respuestas.",
        )
    said = Words(
        f"The teams would cost {en.money(costs.per_year)} a year, "
        f"{en.money(costs.per_hour or nan)} for a unit's hour on duty and "
        f"{en.around(costs.per_response or _unknown(), 'money')} for a response.",
        f"Los equipos costarían {es.money(costs.per_year)} al año, "
        f"{es.money(costs.per_hour or nan)} por hora de turno de una unidad y "
        f"{es.around(costs.per_response or _unknown(), 'money')} por respuesta.",
    )
    if not costs.left_out:
        return said
    left = [_SAVED[one] for one in costs.left_out]
    return Words(
        f"{said.en} Not counted, as the team file does not state what is needed: "
        f"{'; '.join(one.en[:1].lower() + one.en[1:] for one in left)}.",
        f"{said.es} No se cuenta, porque el archivo de equipos no declara lo necesario: "
        f"{'; '.join(one.es[:1].lower() + one.es[1:] for one in left)}.",
    )


def _unknown() -> Interval:
    return Interval(nan, nan, nan)


def _label(name: str, assumed: Assumed | None) -> Words:
    known = COST_NAMES.get(name.partition(".")[0])
    label = (assumed.label if assumed is not None else None) or (known.label if known else {})
    english = label.get("en", name.replace("_", " "))
    kind = f" ({name.partition('.')[2].replace('_', ' ')})" if "." in name else ""
    return Words(english + kind, label.get("es", english) + kind)


def by_kind(shown: Shown, costs: Costs) -> Sheet:
    """Each kind's hours, vehicles, responses and money, by year."""
    rows: list[tuple[Value, ...]] = []
    years = shown.asked.own.days / 365
    hidden = few([one.responses_per_year.mean * years for one in costs.kinds])
    for one, hide in zip(costs.kinds, hidden, strict=True):
        responses = one.responses_per_year
        each = one.per_response or _unknown()
        hour = nan if one.per_hour is None else one.per_hour
        year = nan if one.per_year is None else one.per_year
        rows.append(
            (
                shown.kind(one.kind),
                one.hours_per_year,
                one.vehicles,
                None if hide else responses.mean,
                hour,
                *((None,) * 3 if hide else (each.mean, each.low, each.high)),
                year,
            )
        )
    columns = (
        Column("kind", Words("Team", "Equipo")),
        Column("hours_a_year", Words("Unit hours a year", "Horas de unidad al año"), "count"),
        Column("vehicles", Words("Vehicles", "Vehículos"), "count"),
        Column("responses_a_year", Words("Responses a year", "Respuestas al año"), "count"),
        Column("per_hour", Words("An hour", "Por hora"), "money"),
        Column("per_response", Words("A response", "Por respuesta"), "money"),
        Column("per_response_low", Words("from", "desde"), "money"),
        Column("per_response_high", Words("to", "hasta"), "money"),
        Column("per_year", Words("A year", "Por año"), "money"),
    )
    return Sheet("cost_by_kind", Words("Cost by team", "Costo por equipo"), columns, tuple(rows))


def cost_and_savings(costs: Costs) -> Figure | None:
    """The cost of a year beside what others save, as far as both could be computed."""
    if costs.per_year is None:
        return None
    cost = Interval(costs.per_year, costs.per_year, costs.per_year)
    found = [(Words("What the teams cost", "Lo que cuestan los equipos"), cost, nan, "tone-team")]
    for saving in costs.savings:
        if saving.per_year is not None:
            hours = saving.minutes_per_year.mean / 60 if saving.minutes_per_year else nan
            found.append((_SAVED[saving.of], saving.per_year, hours, "tone-over hatched"))
    net = costs.net_per_year
    rows = [(words, one.mean, one.low, one.high, hours) for words, one, hours, _ in found]
    if net is not None:
        rows.append(
            (
                Words(
                    "Cost less savings",
                    "Costo menos ahorros",
                ),
                net.mean,
                net.low,
                net.high,
                nan,
            )
        )

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            Bar(
                say.of(words),
                (Piece(one.mean, style, f"{say.of(words)}: {say.money(one.mean)}"),),
                say.money(one.mean),
                low=one.low if one.low < one.high else None,
                high=one.high if one.low < one.high else None,
            )
            for words, one, _, style in found
        ]
        legend = (
            ("tone-team", say("cost", "costo")),
            ("tone-over hatched", say("saved by others", "ahorro de otros")),
        )
        return bars(frame, listed, show=say.short, legend=legend)

    en, es = Say("en"), Say("es")
    finding = Words(
        "Cost of a year, and what others save",
        "Costo de un año y lo que otros ahorran",
    )
    if net is not None and len(found) > 1:
        finding = Words(
            f"After savings a year costs {en.money(net.mean)}",
            f"Descontado el ahorro, un año cuesta {es.money(net.mean)}",
        )
    columns = (
        Column("what", Words("What", "Qué")),
        Column("a_year", Words("A year", "Por año"), "money"),
        Column("low", Words("from", "desde"), "money"),
        Column("high", Words("to", "hasta"), "money"),
        Column("hours_a_year", Words("Hours a year", "Horas al año"), "count"),
    )
    return Figure(
        Sheet("cost", Words("Cost and savings", "Costo y ahorros"), columns, tuple(rows)),
        finding,
        Words(
            "Time that is freed is worth its price only if it is used for something else: it is "
            "no money that comes back by itself.",
            "El tiempo que queda libre solo vale su precio si se usa en otra cosa: no es dinero "
            "que vuelva por sí solo.",
        ),
        draw,
    )


def swings(costs: Costs) -> Figure | None:
    """How far the result goes when one assumption goes to the ends of its range."""
    if not costs.tornado or costs.per_year is None:
        return None
    net = costs.tornado_of is Result.NET_PER_YEAR and costs.net_per_year is not None
    middle = costs.net_per_year.mean if net and costs.net_per_year else costs.per_year
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            _label(one.name, one.assumed),
            one.assumed.low,
            one.assumed.value,
            one.assumed.high,
            one.assumed.unit,
            one.at_low,
            one.at_high,
        )
        for one in costs.tornado
    )

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            Swing(
                say.of(_label(one.name, one.assumed)),
                one.at_low,
                one.at_high,
                say.amount(one.assumed.low, one.assumed.unit),
                say.amount(one.assumed.high, one.assumed.unit),
            )
            for one in costs.tornado[:_MOST_SWINGS]
        ]
        return tornado(frame, listed, middle, say.money, say.short)

    first = _label(costs.tornado[0].name, costs.tornado[0].assumed)
    what = (
        Words(
            "cost less savings",
            "el costo menos los ahorros",
        )
        if net
        else Words("cost", "el costo")
    )
    return Figure(
        Sheet(
            "tornado",
            Words("What matters most to the result", "Qué pesa más en el resultado"),
            (
                Column("assumption", Words("Assumption", "Supuesto")),
                Column("low", Words("Low", "Bajo"), "number"),
                Column("value", Words("Taken as", "Se tomó"), "number"),
                Column("high", Words("High", "Alto"), "number"),
                Column("unit", Words("Unit", "Unidad"), as_written=True),
                Column("at_low", Words("Result at low", "Resultado con el bajo"), "money"),
                Column("at_high", Words("Result at high", "Resultado con el alto"), "money"),
            ),
            rows,
        ),
        Words(f"What matters most: {first.en}", f"Lo que más pesa: {first.es}"),
        Words(
            f"The {what.en} of a year when one assumption goes to the low (plain) or the high "
            "(hatched) end of its range, all else as stated. The numbers at the ends are the "
            "assumption's.",
            f"Así cambia {what.es} de un año cuando un supuesto va al extremo bajo (liso) o alto "
            "(rayado) de su rango, con lo demás igual. Los números en los extremos son del "
            "supuesto.",
        ),
        draw,
    )

"""The question in one sentence, and the answer in four."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from lamplighter.policy.model import Words
from lamplighter.rehearsal.costs import Costs
from lamplighter.rehearsal.observed import team_kinds
from lamplighter.rehearsal.outcome import Interval, Waits
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.kept_outcomes import count, few_reached, is_few
from lamplighter.rehearsal.report.say import FEW_REACHED, NOBODY_REACHED, NOT_TOLD, Say
from lamplighter.rehearsal.report.shown import Shown
from lamplighter.rehearsal.teams import Kind, Law, Minutes


@dataclass(frozen=True, slots=True)
class Card:
    """One of the four answers: the question, the figure, the sentence, the section with more."""

    question: str
    figure: str
    sentence: str
    more: str


def question(shown: Shown, say: Say) -> str:
    """What was asked."""
    found = shown.rehearsal
    title = say.of(found.policy.title) or found.policy.name
    units = say.number_of(_units(shown), ("unit", "units"), ("unidad", "unidades"))
    city = found.city or say("this city", "esta ciudad")
    return say(
        f"What if “{title}” decided who goes in {city}, with at most {units} on duty?",
        f"¿Y si «{title}» decidiera quién va en {city}, con un máximo de {units} de turno?",
    )


def who(shown: Shown, say: Say) -> str:
    """The teams that are rehearsed."""
    names = [say.of(shown.kind(kind.name)) for kind in team_kinds(shown.rehearsal.teams)]
    return say("Rehearsed teams: ", "Equipos del ensayo: ") + "; ".join(names)


def _units(shown: Shown) -> int:
    """The most units on duty at once of the rehearsed teams."""
    week = shown.asked.week
    most = max((sum(one[h] for one in week.on_duty.values()) for h in range(168)), default=0.0)
    return round(most)


def cards(shown: Shown, say: Say) -> tuple[Card, ...]:
    """How many; how many teams and served; how fast; what cost and for whom."""
    return (_calls(shown, say), _teams(shown, say), _speed(shown, say), _price(shown, say))


def _calls(shown: Shown, say: Say) -> Card:
    found = shown.rehearsal
    asked = len(shown.asked.calls)
    own = shown.asked.own.whole.calls
    share = own / asked if asked else 0.0
    ends = [
        scenario.own.whole.calls / max(len(scenario.calls), 1)
        if scenario.own.whole.calls >= FEWEST
        else 0.0
        for scenario in (found.least, found.most)
        if scenario is not None and not is_few(abs(scenario.own.whole.calls - own))
    ]
    between = ""
    if len(ends) == 2:
        low, high = say.share(min(ends)), say.share(max(ends))
        between = say(
            f" Depending on what callers would say it is at least {low} and at most {high}.",
            f" Según lo que dijera quien llama, es al menos {low} y como máximo {high}.",
        )
    many = f"{say.rate(own / shown.weeks)} {say('calls a week', 'llamadas por semana')}"
    if shown.weeks < 1:  # a week of which most days are not in the file would be a guess
        days = say.number_of(max(round(shown.weeks * 7), 1), ("day", "days"), ("día", "días"))
        calls = say.number_of(own, ("call", "calls"), ("llamada", "llamadas"))
        many = f"{calls} {say('in', 'en')} {days}"
    return Card(
        say("How many calls?", "¿Cuántas llamadas?"),
        many,
        say(
            f"{say.share(share)} of the {say.count(asked)} calls for help that could be rehearsed "
            f"would go to these teams.{between}",
            f"{say.share(share)} de las {say.count(asked)} llamadas de ayuda que se pudieron "
            f"ensayar irían a estos equipos.{between}",
        ),
        "calls",
    )


def _teams(shown: Shown, say: Say) -> Card:
    units = shown.asked.summary.units
    hours = sum(unit.on_duty_hours for unit in units) / shown.weeks
    busy = sum(unit.busy.mean * unit.on_duty_hours for unit in units if unit.on_duty_hours) / max(
        sum(unit.on_duty_hours for unit in units), 1e-9
    )
    asks = say("Are there enough teams?", "¿Bastan los equipos?")
    if not shown.asked.own.whole.calls:
        return Card(
            asks,
            say("no calls", "ninguna llamada"),
            say(
                "No call would go to these teams, who are on duty "
                f"{say.count(hours)} hours a week.",
                "Ninguna llamada iría a estos equipos, que están de turno "
                f"{say.count(hours)} horas por semana.",
            ),
            "served",
        )
    return Card(
        asks,
        f"{shown.of_all(say, 'served', around=False)} {say('served', 'atendidas')}",
        say(
            f"{say.count(hours)} team hours a week serve {shown.of_all(say, 'served')} of these "
            f"calls; the teams are busy {say.share(busy)} of their time. Others take over "
            f"{shown.of_all(say, 'taken_over', around=False)}; {nobody(shown, say)}.",
            f"{say.count(hours)} horas de equipo por semana atienden {shown.of_all(say, 'served')} "
            f"de estas llamadas; los equipos están ocupados {say.share(busy)} de su tiempo. Otros "
            f"se hacen cargo de {shown.of_all(say, 'taken_over', around=False)}; "
            f"{nobody(shown, say)}.",
        ),
        "served",
    )


def nobody(shown: Shown, say: Say) -> str:
    """To how many calls nobody comes, as a part of a sentence."""
    if not count(shown.asked.own.whole, "nobody"):
        return say("no call is left without anybody", "ninguna queda sin nadie")
    many = shown.of_all(say, "nobody")
    return say(f"to {many} nobody comes", f"a {many} no va nadie")


def _speed(shown: Shown, say: Say) -> Card:
    waits, asks = shown.asked.own.whole.to_arrival, say("How fast?", "¿Qué tan rápido?")
    if few_reached(shown.asked.own.whole):
        return Card(asks, say.of(NOT_TOLD), say.of(FEW_REACHED), "waits")
    if isnan(waits.p50.mean):
        return Card(asks, "–", say.of(NOBODY_REACHED), "waits")
    return Card(
        asks,
        say.minutes(waits.p50.mean),
        say(
            f"Half of those served are reached within {say.minutes(waits.p50.mean)}, nine of ten "
            f"within {say.around(waits.p90, 'minutes')}.{_in_time(waits, say)}",
            f"A la mitad de las atendidas se llega en {say.minutes(waits.p50.mean)}, a nueve de "
            f"diez en {say.around(waits.p90, 'minutes')}.{_in_time(waits, say)}",
        ),
        "waits",
    )


def _in_time(waits: Waits, say: Say) -> str:
    """How many are met in time, where ten calls or more have a stated target."""
    within, stated = waits.within_target, waits.with_target
    if within is None or stated is None or stated.mean < FEWEST:
        return ""
    share = say.part(within.mean * stated.mean, stated.mean, FEWEST)
    return say(
        f" Of the calls with a stated target, met in time: {share}.",
        f" De las llamadas con plazo declarado, atendidas a tiempo: {share}.",
    )


def _price(shown: Shown, say: Say) -> Card:
    costs = shown.asked.costs
    if costs is not None and costs.per_year is not None:
        each = costs.per_response
        sentence, net = say("There is no response.", "No hay ninguna respuesta."), ""
        if each is not None:
            own = say.around(each, "money")
            sentence = say(f"A response costs {own}.", f"Una respuesta cuesta {own}.")
        if few_responses(shown, costs):
            sentence = say(
                "What a response costs is not told: there are few.",
                "No se dice lo que cuesta una respuesta: hay pocas.",
            )
        elif costs.net_per_year is not None and costs.net_per_year.mean != costs.per_year:
            net = say(
                f" Less what others save: {say.around(costs.net_per_year, 'money')} a year.",
                f" Descontado lo que otros ahorran: {say.around(costs.net_per_year, 'money')} al "
                "año.",
            )
        return Card(
            say("At what cost?", "¿A qué costo?"),
            f"{say.money(costs.per_year)} {say('a year', 'al año')}",
            f"{sentence}{net}",
            "cost",
        )
    if not any(_states_police(kind) for kind in team_kinds(shown.rehearsal.teams)):
        return Card(
            say("At what cost?", "¿A qué costo?"),
            say("not told", "no consta"),
            say(
                "The team file states neither what the teams cost nor what police would have spent "
                "on their calls.",
                "El archivo de equipos no declara lo que cuestan los equipos ni lo que la policía "
                "habría usado en sus llamadas.",
            ),
            "assumptions",
        )
    if "served" in shown.kept_outcomes.whole:  # so many minutes of each are stated
        return Card(
            say("At what cost, and for whom?", "¿A qué costo y para quién?"),
            say.of(NOT_TOLD),
            say(
                "What police would have spent on the calls that the teams serve is not told: it "
                "would tell of few calls.",
                "No se dice lo que la policía habría usado en las llamadas que los equipos "
                "atienden: diría algo de pocas llamadas.",
            ),
            "busy",
        )
    freed = shown.asked.summary.police_hours_freed
    weekly = Interval(*(value / shown.weeks for value in (freed.mean, freed.low, freed.high)))
    return Card(
        say("At what cost, and for whom?", "¿A qué costo y para quién?"),
        f"{say.rate(weekly.mean)} h {say('of police time a week', 'de policía por semana')}",
        say(
            f"Police would have spent {say.around(weekly, 'hours')} a week on the calls that the "
            "teams serve.",
            f"La policía habría usado {say.around(weekly, 'hours')} por semana en las llamadas "
            "que los equipos atienden.",
        ),
        "busy",
    )


def few_responses(shown: Shown, costs: Costs) -> bool:
    """Whether what a response costs would tell how few there were: a year's cost is known."""
    return is_few(costs.responses_per_year.mean * shown.asked.own.days / 365)


def _states_police(kind: Kind) -> bool:
    step = kind.minutes_if_police
    return step is not None and (bool(step.by_nature) or step.usual != _NOTHING)


_NOTHING = Minutes(Law.FIXED, (0.0,))
BRAND = Words("Lamplighter: a rehearsal", "Lamplighter: un ensayo")

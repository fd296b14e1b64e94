"""The remarks at the top of an example team file: its target and what it assumes, twice."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from lamplighter.rehearsal.example.bases import one_line
from lamplighter.rehearsal.example.sizes import USUAL, Size
from lamplighter.rehearsal.regions import FEWEST_TOLD

_WIDTH = 98
_MADE = {
    "en": """
        Made for the calls of {city} under the policy {policy}, as an example: read it, and change
        it. The bases are where the calls are, as far as they tell. The numbers of units are those
        that a queueing formula (Erlang's, with callers who do not wait for ever) asks for; nothing
        was simulated.
        `rehearse` shows how they do, and `rehearse --staffing` searches the smallest that do.
    """,
    "es": """
        Hecho para las llamadas de {city} con la política {policy}, como ejemplo: léalo y cámbielo.
        Las bases están donde están las llamadas, si lo dicen. Los números de unidades son los que
        pide una fórmula de colas (la de Erlang, con personas que no esperan sin fin); nada se
        simuló.
        `rehearse` muestra cómo les va, y `rehearse --staffing` busca los más pequeños que bastan.
    """,
}
_TARGET = {
    "en": """
        Target: {share:g}% of the calls of each kind of team are met within the minutes that the
        policy gives them (the median of its calls).
    """,
    "es": """
        Meta: el {share:g}% de las llamadas de cada tipo de equipo se atiende dentro de los minutos
        que la política les da (la mediana de sus llamadas).
    """,
}
_ASKED = {
    "en": """
        {kind}: {calls} calls a day, {service:.0f} minutes each with the way; within {minutes:g}
    """,
    "es": """
        {kind}: {calls} llamadas al día, {service:.0f} minutos cada una con el camino;
        en {minutes:g}
    """,
}
_FEW = {
    "en": "{kind}: fewer than {fewest} calls in this history; at least one unit",
    "es": "{kind}: menos de {fewest} llamadas en este historial; al menos una unidad",
}
_ASSUMED = {
    "en": """
        Assumed: shifts have the hours of the example, and calls outside them go to others. Each
        shift has what its busiest hour of the week asks for. Calls come as often as in this
        history, smoothed over neighboring hours and days. What callers answer is drawn from stated
        rates. Travel, time on scene and write-up are as written below, the way half as far again
        as from the nearest base. Breaks are not counted.
    """,
    "es": """
        Se supone: los turnos tienen las horas del ejemplo, y las llamadas fuera de ellas van a
        otros. Cada turno tiene lo que pide su hora más ocupada de la semana. Las llamadas llegan
        tan a menudo como en este historial, suavizado entre horas y días vecinos. Lo que responden
        quienes llaman se sortea con las proporciones declaradas. El viaje, el tiempo en el lugar y
        el informe son los que se escriben abajo, y el camino es la mitad más largo que desde la
        base más cercana. No se cuentan los descansos.
    """,
}


def head_of(city: str, policy: str, sizes: Sequence[Size]) -> str:
    """The remarks, in English and in Spanish."""
    return "".join(f"{_in_language(language, city, policy, sizes)}\n#\n" for language in _MADE)


def _in_language(language: str, city: str, policy: str, sizes: Sequence[Size]) -> str:
    return "\n".join(
        (
            _remark(_MADE[language].format(city=city, policy=policy)),
            _remark(_TARGET[language].format(share=USUAL.share * 100)),
            *(_remark(_kind(language, size), "  ") for size in sizes),
            _remark(_ASSUMED[language]),
        )
    )


def _kind(language: str, size: Size) -> str:
    # What becomes of few calls is not told in a report either.
    form = _ASKED if size.calls >= FEWEST_TOLD else _FEW
    return form[language].format(
        kind=size.kind.label[language],
        fewest=FEWEST_TOLD,
        calls=f"{size.a_day:.1f}" if size.a_day >= 0.05 else "< 0.1",
        service=size.service,
        minutes=size.minutes,
    )


def _remark(text: str, indent: str = "") -> str:
    lead = f"# {indent}"
    return fill(
        one_line(text), _WIDTH, initial_indent=lead, subsequent_indent=lead, break_on_hyphens=False
    )

"""The assumptions that a cost needs: what each means, and what is taken if none is stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lamplighter.policy.model import Words
from lamplighter.rehearsal.teams import Assumed

ASSUMED = "assumed: no published figure is known to us"


class Measure(StrEnum):
    """What a number counts, and so which values it may have."""

    MONEY = "money"
    NUMBER = "number"
    SHARE = "share"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class CostName:
    """An assumption that a team file may state under `costs`.

    by_kind: a kind may have its own, as NAME.KIND
    usual: what is taken where the file says nothing; None: then what needs it is not computed
    """

    name: str
    measure: Measure
    unit: str
    label: Mapping[str, str]
    by_kind: bool = False
    usual: Assumed | None = None


def _name(
    name: str,
    measure: Measure,
    unit: str,
    en: str,
    es: str,
    *,
    by_kind: bool = False,
    usual: tuple[float, float, float, str] | None = None,
) -> CostName:
    label = {"en": en, "es": es}
    taken = None
    if usual is not None:
        value, low, high, source = usual
        taken = Assumed(name, value, low, high, unit, source, label)
    return CostName(name, measure, unit, label, by_kind, taken)


COST_NAMES: Mapping[str, CostName] = {
    one.name: one
    for one in (
        _name(
            "wage_per_hour",
            Measure.MONEY,
            "money/hour",
            "Wage of one person on a unit, per hour, before benefits",
            "Salario de una persona de la unidad, por hora, sin prestaciones",
            by_kind=True,
        ),
        _name(
            "people_per_unit",
            Measure.NUMBER,
            "people",
            "People on a unit",
            "Personas por unidad",
            by_kind=True,
            usual=(
                2,
                2,
                3,
                "a clinician and a paramedic, as in Denver's STAR; three as in Durham's HEART",
            ),
        ),
        _name(
            "benefits_share",
            Measure.NUMBER,
            "of wages",
            "Benefits and taxes on wages, as a share of wages",
            "Prestaciones e impuestos sobre el salario, como parte del salario",
            by_kind=True,
            usual=(0.30, 0.20, 0.45, ASSUMED),
        ),
        _name(
            "hours_paid_per_hour",
            Measure.NUMBER,
            "hours",
            "Hours paid for an hour on duty (leave, training, hand-over)",
            "Horas pagadas por hora de turno (permisos, formación, relevo)",
            by_kind=True,
            usual=(1.2, 1.0, 1.4, ASSUMED),
        ),
        _name(
            "vehicle_per_year",
            Measure.MONEY,
            "money/year",
            "One vehicle for a year, with fuel and upkeep",
            "Un vehículo por año, con combustible y mantenimiento",
            by_kind=True,
        ),
        _name(
            "overhead_share",
            Measure.NUMBER,
            "of cost",
            "Overhead (management, rooms, software), as a share of wages and vehicles",
            "Gastos generales (gestión, locales, programas), como parte de salarios y vehículos",
            by_kind=True,
            usual=(0.20, 0.10, 0.35, ASSUMED),
        ),
        _name(
            "officers_per_call",
            Measure.NUMBER,
            "officers",
            "Officers who would have gone to a call",
            "Agentes que habrían ido a una llamada",
            usual=(1, 1, 2, ASSUMED),
        ),
        _name(
            "police_cost_per_hour",
            Measure.MONEY,
            "money/hour",
            "An officer's hour, with benefits, vehicle and overhead",
            "Una hora de agente, con prestaciones, vehículo y gastos generales",
        ),
        _name(
            "ambulance_share",
            Measure.SHARE,
            "of responses",
            "Responses to which an ambulance would have come, and does not",
            "Respuestas a las que habría ido una ambulancia, y no va",
        ),
        _name(
            "ambulance_minutes",
            Measure.MINUTES,
            "minutes",
            "Minutes that an ambulance spends on such a call",
            "Minutos que una ambulancia dedica a una llamada así",
        ),
        _name(
            "ambulance_cost_per_hour",
            Measure.MONEY,
            "money/hour",
            "An ambulance's hour, with its crew",
            "Una hora de ambulancia, con su equipo",
        ),
        _name(
            "emergency_visit_share",
            Measure.SHARE,
            "of responses",
            "Responses that would have ended in an emergency department, and do not",
            "Respuestas que habrían acabado en urgencias, y no acaban ahí",
        ),
        _name(
            "emergency_visit_minutes",
            Measure.MINUTES,
            "minutes",
            "Minutes that such a visit keeps a bed of the emergency department",
            "Minutos que una visita así ocupa una cama de urgencias",
        ),
        _name(
            "emergency_visit_cost",
            Measure.MONEY,
            "money/visit",
            "Such a visit to the emergency department",
            "Una visita así a urgencias",
        ),
    )
}


_UNITS = {
    "$/hour": Words("an hour", "por hora"),
    "$/year": Words("a year", "al año"),
    "$/visit": Words("a visit", "por visita"),
    "of wages": Words("of wages", "de los salarios"),
    "of cost": Words("of cost", "del costo"),
    "of responses": Words("of responses", "de las respuestas"),
    "people": Words("people", "personas"),
    "officers": Words("officers", "agentes"),
    "hours": Words("hours", "horas"),
    "minutes": Words("minutes", "minutos"),
}


def unit_words(unit: str) -> Words:
    """A unit as people say it after a number; as it is written, where it is none of ours."""
    return _UNITS.get(unit, Words(unit, unit))

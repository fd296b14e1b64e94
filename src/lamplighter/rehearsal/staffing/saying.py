"""What a search for a staffing found, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamplighter.rehearsal.staffing.evaluating import Setting
from lamplighter.rehearsal.staffing.results import Ended, Plan
from lamplighter.rehearsal.staffing.slots import cover_of


def says(
    setting: Setting, ended: Ended, most: Plan, missed: Sequence[str], uncalled: Sequence[str]
) -> Mapping[str, str]:
    """How the search ended, and what is to be known of single kinds, each on a line of its own.

    missed: kinds that miss the target however many units they have; uncalled: kinds without a call
    """
    en, es = [], []
    if ended is Ended.FOUND:
        en.append("No plan near this one is cheaper and meets the target.")
        es.append("Ningún plan cercano es más barato y cumple la meta.")
    if ended is Ended.SPENT:
        en.append("The search ended because its scenarios were spent: this is the best so far.")
        es.append("La búsqueda terminó al agotarse sus escenarios: esto es lo mejor hasta ahora.")
    for kind in missed:
        label = setting.teams.kinds[kind].label
        met = most.kinds[kind]
        within, gone = met.within.mean * 100, met.fall_back.mean * 100
        outside = outside_shifts(setting, kind) * 100
        minutes = f"{setting.target.minutes:g}"
        en.append(
            f"{label.get('en', kind)}: no number of units in these shifts and places meets the "
            f"target. With plenty of them {within:.0f}% of calls are met within {minutes} minutes "
            f"and {gone:.0f}% fall back; {outside:.0f}% come in hours without a shift."
        )
        es.append(
            f"{label.get('es', kind)}: ningún número de unidades en estos turnos y lugares cumple "
            f"la meta. Con muchas se atiende el {within:.0f}% de las llamadas en {minutes} "
            f"minutos y el {gone:.0f}% pasa a otros; el {outside:.0f}% llega en horas sin turno."
        )
    if missed:
        en.append("Change the shifts, the bases or the target, or promise it for some hours only.")
        es.append("Cambie los turnos, las bases o la meta, o prométala solo para unas horas.")
    for kind in uncalled:
        label = setting.teams.kinds[kind].label
        en.append(f"{label.get('en', kind)}: nobody called for them, so they stay as they are.")
        es.append(f"{label.get('es', kind)}: nadie los llamó, así que quedan como están.")
    return {"en": "\n".join(en), "es": "\n".join(es)}


def outside_shifts(setting: Setting, kind: str) -> float:
    """The share of a kind's calls that come in hours in which none of its shifts works."""
    counted = setting.counted[setting.kinds.index(kind)]
    covers = [cover_of(slot.shift) for slot in setting.slots if slot.units.kind == kind]
    works = np.max(covers, axis=0) > 0
    hours = setting.calls.hour_of_week[counted]
    return float((~works[hours]).mean()) if len(hours) else 0.0

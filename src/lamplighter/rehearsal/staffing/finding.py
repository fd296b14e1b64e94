"""The staffing that meets a target: from Erlang's formulas by simulation to a confirmed plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.costs.costing import currency_of
from lamplighter.rehearsal.staffing.beginning import begin
from lamplighter.rehearsal.staffing.evaluating import Evaluations, Progress, Setting
from lamplighter.rehearsal.staffing.kept import Kept
from lamplighter.rehearsal.staffing.results import Ended, Meets, Plan, Staffed, Staffing
from lamplighter.rehearsal.staffing.searching import Search, front
from lamplighter.rehearsal.staffing.slots import (
    Base,
    Numbers,
    money_per_year,
    slots_of,
    staffed_kinds,
    teams_with,
    unit_hours,
)
from lamplighter.rehearsal.staffing.target import Scores, StaffingError, Target, counted_calls
from lamplighter.rehearsal.teams import Teams

MOST_SCENARIOS = 1000
REPLICATIONS = 10
USUAL = Target()


def find_staffing(
    calls: Calls,
    teams: Teams,
    target: Target = USUAL,
    *,
    kinds: Collection[str] | None = None,
    bases: Sequence[Base] | None = None,
    seed: int = 1,
    replications: int = REPLICATIONS,
    most_scenarios: int = MOST_SCENARIOS,
    resume: Path | None = None,
    progress: Progress | None = None,
) -> Staffing:
    """The smallest numbers of units by shift and base that meet a target.

    kinds: what to staff; None: every kind with units that is not police. Others stay as they are
    bases: places of which any may be used, for every shift; None: those of the team file
    replications: runs over which the plan that is found must keep the target, with its intervals
    most_scenarios: runs after which the search ends with the best so far
    resume: a file in which each score is kept, and from which a killed search goes on
    progress: is told how many of at most how many scenarios are done

    1. Erlang's formula (with patience) asks for units by hour of week; shifts cover it; each unit
       is placed where it then reaches most calls in time.
    2. All numbers are made smaller or larger together until the target is just met.
    3. Units are taken away and exchanged, one by one, with few replications. All plans meet the
       same calls with the same luck. A plan smaller than one that failed is not simulated.
    4. The cheapest plan that met the target is confirmed: its 95 % intervals must lie inside.
    A search near the best plan is no proof that there is no better one far from it.
    StaffingError: there is nothing to staff, or no call that a staffed kind is to answer.
    SimulationError, CostsError: as `simulate` and `cost_of`.
    """
    if replications < 1 or most_scenarios < 1:
        raise StaffingError("replications and scenarios must be 1 or more")
    chosen = staffed_kinds(teams, kinds)
    slots = slots_of(teams, chosen, bases)
    counted = tuple(
        counted_calls(calls, frozenset(teams.kinds[kind].answers), target) for kind in chosen
    )
    if not any(len(its) for its in counted):
        raise StaffingError(
            f"no call is for {', '.join(chosen)} in the hours of the target: "
            "nothing says how many units are needed"
        )
    setting = Setting(calls, teams, chosen, slots, counted, target, seed)
    beginning = begin(setting)
    kept = None if resume is None else Kept(resume, setting.key(), len(slots))
    try:
        evaluations = Evaluations(setting, most=most_scenarios, kept=kept, progress=progress)
        search = Search(setting, beginning, evaluations, replications)
        search.run()
    finally:
        if kept is not None:
            kept.close()
    return _staffing(search)


def _staffing(search: Search) -> Staffing:
    setting, beginning = search.setting, search.beginning
    evaluated = search.evaluations.evaluated()
    if not evaluated:
        raise StaffingError("not one scenario could be simulated: allow more of them")
    target = setting.target
    best = search.best
    if best is None and search.ended is Ended.SPENT:
        likely = [plan for plan, scores in evaluated.items() if scores.lack(target) == 0]
        best = min(likely, key=lambda plan: (search.cost(plan), plan), default=None)
    most = max(evaluated, key=lambda plan: (sum(plan), plan))
    start = beginning.scaled(1.0)
    plans = {
        plan: _plan(search, plan, scores, confirmed=plan == search.best)
        for plan, scores in evaluated.items()
    }
    return Staffing(
        target=target,
        kinds=setting.kinds,
        seed=setting.seed,
        replications=search.replications,
        best=None if best is None else plans[best],
        teams=teams_with(setting.teams, setting.kinds, setting.slots, best or most),
        start=plans.get(start, plans[most]),
        most=plans[most],
        frontier=tuple(plans[plan] for plan in front(evaluated, search)),
        needs=beginning.needs,
        calls=sum(len(its) for its in setting.counted),
        plans=len(evaluated),
        scenarios=search.evaluations.scenarios,
        known=search.evaluations.known,
        ended=search.ended,
        currency=currency_of(setting.teams),
        says=_says(search.ended, plans[most], target),
    )


def _plan(search: Search, plan: Numbers, scores: Scores, *, confirmed: bool) -> Plan:
    setting = search.setting
    meets = Meets.NO
    if confirmed:
        meets = Meets.YES
    elif scores.lack(setting.target) == 0:
        meets = Meets.LIKELY
    return Plan(
        staffed=tuple(
            Staffed(
                slot.units.name, slot.units.kind, slot.shift, number, slot.base, slot.units.base
            )
            for slot, number in zip(setting.slots, plan, strict=True)
            if number
        ),
        unit_hours=unit_hours(setting.slots, plan),
        money=money_per_year(setting.teams, setting.kinds, setting.slots, plan),
        within=scores.whole.within,
        fall_back=scores.whole.fall_back,
        kinds=dict(zip(setting.kinds, scores.kinds, strict=True)),
        busy=scores.busy,
        runs=len(scores.scores),
        meets=meets,
    )


def _says(ended: Ended, most: Plan, target: Target) -> Mapping[str, str]:
    if ended is Ended.FOUND:
        return {
            "en": "No plan near this one is cheaper and meets the target.",
            "es": "Ningún plan cercano es más barato y cumple el objetivo.",
        }
    if ended is Ended.SPENT:
        return {
            "en": "The search ended because its scenarios were spent. This is the best so far.",
            "es": "La búsqueda terminó porque se agotaron sus escenarios. Esto es lo mejor hasta "
            "ahora.",
        }
    met, gone = most.within.mean * 100, most.fall_back.mean * 100
    return {
        "en": f"No number of units in these shifts meets the target. With "
        f"{most.unit_hours:g} unit-hours a week {met:.1f} % are met within {target.minutes:g} "
        f"minutes and {gone:.1f} % fall back. Change the shifts, the bases or the target.",
        "es": f"Ningún número de unidades en estos turnos cumple el objetivo. Con "
        f"{most.unit_hours:g} horas de unidad por semana se atiende el {met:.1f} % en "
        f"{target.minutes:g} minutos y el {gone:.1f} % pasa a otros. Cambie los turnos, las bases "
        "o el objetivo.",
    }

"""The staffing that meets a target: from Erlang's formulas by simulation to a confirmed plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from lamplighter.rehearsal.calls import Calls
from lamplighter.rehearsal.costs.costing import currency_of
from lamplighter.rehearsal.staffing.beginning import begin
from lamplighter.rehearsal.staffing.evaluating import Evaluations, Progress, Setting
from lamplighter.rehearsal.staffing.kept import Kept
from lamplighter.rehearsal.staffing.results import Ended, Meets, Plan, Staffed, Staffing
from lamplighter.rehearsal.staffing.saying import says
from lamplighter.rehearsal.staffing.searching import Search
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

    kinds: what to staff; None: every kind with units and calls that is not police. Others stay as
        they are
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
    A search near the best plan is no proof that there is no better one far from it. A kind that
    misses the target with plenty of units is left as it is in the team file, and told.
    StaffingError: there is nothing to staff, or no call that a staffed kind is to answer.
    SimulationError, CostsError: as `simulate` and `cost_of`.
    """
    if replications < 1 or most_scenarios < 1:
        raise StaffingError("replications and scenarios must be 1 or more")
    asked = staffed_kinds(teams, kinds)
    found = {
        kind: counted_calls(calls, frozenset(teams.kinds[kind].answers), target) for kind in asked
    }
    called = {kind: its for kind, its in found.items() if len(its)}
    if not called or (kinds is not None and len(called) < len(found)):
        without = ", ".join(kind for kind in asked if kind not in called)
        raise StaffingError(
            f"no call is for {without} in the hours of the target: "
            "nothing says how many units are needed"
        )
    chosen, counted = tuple(called), tuple(called.values())
    slots = slots_of(teams, chosen, bases)
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
    return _staffing(search, [kind for kind in asked if kind not in called])


def _staffing(search: Search, uncalled: Sequence[str]) -> Staffing:
    setting, target = search.setting, search.setting.target
    evaluated = search.evaluations.evaluated()
    if search.most not in evaluated:
        raise StaffingError("not even the first plans could be simulated: allow more scenarios")
    kinds = search.kinds or tuple(range(len(setting.kinds)))
    best = search.best
    if best is None and search.ended is Ended.SPENT:
        likely = [plan for plan, scores in evaluated.items() if scores.lack(target, kinds) == 0]
        best = min(likely, key=lambda plan: (search.cost(plan), plan), default=None)
    plans = {
        plan: _plan(search, kinds, plan, scores, confirmed=plan == search.best)
        for plan, scores in evaluated.items()
    }
    most = plans[search.most]
    missed = [name for place, name in enumerate(setting.kinds) if place not in search.kinds]
    return Staffing(
        target=target,
        kinds=setting.kinds,
        out_of_reach=tuple(missed),
        seed=setting.seed,
        replications=search.replications,
        best=None if best is None else plans[best],
        teams=teams_with(setting.teams, setting.kinds, setting.slots, best or search.most),
        start=plans[search.start],
        most=most,
        frontier=tuple(plans[plan] for plan in search.front(evaluated, kinds)),
        needs=search.beginning.needs,
        calls=sum(len(its) for its in setting.counted),
        plans=len(evaluated),
        scenarios=search.evaluations.scenarios,
        known=search.evaluations.known,
        ended=search.ended,
        currency=currency_of(setting.teams),
        says=says(setting, search.ended, most, missed, uncalled),
    )


def _plan(
    search: Search, kinds: Sequence[int], plan: Numbers, scores: Scores, *, confirmed: bool
) -> Plan:
    setting = search.setting
    meets = Meets.NO
    if confirmed:
        meets = Meets.YES
    elif search.kinds and scores.lack(setting.target, kinds) == 0:
        meets = Meets.LIKELY
    whole = scores.met(*kinds)
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
        within=whole.within,
        fall_back=whole.fall_back,
        kinds={name: scores.met(place) for place, name in enumerate(setting.kinds)},
        busy=scores.busy,
        runs=len(scores.scores),
        meets=meets,
    )

"""What a search for a staffing found, as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from lamplighter.city.rehearsal.models import StaffingSearch
from lamplighter.city.rehearsal.runs.headlines import interval_of
from lamplighter.city.rehearsal.teams.files import in_language, read_team_text
from lamplighter.rehearsal.report.parts.assumed import shift_words
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.teams import Teams

from .plans import shift_of

_COUNTED = (("plans", "tried"), ("runs", "scenarios"), ("known", "known"))


@dataclass(frozen=True)
class PlanRow:
    """A plan in a row of the frontier: `number` names it, `best` is the one that was found."""

    number: int
    hours: str
    money: str
    within: str
    fall_back: str
    busy: str
    meets: str
    says: str
    best: bool


@dataclass(frozen=True)
class ShiftNumber:
    """How many units work in a shift: today, and in the plan."""

    units: str
    kind: str
    shift: str
    today: str
    number: int
    changes: bool
    out_of_reach: bool


@dataclass(frozen=True)
class PlansFound:
    """What a search found: sentences, the frontier, and the plan by shift and base."""

    met: bool
    lead: str
    says: list[str]
    tried: str
    plans: Sequence[PlanRow]
    best: PlanRow | None
    shifts: Sequence[ShiftNumber]
    frontier: Mapping[str, Any]


def target_in_words(search: StaffingSearch) -> str:
    """The target as people say it."""
    return _("%(within)s%% within %(minutes)s minutes, at most %(fall_back)s%% taken over") % {
        "within": f"{search.percent_within:g}",
        "minutes": f"{search.minutes:g}",
        "fall_back": f"{search.percent_fall_back:g}",
    }


def lay_out_plans(search: StaffingSearch, language: str) -> PlansFound | None:
    """What was found, where something was."""
    found, sections = search.result, search.sections
    if found is None or sections is None:
        return None
    say = Say("es" if language == "es" else "en")
    plans = [_row(number, plan, found["best"], say) for number, plan in enumerate(found["plans"])]
    best = None if found["best"] is None else plans[found["best"]]
    teams = read_team_text(search.scenario.teams_text).teams
    assert teams is not None, "a scenario is kept only with teams that can be read"
    return PlansFound(
        met=best is not None,
        lead="" if best is None else _lead(best, _met(teams, found, say)),
        says=found["says"][say.language].splitlines(),
        tried=_("%(plans)s plans were tried in %(runs)s runs, of which %(known)s were known.")
        % {name: f"{found[key]:,}" for name, key in _COUNTED},
        plans=plans,
        best=best,
        shifts=() if best is None else _shifts(teams, found, best.number, say),
        frontier=sections[say.language],
    )


def _row(number: int, plan: Mapping[str, Any], best: int | None, say: Say) -> PlanRow:
    meets = {
        "yes": _("meets the target"),
        "likely": _("likely meets it"),
        "no": _("misses it"),
    }
    money = plan["money"]
    return PlanRow(
        number=number,
        hours=say.count(plan["hours"]),
        money="–" if money is None else say.money(money),
        within=say.around(interval_of(plan["within"])),
        fall_back=say.around(interval_of(plan["fall_back"])),
        busy=say.share(interval_of(plan["busy"]).mean),
        meets=plan["meets"],
        says=meets[plan["meets"]],
        best=number == best,
    )


def _met(teams: Teams, found: Mapping[str, Any], say: Say) -> str:
    """The kinds of team that meet the target."""
    return ", ".join(
        _kind(teams, kind, say) for kind in found["kinds"] if kind not in found["out_of_reach"]
    )


def _lead(best: PlanRow, kinds: str) -> str:
    said = {
        "kinds": kinds,
        "hours": best.hours,
        "money": best.money,
        "within": best.within,
        "fall_back": best.fall_back,
    }
    first = _("The smallest plan takes %(hours)s team hours a week.") % said
    if best.money != "–":
        first = (
            _("The smallest plan takes %(hours)s team hours a week and costs %(money)s a year.")
            % said
        )
    then = (
        _(
            "In it these meet the target: %(kinds)s. They are there in time at %(within)s of their "
            "calls; %(fall_back)s go to others."
        )
        % said
    )
    return f"{first} {then}"


def _shifts(teams: Teams, found: Mapping[str, Any], number: int, say: Say) -> list[ShiftNumber]:
    """The plan by unit and shift, beside the numbers of today where units stay where they are."""
    staffed = [one for one in found["plans"][number]["staffed"] if one["number"]]
    if any(one["base"] is not None for one in staffed):
        return [
            ShiftNumber(
                one["base"],
                _kind(teams, one["kind"], say),
                say.of(shift_words((shift_of(one),), with_number=False)),
                "",
                one["number"],
                True,
                one["kind"] in found["out_of_reach"],
            )
            for one in staffed
        ]
    planned = {(one["units"], shift_of(one)): one["number"] for one in staffed}
    rows = []
    for unit in teams.units:
        if unit.kind not in found["kinds"]:
            continue
        for shift in unit.shifts:
            bare = replace(shift, number=1)
            after = planned.pop((unit.name, bare), 0)
            rows.append(
                ShiftNumber(
                    unit.name,
                    _kind(teams, unit.kind, say),
                    say.of(shift_words((shift,), with_number=False)),
                    str(shift.number),
                    after,
                    after != shift.number,
                    unit.kind in found["out_of_reach"],
                )
            )
    return rows


def _kind(teams: Teams, name: str, say: Say) -> str:
    return in_language(teams.kinds[name].label, say.language, name)

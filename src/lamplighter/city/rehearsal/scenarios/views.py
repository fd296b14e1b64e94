"""The rehearsal room: its scenarios, and how a new one is made."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.intake.models import Neighborhood
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import Scenario
from lamplighter.city.rehearsal.queries import (
    IN_THE_ROOM,
    REHEARSES,
    area_files,
    free_name,
    histories,
    put_away_by,
    rows_for,
    searches_of,
    visible_to,
)
from lamplighter.city.rehearsal.runs.actions import run_scenario
from lamplighter.city.rehearsal.runs.headlines import headlines_of
from lamplighter.city.rehearsal.searches.plans import teams_of_plan
from lamplighter.city.rehearsal.searches.shown import target_in_words
from lamplighter.city.rehearsal.teams.editing import Edited, edit_teams
from lamplighter.city.rehearsal.teams.files import read_team_text

from .actions import NewScenario, bring_back, put_away, save_scenario
from .choosing import (
    CITY,
    KEPT,
    Choice,
    area_choices,
    areas_of_scenario,
    chosen_areas,
    chosen_policy,
    policy_choices,
)
from .forms import ScenarioForm, text_field
from .replacing import Standing, first_teams, replaced, text_of


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def room(request: HttpRequest) -> HttpResponse:
    """The scenarios, each with where it stands and what it says first."""
    rows = rows_for(request.user, timezone.now())
    context = {
        "rows": [
            (row, headlines_of(getattr(row.run, "headline", None), get_language() or "en"))
            for row in rows
        ],
        "done": sum(row.state == "done" for row in rows),
        "histories": histories(),
        "away": put_away_by(request.user),
        "just_away": _just_away(request),
        "rehearses": request.user.has_role(*REHEARSES),
    }
    return render(request, "rehearsal/room.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*REHEARSES)
def new(request: HttpRequest) -> HttpResponse:
    """Fill a scenario in, from the one that is copied or from the latest; posted, it is run."""
    now = timezone.now()
    copied = _copied(request)
    policies = policy_choices(now, copied)
    areas = area_choices(area_files(request.user), copied)
    given = {"histories": histories(), "policies": policies, "areas": areas}
    language = get_language() or "en"
    if request.method == "POST":
        said = request.POST.copy()
        edited = edit_teams(text_of(said), said, language)
        rules = _policy_text(said.get("policy", ""), now, copied)
        standing = replaced(said, edited.text, rules)
        if standing.text != edited.text:
            edited = edit_teams(standing.text, {}, language)
        said["teams_text"] = edited.text
        if "change" in said:
            form = ScenarioForm(initial=said.dict(), **given)
            return _form_page(request, form, edited, policies, copied, standing)
        form = ScenarioForm(said, **given)
        form.is_valid()
        if edited.by_table and not edited.told.good:
            form.add_error(None, edited.told.problems[0])
        if not form.errors:
            try:
                scenario = save_scenario(
                    _filled_in(request, form, copied), by=request.user, now=now
                )
            except Refusal as refusal:
                form.add_error(refusal.field, refusal.sentence)
            else:
                return _run(request, scenario)
        return _form_page(request, form, edited, policies, copied, standing, status=422)
    first, standing = _initial(request, copied, policies, now)
    if copied is not None and (plan := _plan(request, copied)) is not None:
        first |= {"name": free_name(plan.name), "teams_text": plan.text}
    form = ScenarioForm(initial=first, **given)
    edited = edit_teams(first["teams_text"], {}, language)
    return _form_page(request, form, edited, policies, copied, standing)


def _policy_text(value: str, now: datetime, copied: Scenario | None) -> str | None:
    try:
        return chosen_policy(value, now, copied).text
    except Refusal:
        return None  # it is told when the form is saved


@require_POST
@opens_to(*REHEARSES)
def check(request: HttpRequest) -> HttpResponse:
    """What the teams say while somebody changes them, as a table or as text; nothing is kept."""
    edited = edit_teams(text_of(request.POST), request.POST, get_language() or "en")
    context = {
        "edited": edited,
        "told": edited.told,
        "text_field": text_field(edited.text),
        "here": reverse("rehearsal:new"),
    }
    return render(request, "rehearsal/checked.html", context)


@require_safe
@opens_to(*IN_THE_ROOM)
def teams_file(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """The team file of a scenario, to take along."""
    scenario = get_object_or_404(visible_to(request.user), pk=scenario_id)
    name = f"{slugify(scenario.teams_name) or 'teams'}.yaml"
    return HttpResponse(
        scenario.teams_text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@opens_to(*REHEARSES)
def away(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Take a scenario off the list."""
    scenario = get_object_or_404(visible_to(request.user), pk=scenario_id)
    put_away(scenario.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The scenario was put away. What it said stays in the record."))
    return redirect(f"{reverse('rehearsal:room')}?away={scenario.pk}")


@never_cache
@require_safe
@opens_to(*REHEARSES)
def put_away_list(request: HttpRequest) -> HttpResponse:
    """The scenarios that were put away, to be brought back."""
    return render(request, "rehearsal/put_away.html", {"away": put_away_by(request.user)[:100]})


@require_POST
@opens_to(*REHEARSES)
def back(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Put a scenario on the list again."""
    scenario = get_object_or_404(put_away_by(request.user), pk=scenario_id)
    bring_back(scenario.pk, by=request.user, now=timezone.now())
    messages.success(request, _("“%(name)s” is on the list again.") % {"name": scenario.name})
    return redirect("rehearsal:scenario", scenario.pk)


def _run(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    try:
        run_scenario(scenario.pk, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("rehearsal:scenario", scenario.pk)


def _just_away(request: HttpRequest) -> Scenario | None:
    """The scenario that was put away a moment ago, so that it can be undone."""
    try:
        return put_away_by(request.user).filter(pk=uuid.UUID(request.GET.get("away", ""))).first()
    except ValueError:
        return None


def _copied(request: HttpRequest) -> Scenario | None:
    """The scenario that is copied, if the address or the form names one."""
    named = request.POST.get("copied_from") or request.GET.get("from") or ""
    try:
        return visible_to(request.user).filter(pk=uuid.UUID(named)).first()
    except ValueError:
        return None


def _initial(
    request: HttpRequest, copied: Scenario | None, policies: list[Choice], now: datetime
) -> tuple[dict[str, Any], Standing]:
    """What stands in the form first: that of the copied scenario, else what can be run at once."""
    latest = copied or visible_to(request.user).order_by("-at", "-id").first()
    policy = policies[0].value if policies else ""
    if latest:
        standing = Standing(latest.teams_text)
    else:
        standing = first_teams(histories().first(), _policy_text(policy, now, copied))
    initial = {
        "name": free_name(_("Copy of %(name)s") % {"name": copied.name}) if copied else "",
        "history": latest.history_id if latest else histories().first(),
        "policy": policy,
        "teams_text": standing.text,
        "replications": copied.replications if copied else 20,
        "answers": copied.answers if copied else "stated",
        "areas": _areas_first(copied, latest),
        "seed": copied.seed if copied else 1,
    }
    return initial, standing


@dataclass(frozen=True)
class _Planned:
    """The teams of a plan as a team file, and how a scenario with them may be called."""

    name: str
    text: str


def _plan(request: HttpRequest, copied: Scenario) -> _Planned | None:
    """The plan of a search for teams of the copied scenario, if the address names one."""
    try:
        search_id, number = uuid.UUID(request.GET.get("search", "")), int(request.GET["plan"])
    except (ValueError, KeyError):
        return None
    search = searches_of(request.user).filter(pk=search_id, scenario=copied).first()
    if search is None or search.result is None or not 0 <= number < len(search.result["plans"]):
        return None
    teams = read_team_text(copied.teams_text).teams
    assert teams is not None, "a scenario is kept only with teams that can be read"
    name = _("%(target)s, plan %(number)s") % {
        "target": target_in_words(search),
        "number": number + 1,
    }
    return _Planned(name, teams_of_plan(copied.teams_text, teams, search.result, number, name))


def _areas_first(copied: Scenario | None, latest: Scenario | None) -> str:
    """The areas that are chosen first: those of the copied scenario, else of the latest."""
    found = areas_of_scenario(latest) if latest else CITY
    return CITY if found == KEPT and copied is None else found


def _filled_in(request: HttpRequest, form: ScenarioForm, copied: Scenario | None) -> NewScenario:
    said = form.cleaned_data
    return NewScenario(
        name=said["name"],
        history=said["history"],
        policy=chosen_policy(said["policy"], timezone.now(), copied),
        teams_text=said["teams_text"].replace("\r\n", "\n"),
        areas=chosen_areas(said["areas"], area_files(request.user), copied),
        answers=said["answers"],
        seed=said["seed"],
        replications=said["replications"],
        copied_from=copied,
    )


def _form_page(
    request: HttpRequest,
    form: ScenarioForm,
    edited: Edited,
    policies: list[Choice],
    copied: Scenario | None,
    standing: Standing,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "policies": policies,
        "copied": copied,
        "histories": histories(),
        "edited": edited,
        "told": edited.told,
        "standing": standing,
        "areas_known": Neighborhood.objects.order_by("name").values_list("name", flat=True),
        "here": reverse("rehearsal:new"),
    }
    return render(request, "rehearsal/new.html", context, status=status)

"""How many teams it takes: a target is asked for, a search followed, a plan taken over."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import Scenario, StaffingSearch
from lamplighter.city.rehearsal.queries import IN_THE_ROOM, REHEARSES, searches_of, visible_to
from lamplighter.city.rehearsal.teams.files import read_team_text
from lamplighter.city.rehearsal.under_way.queries import how_far, state_of
from lamplighter.pictures import definitions

from .actions import Wanted, ask_search, stop_search
from .forms import SearchForm
from .plans import check_bases
from .shown import lay_out_plans, target_in_words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*REHEARSES)
def ask(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """State the target that the teams of a scenario must meet; posted, it is searched."""
    scenario = get_object_or_404(visible_to(request.user), pk=scenario_id)
    form = SearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("rehearsal:search", _asked(request, scenario, form).pk)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
    context = {"form": form, "scenario": scenario}
    status = 422 if request.method == "POST" else 200
    return render(request, "rehearsal/ask_search.html", context, status=status)


def _asked(request: HttpRequest, scenario: Scenario, form: SearchForm) -> StaffingSearch:
    wanted = Wanted(**form.cleaned_data)
    if wanted.bases == StaffingSearch.Bases.ANY:
        teams = read_team_text(scenario.teams_text).teams
        assert teams is not None, "a scenario is kept only with teams that can be read"
        check_bases(teams)
    return ask_search(scenario.pk, wanted, by=request.user, now=timezone.now())


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def search(request: HttpRequest, search_id: uuid.UUID) -> HttpResponse:
    """How far a search is, and what it found; without scripts the page comes again by itself."""
    found = _search_of(request, search_id)
    language = get_language() or "en"
    context = {
        "search": found,
        "scenario": found.scenario,
        "state": state_of(found, timezone.now()),
        "target": target_in_words(found),
        "found": lay_out_plans(found, language),
        "definitions": definitions(),
        "again": SearchForm.of(found),
        "rehearses": request.user.has_role(*REHEARSES),
    }
    return render(request, "rehearsal/search.html", context)


@require_POST
@opens_to(*REHEARSES)
def stop(request: HttpRequest, search_id: uuid.UUID) -> HttpResponse:
    """Stop a search that is under way; what it simulated is kept."""
    found = _search_of(request, search_id)
    if stop_search(found.pk, by=request.user, now=timezone.now()):
        messages.success(request, _("The search was stopped. What it simulated is kept."))
    return redirect("rehearsal:search", found.pk)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def state(request: HttpRequest, search_id: uuid.UUID) -> JsonResponse:
    """How far a search is, for the page that follows it."""
    found = _search_of(request, search_id)
    says = _("%(done)s of at most %(most)s runs") % {
        "done": f"{found.scenarios:,}",
        "most": f"{found.most_scenarios:,}",
    }
    return JsonResponse(how_far(found, says, timezone.now()))


def _search_of(request: HttpRequest, search_id: uuid.UUID) -> StaffingSearch:
    """A search of a scenario that the person may see."""
    return get_object_or_404(searches_of(request.user), pk=search_id)

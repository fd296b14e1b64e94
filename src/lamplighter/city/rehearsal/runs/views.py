"""A scenario's page: what it depends on, how far its run is, what would come of it."""

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import ScenarioRun
from lamplighter.city.rehearsal.queries import (
    IN_THE_ROOM,
    REHEARSES,
    comparable_with,
    row_of,
    searches_of,
    visible_to,
)
from lamplighter.city.rehearsal.scenarios.inputs import areas_in_words, policy_in_words
from lamplighter.city.rehearsal.searches.shown import target_in_words
from lamplighter.city.rehearsal.under_way.queries import how_far, state_of

from .actions import run_scenario, stop_run
from .files import DOWNLOADS, downloads_of, file_of_run
from .results import lay_out_result


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def scenario(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Its latest run; without scripts the page comes again by itself while it is under way."""
    found = get_object_or_404(
        visible_to(request.user).select_related("copied_from"), pk=scenario_id
    )
    now = timezone.now()
    row = row_of(found, now)
    context = {
        "scenario": found,
        "row": row,
        "run": row.run,
        "result": lay_out_result(row.run, get_language() or "en"),
        "downloads": downloads_of(row.run),
        "policy": policy_in_words(found),
        "areas": areas_in_words(found),
        "comparable": comparable_with(request.user, found) if row.state == "done" else [],
        "searches": [
            (one, target_in_words(one), state_of(one, now))
            for one in searches_of(request.user).filter(scenario=found).defer("result", "sections")
        ],
        "rehearses": request.user.has_role(*REHEARSES),
    }
    return render(request, "rehearsal/scenario.html", context)


@require_POST
@opens_to(*REHEARSES)
def run(request: HttpRequest, scenario_id: uuid.UUID) -> HttpResponse:
    """Start a run; the scenario's page follows it."""
    found = get_object_or_404(visible_to(request.user), pk=scenario_id)
    try:
        run_scenario(found.pk, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("rehearsal:scenario", found.pk)


@require_POST
@opens_to(*REHEARSES)
def stop(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Stop a run that is under way."""
    found = _run_of(request, run_id)
    if stop_run(found.pk, by=request.user, now=timezone.now()):
        messages.success(request, _("The run was stopped."))
    return redirect("rehearsal:scenario", found.scenario_id)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def state(request: HttpRequest, run_id: uuid.UUID) -> JsonResponse:
    """How far a run is, for the page that follows it."""
    found = _run_of(request, run_id)
    return JsonResponse(how_far(found, f"{found.percent}%", timezone.now()))


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def download(request: HttpRequest, run_id: uuid.UUID, name: str) -> HttpResponseBase:
    """A file of a run: its numbers, a table, or the whole report as one page."""
    found = _run_of(request, run_id)
    kind = DOWNLOADS.get(name)
    path = file_of_run(found.pk, kind.file) if kind else None
    if kind is None or path is None or found.result is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=kind.file)


def _run_of(request: HttpRequest, run_id: uuid.UUID) -> ScenarioRun:
    """A run of a scenario that the person may see."""
    runs = ScenarioRun.objects.filter(scenario__in=visible_to(request.user))
    return get_object_or_404(runs, pk=run_id)

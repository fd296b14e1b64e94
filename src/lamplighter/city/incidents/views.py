"""The list of incidents, and one incident with its whole story."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lamplighter.city.accounts.access import ON_CALLS, opens_to
from lamplighter.city.dispatch.queries import BOARD_READERS
from lamplighter.city.dispatch.words import policy_words
from lamplighter.city.field.actions import Confided, look_at_names
from lamplighter.city.field.queries import seen_encounters
from lamplighter.city.intake.views import AT_THE_PHONE
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.refusal import Refusal

from .forms import FilterForm
from .queries import listed_incidents, whole_incident
from .screen import rows_of, shown_encounters
from .sentences import line_of
from .story import story_for

A_PAGE = 25


@never_cache
@require_safe
@opens_to(*ON_CALLS)
def incidents(request: HttpRequest) -> HttpResponse:
    """The incidents that this person may see, latest first; closed ones stay findable."""
    now = timezone.now()
    words = policy_words(now)
    form = FilterForm(request.GET, natures=words["nature"])
    form.is_valid()
    found = Paginator(listed_incidents(request.user, form.wanted()), A_PAGE)
    page = found.get_page(request.GET.get("page"))
    rows = rows_of(page, words["nature"], now)
    return render(
        request,
        "incidents/list.html",
        {"form": form, "page": page, "rows": rows, "asked": form.asked_as_query()},
    )


@never_cache
@require_safe
@opens_to(*ON_CALLS)
def incident(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """The whole story of one incident."""
    return _incident_page(request, incident_id, {})


@never_cache
@opens_to(*ON_CALLS)
def names(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """The same page, with the names and notes of this person's crew. The look is journalled."""
    if request.method != "POST":
        return redirect("incidents:incident", incident_id)
    confided = look_at_names(incident_id, by=request.user, now=timezone.now())
    return _incident_page(request, incident_id, confided)


def _incident_page(
    request: HttpRequest, incident_id: uuid.UUID, confided: Mapping[uuid.UUID, Confided]
) -> HttpResponse:
    now = timezone.now()
    whole = whole_incident(request.user, incident_id, now)
    if whole is None:
        raise Http404
    natures = policy_words(now)["nature"]
    seen = seen_encounters(request.user, incident_id)
    return render(
        request,
        "incidents/incident.html",
        {
            "whole": whole,
            "policy_in_force": _policy_in_force(now),
            "incident": whole.incident,
            "encounters": shown_encounters(seen, confided),
            "names_to_show": any(each.has_more for each in seen) and not confided,
            "timeline": [
                line_of(told, natures) for told in story_for(request.user, whole.incident)
            ],
            "may_change": whole.incident.closed_at is None and request.user.has_role(*AT_THE_PHONE),
            "may_see_board": request.user.has_role(*BOARD_READERS),
            "now": now,
        },
    )


def _policy_in_force(now: datetime) -> uuid.UUID | None:
    try:
        return in_force(FIRST_RESPONSE, now).stored.pk
    except Refusal:
        return None

"""The pages of a team on its phone."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.accounts.models import Role, User, new_id
from lamplighter.city.dispatch.actions import ask_backup, clear_assignment, take_step
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.dispatch.queries import crewed_by
from lamplighter.city.refusal import Refusal

from .actions import record_encounter, suggested_disposition
from .briefing import brief
from .forms import BackupForm, ClearForm, EncounterForm
from .models import Encounter
from .queries import cleared_on_shift, current_shift, open_assignments
from .screen import call_rows, next_step, steps_of
from .sketch import sketch_around

REFUSED = 422


@never_cache
@require_safe
@opens_to(Role.RESPONDER)
def my_calls(request: HttpRequest) -> HttpResponse:
    """The one call that a team is on; without one, its shift."""
    now = timezone.now()
    mine = list(open_assignments(request.user))
    if len(mine) == 1 and "shift" not in request.GET:
        return redirect("field:assignment", mine[0].pk)
    shift = current_shift(request.user, now)
    past = list(cleared_on_shift(shift)) if shift else []
    return render(
        request,
        "field/my_calls.html",
        {"open": call_rows(mine, now), "past": call_rows(past, now), "shift": shift},
    )


@never_cache
@require_safe
@opens_to(Role.RESPONDER)
def assignment(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """One call of mine: what a team must know, and its next step."""
    return _assignment_page(request, _mine(request.user, assignment_id))


@require_POST
@opens_to(Role.RESPONDER)
def step(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Accept, on the way, on scene; or the first two at once, for a team that leaves at once."""
    mine = _mine(request.user, assignment_id)
    asked = request.POST.get("step", "")
    now = timezone.now()
    try:
        for name in ("accepted", "en_route") if asked == "respond" else (asked,):
            take_step(assignment_id, name, by=request.user, now=now)
    except Refusal as refusal:
        return _assignment_page(request, mine, refusal)
    return redirect("field:assignment", assignment_id)


@never_cache
@opens_to(Role.RESPONDER)
def record(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """What the team found and did with one person; then another person, or the end of the call."""
    mine = _mine(request.user, assignment_id)
    if request.method != "POST":
        return _record_page(request, mine, EncounterForm())
    form = EncounterForm(request.POST)
    if not form.is_valid():
        return _record_page(request, mine, form)
    now = timezone.now()
    try:
        saved = record_encounter(form.new_encounter(mine), by=request.user, now=now)
    except Refusal as refusal:
        form.refuse(refusal)
        return _record_page(request, mine, form)
    messages.success(request, _saved_sentence(saved))
    following = redirect("field:assignment", assignment_id)
    if request.POST.get("then") == "another":
        following = redirect("field:record", assignment_id)
    elif request.POST.get("then") == "clear" and mine.cleared_at is None:
        cleared_as = form.cleaned_data["cleared_as"] or _suggested(mine)
        following = _clear(request, mine, cleared_as, now)
    # A script goes to the next page itself: following a redirect it would use up the messages.
    if request.accepts("text/html"):
        return following
    return JsonResponse({"next": following.url})


@never_cache
@opens_to(Role.RESPONDER)
def clear(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """End the unit's part of a call; how it ends is suggested by what was recorded."""
    mine = _mine(request.user, assignment_id)
    form = ClearForm(request.POST or None, initial={"cleared_as": _suggested(mine)})
    if form.is_valid():
        return _clear(request, mine, form.cleaned_data["cleared_as"], timezone.now())
    return render(
        request,
        "field/clear.html",
        {"assignment": mine, "form": form, "encounters": _encounters(mine)},
        status=REFUSED if form.is_bound else 200,
    )


@never_cache
@opens_to(Role.RESPONDER)
def backup(request: HttpRequest, assignment_id: uuid.UUID) -> HttpResponse:
    """Ask for another unit: who, and why."""
    mine = _mine(request.user, assignment_id)
    form = BackupForm(request.POST or None, initial={"id": new_id()})
    if form.is_valid():
        try:
            asked = ask_backup(
                request_id=form.cleaned_data["id"],
                assignment_id=assignment_id,
                kind=form.cleaned_data["kind"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            said = _("Backup asked for: %(kind)s. The dispatcher sees it now.")
            messages.success(request, said % {"kind": asked.get_kind_display()})
            return redirect("field:assignment", assignment_id)
    return render(
        request,
        "field/backup.html",
        {"assignment": mine, "form": form},
        status=REFUSED if form.is_bound else 200,
    )


def _mine(user: User, assignment_id: uuid.UUID) -> Assignment:
    mine = (
        crewed_by(user)
        .filter(pk=assignment_id)
        .select_related("unit", "incident__neighborhood")
        .first()
    )
    if mine is None:
        raise Http404
    return mine


def _encounters(mine: Assignment) -> list[Encounter]:
    """What was recorded, without name and note: those are read on the incident's page alone."""
    return list(mine.encounters.defer("person_name", "note").order_by("recorded_at", "id"))


def _suggested(mine: Assignment) -> str:
    return suggested_disposition(_encounters(mine))


def _clear(
    request: HttpRequest, mine: Assignment, cleared_as: str, now: datetime
) -> HttpResponseRedirect:
    try:
        cleared = clear_assignment(mine.pk, cleared_as, by=request.user, now=now)
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("field:assignment", mine.pk)
    said = _("%(unit)s is free again. The call ended for you as: %(how)s.")
    words = {"unit": cleared.unit.call_sign, "how": cleared.get_cleared_as_display()}
    messages.success(request, said % words)
    return redirect("field:my_calls")


def _saved_sentence(saved: Encounter) -> str:
    at = formats.time_format(timezone.localtime(saved.recorded_at), "H:i")
    return _("Saved at %(time)s: %(met)s.") % {"time": at, "met": saved.get_met_display()}


def _assignment_page(
    request: HttpRequest, mine: Assignment, refusal: Refusal | None = None
) -> HttpResponse:
    briefing = brief(mine)
    encounters = _encounters(mine)
    suggested = suggested_disposition(encounters)
    return render(
        request,
        "field/assignment.html",
        {
            "assignment": mine,
            "briefing": briefing,
            "sketch": sketch_around(briefing.incident.latitude, briefing.incident.longitude),
            "steps": steps_of(mine),
            "next_step": next_step(mine),
            "encounters": encounters,
            "suggested": suggested,
            "suggested_label": Assignment.Cleared(suggested).label if suggested else "",
            "refusal": refusal,
        },
        status=refusal.status if refusal else 200,
    )


def _record_page(request: HttpRequest, mine: Assignment, form: EncounterForm) -> HttpResponse:
    return render(
        request,
        "field/record.html",
        {
            "assignment": mine,
            "form": form,
            "encounters": _encounters(mine),
            "backup_asked": list(mine.backup_requests.order_by("asked_at", "id")),
        },
        status=REFUSED if form.is_bound else 200,
    )

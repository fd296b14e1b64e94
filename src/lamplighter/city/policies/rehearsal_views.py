"""Rehearsals: asked for, followed while they run, read when they are done."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal

from .models import Draft, ImportedHistory, Rehearsal
from .moved import lay_out_rehearsal
from .rehearsing import ask_rehearsal, is_silent
from .room import IN_THE_ROOM, SIGNS, WRITES


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*SIGNS)
def rehearse(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Choose a history; posted, the rehearsal starts, and its page follows it."""
    draft = get_object_or_404(Draft, pk=draft_id)
    histories = ImportedHistory.objects.order_by("-last_at")
    if request.method == "POST":
        try:
            chosen = histories.get(pk=uuid.UUID(request.POST.get("history", "")))
            asked = ask_rehearsal(draft.pk, chosen, by=request.user, now=timezone.now())
        except (ValueError, ImportedHistory.DoesNotExist):
            messages.error(request, _("There is no such history: choose one."))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        else:
            return redirect("policies:rehearsal", asked.pk)
        return redirect("policies:rehearse", draft.pk)
    earlier = draft.rehearsals.select_related("history", "asked_by").defer("text", "found")
    context = {
        "draft": draft,
        "histories": histories,
        "earlier": earlier.order_by("-asked_at")[:10],
        "writes": request.user.has_role(*WRITES),
    }
    return render(request, "policies/rehearse.html", context)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def rehearsal(request: HttpRequest, rehearsal_id: uuid.UUID) -> HttpResponse:
    """How far it is, or what moves; without scripts the page comes again by itself."""
    found = get_object_or_404(
        Rehearsal.objects.select_related("draft", "against", "history", "asked_by"),
        pk=rehearsal_id,
    )
    context = {
        "rehearsal": found,
        "draft": found.draft,
        "moved": lay_out_rehearsal(found, get_language() or "en"),
        "silent": is_silent(found, timezone.now()),
        "writes": request.user.has_role(*WRITES),
    }
    return render(request, "policies/rehearsal.html", context)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def state(request: HttpRequest, rehearsal_id: uuid.UUID) -> JsonResponse:
    """How far a rehearsal is, for the page that follows it."""
    found = get_object_or_404(Rehearsal.objects.defer("text", "found"), pk=rehearsal_id)
    ended = found.done_at is not None or is_silent(found, timezone.now())
    return JsonResponse({"done": ended, "percent": found.percent, "says": f"{found.percent}%"})

"""The city's calls: the histories that there are, and a call file on its way to being one."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.policies.histories import file_of
from lamplighter.city.policies.models import CallFile, ImportedHistory
from lamplighter.city.policies.room import IN_THE_ROOM, SIGNS
from lamplighter.city.refusal import Refusal
from lamplighter.history.describing import Proposal

from .actions import bring, confirm_layout, give_up, keep_layout, start_again, take_place
from .disk import ToDisk
from .labels import labels_of_natures
from .proposed import chosen, layout_of, rows_of
from .work import state_of


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def histories(request: HttpRequest) -> HttpResponse:
    """The histories that drafts and scenarios can be rehearsed on, and how to bring another."""
    now = timezone.now()
    waiting = CallFile.objects.filter(ended_at=None, history=None).select_related("by")
    pages = file_of("").parent.glob(f"*.{_language()}.html")
    there = {page.name.partition(".")[0] for page in pages}
    context = {
        "histories": [
            (one, one.sha256 in there)
            for one in ImportedHistory.objects.select_related("imported_by").order_by("-last_at")
        ],
        "waiting": [(one, state_of(one, now)) for one in waiting.order_by("-at")],
        "most": settings.LARGEST_CALL_FILE // 1_000_000,
        "brings": request.user.has_role(*SIGNS),
    }
    return render(request, "policies/histories.html", context)


# The file goes to its place on the disk as it comes in, so nothing may read the form before the
# handler is there: the token is looked at within, once we know that this person may bring a file.
@csrf_exempt
@require_POST
@opens_to(*SIGNS)
def bring_file(request: HttpRequest) -> HttpResponse:
    """Take a call file; its page then follows what becomes of it."""
    call_file_id = uuid7()
    written = ToDisk(request, lambda: take_place(call_file_id), settings.LARGEST_CALL_FILE)
    request.upload_handlers = [written]
    try:
        return _brought(request, call_file_id, written)
    finally:
        written.close()


@csrf_protect
def _brought(request: HttpRequest, call_file_id: uuid.UUID, written: ToDisk) -> HttpResponse:
    now = timezone.now()
    asked_by_script = request.headers.get("Accept") == "application/json"
    try:
        name = request.POST.get("name", "")
        made = bring(call_file_id, written, name=name, by=request.user, now=now)
    except Refusal as refusal:
        if asked_by_script:
            return JsonResponse({"sentence": refusal.sentence}, status=refusal.status)
        messages.error(request, refusal.sentence)
        return redirect("policies:histories")
    address = reverse("policies:call_file", args=[made.pk])
    return JsonResponse({"address": address}) if asked_by_script else redirect(address)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*SIGNS)
def call_file(request: HttpRequest, call_file_id: uuid.UUID) -> HttpResponse:
    """What is proposed for a file, to be confirmed; before and after, how far it is."""
    found = get_object_or_404(CallFile.objects.select_related("by", "history"), pk=call_file_id)
    state = state_of(found, timezone.now())
    refused: Refusal | None = None
    if request.method == "POST":
        if request.POST.get("then") == "again" and state == "silent":
            start_again(found.pk, now=timezone.now())
            return redirect("policies:call_file", found.pk)
        try:
            return _confirmed(request, found, state)
        except Refusal as refusal:
            refused = refusal
    context: dict[str, Any] = {"file": found, "state": state, "refused": refused}
    if state == "proposed":
        proposal = Proposal.from_dict(found.proposal)
        labels = labels_of_natures(_language())
        context["proposal"] = proposal
        context["rows"] = rows_of(proposal, labels, request.POST if refused else None)
        context["sent"] = request.POST if refused else None
    return render(request, "policies/call_file.html", context, status=422 if refused else 200)


def _confirmed(request: HttpRequest, found: CallFile, state: str) -> HttpResponse:
    if state != "proposed":
        raise Refusal("not-waiting", _("This file is not waiting for a layout any more."))
    text = layout_of(chosen(Proposal.from_dict(found.proposal), request.POST))
    if request.POST.get("then") == "text":
        keep_layout(found.pk, text, as_text=True)
        return redirect("policies:layout_text", found.pk)
    keep_layout(found.pk, text, as_text=False)
    confirm_layout(found.pk, text, by=request.user, now=timezone.now())
    return redirect("policies:call_file", found.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*SIGNS)
def layout_text(request: HttpRequest, call_file_id: uuid.UUID) -> HttpResponse:
    """The layout as text: for whatever the form has no field for."""
    found = get_object_or_404(CallFile, pk=call_file_id)
    if state_of(found, timezone.now()) != "proposed":
        return redirect("policies:call_file", found.pk)
    refused: Refusal | None = None
    text = found.layout
    if request.method == "POST":
        text = request.POST.get("layout", "").replace("\r\n", "\n")
        keep_layout(found.pk, text, as_text=True)
        try:
            confirm_layout(found.pk, text, by=request.user, now=timezone.now())
            return redirect("policies:call_file", found.pk)
        except Refusal as refusal:
            refused = refusal
    context = {"file": found, "text": text, "refused": refused}
    return render(request, "policies/layout_text.html", context, status=422 if refused else 200)


@never_cache
@require_safe
@opens_to(*SIGNS)
def state(request: HttpRequest, call_file_id: uuid.UUID) -> JsonResponse:
    """How far the work on a file is, for the page that follows it."""
    found = get_object_or_404(CallFile.objects.defer("proposal", "report"), pk=call_file_id)
    ended = state_of(found, timezone.now()) not in ("looking", "reading")
    return JsonResponse({"done": ended, "percent": found.percent, "says": f"{found.percent}%"})


@require_POST
@opens_to(*SIGNS)
def drop(request: HttpRequest, call_file_id: uuid.UUID) -> HttpResponse:
    """Delete a file that is not to be read."""
    found = get_object_or_404(CallFile, pk=call_file_id)
    give_up(found.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The file is deleted."))
    return redirect("policies:histories")


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def quality(request: HttpRequest, history_id: uuid.UUID) -> HttpResponseBase:
    """How good a history is: the library's own page, which runs nothing and loads nothing."""
    found = get_object_or_404(ImportedHistory, pk=history_id)
    path = file_of(found.sha256).with_suffix(f".{_language()}.html")
    if not path.is_file():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    return answer


def _language() -> str:
    return "es" if (get_language() or "en").startswith("es") else "en"

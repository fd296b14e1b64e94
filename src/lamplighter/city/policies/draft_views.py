"""The policy room and its drafts: started, written, checked, kept when two write at once."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal

from .checking import check_text
from .differences import lines_that_differ
from .drafting import change_draft, discard_draft, resolve_conflict, start_draft
from .forms import TextForm, UploadForm
from .imports import text_of_upload
from .models import ConflictCopy, Draft, PolicyVersion
from .queries import FIRST_RESPONSE, in_force_or_none
from .room import (
    IN_THE_ROOM,
    SIGNS,
    WRITES,
    open_drafts,
    proposals_for,
    versions_to_return_to,
    waiting_copies,
)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def room(request: HttpRequest) -> HttpResponse:
    """Everything that is being written, signed or is to come."""
    now = timezone.now()
    return render(
        request,
        "policies/room.html",
        {
            "drafts": open_drafts(),
            "proposals": proposals_for(request.user, now),
            "standing": in_force_or_none(FIRST_RESPONSE, now),
            "earlier": versions_to_return_to(FIRST_RESPONSE, now),
            "upload": UploadForm(),
            "writes": request.user.has_role(*WRITES),
            "signs": request.user.has_role(*SIGNS),
        },
    )


@require_POST
@opens_to(*WRITES)
def start(request: HttpRequest) -> HttpResponse:
    """Start a draft from the version in force, from any stored version, or from a file."""
    now = timezone.now()
    try:
        if "file" in request.FILES:
            text = text_of_upload(request.FILES["file"])
            base = None
            name = FIRST_RESPONSE
        else:
            base = _base(request, now)
            text, name = base.text, base.name
        standing = in_force_or_none(name, now)
        draft = start_draft(
            text,
            name=name,
            base=base or (standing.stored if standing else None),
            by=request.user,
            now=now,
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("policies:room")
    return redirect("policies:draft", draft.pk)


def _base(request: HttpRequest, now: Any) -> PolicyVersion:
    chosen = request.POST.get("version", "")
    if chosen:
        try:
            return PolicyVersion.objects.get(pk=uuid.UUID(chosen))
        except (ValueError, PolicyVersion.DoesNotExist):
            raise Refusal("no-such-version", _("There is no such version: choose one.")) from None
    standing = in_force_or_none(FIRST_RESPONSE, now)
    if standing is None:
        raise Refusal("no-policy", _("No policy is in force: start from a file."))
    return standing.stored


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*IN_THE_ROOM)
def text(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """A draft as text: the other way to write it, and the way without scripts."""
    draft = get_object_or_404(Draft, pk=draft_id)
    writes = request.user.has_role(*WRITES)
    form = TextForm(initial={"text": draft.text, "revision": draft.revision})
    if request.method == "POST" and not writes:
        messages.error(request, _("Policy authors write drafts; you read along."))
        return redirect("policies:text", draft.pk)
    if request.method == "POST":
        form = TextForm(request.POST)
        if form.is_valid():
            try:
                kept = change_draft(
                    draft.pk,
                    form.cleaned_data["text"],
                    revision=form.cleaned_data["revision"],
                    by=request.user,
                    now=timezone.now(),
                )
            except Refusal as refusal:
                form.add_error("text", refusal.sentence)
            else:
                if kept.conflict:
                    return redirect("policies:conflict", kept.conflict.pk)
                messages.success(request, _("The draft is saved."))
                return redirect("policies:text", draft.pk)
    shown = form.data.get("text", "") if form.is_bound else draft.text
    context = {
        "draft": draft,
        "form": form,
        "checked": check_text(shown, get_language() or "en"),
        "copies": waiting_copies(draft),
        "writes": writes and draft.closed_at is None,
        "proposal": draft.proposals.filter(ended_at=None).first(),
    }
    return render(request, "policies/text.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*IN_THE_ROOM)
def conflict(request: HttpRequest, conflict_id: uuid.UUID) -> HttpResponse:
    """Two texts side by side, and one press to take either."""
    copy = get_object_or_404(ConflictCopy.objects.select_related("draft", "by"), pk=conflict_id)
    draft = copy.draft
    writes = request.user.has_role(*WRITES)
    if request.method == "POST" and writes:
        take = "copy" if request.POST.get("take") == "copy" else "draft"
        typed = request.POST.get("revision", "")
        try:
            resolve_conflict(
                copy.pk,
                take=take,
                revision=int(typed) if typed.isdigit() and len(typed) < 10 else 0,
                by=request.user,
                now=timezone.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("policies:conflict", copy.pk)
        messages.success(
            request,
            _("The copy is the draft now.") if take == "copy" else _("The draft stays as it is."),
        )
        return redirect("policies:draft", draft.pk)
    base = draft.revisions.filter(revision=copy.based_on).values_list("text", flat=True).first()
    context = {
        "copy": copy,
        "draft": draft,
        "difference": lines_that_differ(draft.text, copy.text),
        "base": base,
        "writes": writes and draft.closed_at is None,
    }
    return render(request, "policies/conflict.html", context)


@require_POST
@opens_to(*WRITES)
def discard(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    draft = get_object_or_404(Draft, pk=draft_id)
    discard_draft(draft.pk, by=request.user, now=timezone.now())
    messages.success(request, _("The draft was given up. What was written stays in the record."))
    return redirect("policies:room")

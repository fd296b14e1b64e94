"""Proposals: made from a draft or to go back, read with all that matters, signed, withdrawn."""

import uuid
from collections.abc import Callable
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
from lamplighter.city.accounts.models import Role
from lamplighter.city.refusal import Refusal
from lamplighter.policy import Policy, parse_policy

from .changes import Changes, changes_between
from .checking import check_text
from .forms import ProposeForm, ReturnForm
from .models import Draft, PolicyVersion, Proposal
from .moved import lay_out_rehearsal
from .proposing import (
    SIGNATURES,
    propose_draft,
    propose_return,
    roll_back_now,
    sign,
    withdraw_proposal,
)
from .queries import FIRST_RESPONSE, compiled, in_force_or_none
from .room import (
    IN_THE_ROOM,
    SIGNS,
    WRITES,
    last_rehearsal,
    overtaken_by,
    proposal_row,
    versions_to_return_to,
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*WRITES)
def propose(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """What the draft changes and whether its check passes; posted, it is proposed."""
    draft = get_object_or_404(Draft.objects.select_related("base"), pk=draft_id)
    now = timezone.now()
    form = ProposeForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        revision = request.POST.get("revision", "")
        try:
            made = propose_draft(
                draft.pk,
                form.proposal(now),
                revision=int(revision) if revision.isdigit() and len(revision) < 10 else 0,
                by=request.user,
                now=now,
            )
        except Refusal as refusal:
            refused = _place(form, refusal)
        else:
            messages.success(request, _("It is proposed. Two people who did not write it sign."))
            return redirect("policies:proposal", made.pk)
    checked = check_text(draft.text, get_language() or "en")
    standing = in_force_or_none(draft.name, now)
    context = {
        "draft": draft,
        "form": form,
        "refused": refused,
        "checked": checked,
        "changes": _changes(standing.policy if standing else None, checked.policy),
        "overtaken_by": overtaken_by(draft.base, standing),
    }
    return render(request, "policies/propose.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def proposal(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """All that a signer should see: the check, what changes, the last rehearsal."""
    found = get_object_or_404(
        Proposal.objects.select_related(
            "draft", "restores", "against", "proposed_by", "activation"
        ).prefetch_related("signatures__by", "authors__user"),
        pk=proposal_id,
    )
    now = timezone.now()
    row = proposal_row(found, request.user, now)
    policy = parse_policy(found.text)
    rehearsal = last_rehearsal(found.content_hash)
    context = {
        "row": row,
        "rehearsal": rehearsal,
        "moved": lay_out_rehearsal(rehearsal, get_language() or "en") if rehearsal else None,
        "proposal": found,
        "needed": SIGNATURES,
        "checked": check_text(found.text, get_language() or "en"),
        "changes": _changes(compiled(found.against) if found.against else None, policy),
        "overtaken_by": overtaken_by(found.against, in_force_or_none(found.name, now))
        if row.state == "open"
        else None,
        "may_sign": row.state == "open"
        and request.user.has_role(*SIGNS)
        and not row.written_by_me
        and not row.signed_by_me,
        "may_withdraw": row.may_withdraw and request.user.has_role(*SIGNS),
    }
    return render(request, "policies/proposal.html", context)


@require_POST
@opens_to(*SIGNS)
def sign_proposal(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    content_hash = request.POST.get("content_hash", "")

    def act(found: Proposal) -> str:
        sign(found.pk, content_hash, by=request.user, now=timezone.now())
        return _("You signed it.")

    return _act(request, proposal_id, act)


@require_POST
@opens_to(*SIGNS)
def withdraw(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    def act(found: Proposal) -> str:
        withdraw_proposal(found.pk, by=request.user, now=timezone.now())
        return _("The proposal was withdrawn.")

    return _act(request, proposal_id, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@opens_to(*IN_THE_ROOM)
def go_back(request: HttpRequest) -> HttpResponse:
    """Back to an earlier version: proposed for two signatures, or at once in an emergency."""
    now = timezone.now()
    versions = versions_to_return_to(FIRST_RESPONSE, now)
    alone = request.user.has_role(Role.ADMINISTRATOR)
    proposes = request.user.has_role(*SIGNS)
    form = ReturnForm(request.POST or None, versions=versions, proposes=proposes)
    refused = ""
    if request.method == "POST" and form.is_valid():
        version: PolicyVersion = form.cleaned_data["version"]
        try:
            if request.POST.get("do") == "now":
                reason = form.cleaned_data["reason"]
                roll_back_now(version.pk, reason, by=request.user, now=now)
                messages.success(request, _("The earlier version is in force again."))
                return redirect("policies:room")
            if proposes:
                made = propose_return(version.pk, form.proposal(now), by=request.user, now=now)
                messages.success(
                    request, _("It is proposed. Two people who did not write it sign.")
                )
                return redirect("policies:proposal", made.pk)
        except Refusal as refusal:
            refused = _place(form, refusal)
    context = {
        "form": form,
        "refused": refused,
        "any": versions.exists(),
        "alone": alone,
        "proposes": proposes,
    }
    return render(request, "policies/go_back.html", context, status=422 if form.is_bound else 200)


def _act(
    request: HttpRequest, proposal_id: uuid.UUID, act: Callable[[Proposal], str]
) -> HttpResponse:
    found = get_object_or_404(Proposal, pk=proposal_id)
    try:
        messages.success(request, act(found))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("policies:proposal", found.pk)


def _changes(old: Policy | None, new: Policy | None) -> Changes | None:
    if old is None or new is None:
        return None
    return changes_between(old, new, get_language() or "en")


def _place(form: Any, refusal: Refusal) -> str:
    """Put a refusal beside its field; gives its sentence where it belongs to none."""
    if refusal.field in form.fields:
        form.add_error(refusal.field, refusal.sentence)
        return ""
    return refusal.sentence

"""The grid: a draft's tables as a spreadsheet, checked as somebody types, kept when they save."""

import json
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.refusal import Refusal

from .changes import condition_words
from .checking import Checked, check_text
from .drafting import change_draft
from .grid import Written, read_sheet, write_sheet
from .models import Draft
from .room import IN_THE_ROOM, SIGNS, WRITES, waiting_copies
from .wording import PolicyWords, RuleInWords

LARGEST_BODY = 2_000_000


@never_cache
@require_safe
@opens_to(*IN_THE_ROOM)
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The draft as a grid; what has no such form, and whoever has no scripts, gets the text."""
    found = get_object_or_404(Draft.objects.select_related("base", "changed_by"), pk=draft_id)
    sheet = read_sheet(found.text)
    if sheet is None:
        return redirect("policies:text", found.pk)
    language = get_language() or "en"
    checked = check_text(found.text, language)
    state = {
        "draft": str(found.pk),
        "revision": found.revision,
        "sheet": sheet.content,
        "checked": _answer(checked, write_sheet(found.text, {}), ""),
        "writes": request.user.has_role(*WRITES) and found.closed_at is None,
        "check": reverse("policies:check", args=[found.pk]),
        "save": reverse("policies:save", args=[found.pk]),
    }
    context = {
        "draft": found,
        "state": state,
        "checked": checked,
        "copies": waiting_copies(found),
        "writes": state["writes"],
        "signs": request.user.has_role(*SIGNS),
        "proposal": found.proposals.filter(ended_at=None).first(),
    }
    return render(request, "policies/draft.html", context)


@require_POST
@opens_to(*WRITES)
def check(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """What the library says of what stands in the grid now; nothing is kept."""
    found = get_object_or_404(Draft, pk=draft_id)
    try:
        sent = _sent(request)
        written = write_sheet(_text_at(found, sent), sent.get("edits") or {})
    except Refusal as refusal:
        return _refused(refusal)
    checked = check_text(written.text, get_language() or "en")
    return JsonResponse(_answer(checked, written, str(sent.get("table") or "")))


@require_POST
@opens_to(*WRITES)
def save(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """Keep what stands in the grid; where somebody was first, beside it, with the way to choose."""
    found = get_object_or_404(Draft, pk=draft_id)
    try:
        sent = _sent(request)
        written = write_sheet(_text_at(found, sent), sent.get("edits") or {})
        kept = change_draft(
            found.pk,
            written.text,
            revision=sent["revision"],
            by=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _refused(refusal)
    if kept.conflict is not None:
        address = reverse("policies:conflict", args=[kept.conflict.pk])
        return JsonResponse({"conflict": address})
    return JsonResponse({"revision": kept.draft.revision})


def _sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON of a request, with the revision that it changes."""
    try:
        if len(request.body) > LARGEST_BODY:
            raise ValueError
        sent = json.loads(request.body)
        revision = sent["revision"]
        edits = sent.get("edits") or {}
        fits = (
            isinstance(revision, int)
            and 0 < revision < 2**31
            and isinstance(edits, dict)
            and isinstance(edits.get("tables", {}), dict)
        )
        if not fits:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal(
            "not-a-grid", _("What was sent is not a table of rules: load the page again.")
        ) from None
    return dict(sent)


def _text_at(found: Draft, sent: dict[str, Any]) -> str:
    """The text that somebody had before them: of their revision, be it the latest or not."""
    if sent["revision"] == found.revision:
        return found.text
    earlier = found.revisions.filter(revision=sent["revision"]).first()
    if earlier is not None:
        return earlier.text
    if sent["revision"] == 1 and found.base is not None:
        return found.base.text
    raise Refusal("no-such-revision", _("This revision is not there: load the page again."))


def _refused(refusal: Refusal) -> JsonResponse:
    body = {"code": refusal.code, "sentence": refusal.sentence}
    return JsonResponse(body, status=refusal.status)


def _answer(checked: Checked, written: Written, table: str) -> dict[str, Any]:
    """The check for the grid: each problem with its place, and a table's rules in plain words."""
    answer = checked.to_json()
    for problem in answer["problems"]:
        place = written.place(problem["line"])
        problem["at"] = None if place is None else {"table": place[0], "rule": place[1]}
    policy = checked.policy
    if policy is not None:
        words = PolicyWords(policy, get_language() or "en")
        answer["words"] = {
            one.name: [_in_words(words.rule(rule, n)) for n, rule in enumerate(one.rules, 1)]
            for one in policy.tables
            if table in ("", one.name)
        }
    return answer


def _in_words(rule: RuleInWords) -> dict[str, list[list[str]]]:
    return {
        "when": [[c.label, condition_words(c)] for c in rule.conditions],
        "then": [[result.label, result.words] for result in rule.results],
    }

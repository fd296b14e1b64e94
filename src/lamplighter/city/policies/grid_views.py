"""The grid: a draft's tables as a spreadsheet, checked as somebody types, kept when they save."""

import json
import uuid
from dataclasses import asdict, dataclass
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
from lamplighter.policy.hit_words import HIT_POLICIES

from .changed_parts import condition_words
from .checking import Checked, check_text
from .declaring.changing import changed
from .declaring.forms import Change, Promised, read_change
from .declaring.places import field_at
from .drafting import change_draft
from .grid import Written, read_sheet, write_sheet
from .models import Draft
from .room import IN_THE_ROOM, SIGNS, WRITES, waiting_copies
from .rule_text import not_a_grid
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
        "change": reverse("policies:change", args=[found.pk]),
    }
    context = {
        "draft": found,
        "state": state,
        "checked": checked,
        "copies": waiting_copies(found),
        "writes": state["writes"],
        "signs": request.user.has_role(*SIGNS),
        "proposal": found.proposals.filter(ended_at=None).first(),
        "hits": [(hit, words.in_language(language)) for hit, words in HIT_POLICIES.items()],
    }
    return render(request, "policies/draft.html", context)


@require_POST
@opens_to(*WRITES)
def check(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """What the library says of what stands in the grid, and in an open form; nothing is kept."""
    found = get_object_or_404(Draft, pk=draft_id)
    try:
        sent = _sent(request, found)
        written = write_sheet(sent.text, sent.edits)
    except Refusal as refusal:
        return _refused(refusal)
    if sent.change is not None:
        try:
            written = write_sheet(changed(written.text, sent.change), {})
        except Refusal as refusal:
            return JsonResponse({"field": refusal.field, "sentence": refusal.sentence})
    checked = check_text(written.text, get_language() or "en")
    answer = _answer(checked, written, sent.table)
    if sent.change is not None and isinstance(sent.change.form, Promised):
        answer["promise"] = _promise_in(written.text, sent.change.form.name)
    return JsonResponse(answer)


@require_POST
@opens_to(*WRITES)
def change(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """The text after a form's change, and the grid that shows it; nothing is kept yet."""
    found = get_object_or_404(Draft, pk=draft_id)
    try:
        sent = _sent(request, found)
        text = write_sheet(sent.text, sent.edits).text
        if sent.change is not None:
            text = changed(text, sent.change)
        sheet = read_sheet(text)
        if sheet is None:
            raise not_a_grid()
    except Refusal as refusal:
        return _refused(refusal)
    return JsonResponse({"text": text, "sheet": sheet.content})


@require_POST
@opens_to(*WRITES)
def save(request: HttpRequest, draft_id: uuid.UUID) -> JsonResponse:
    """Keep what stands in the grid; where somebody was first, beside it, with the way to choose."""
    found = get_object_or_404(Draft, pk=draft_id)
    try:
        sent = _sent(request, found)
        written = write_sheet(sent.text, sent.edits)
        kept = change_draft(
            found.pk,
            written.text,
            revision=sent.revision,
            by=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        return _refused(refusal)
    if kept.conflict is not None:
        address = reverse("policies:conflict", args=[kept.conflict.pk])
        return JsonResponse({"conflict": address})
    return JsonResponse({"revision": kept.draft.revision})


@dataclass(frozen=True)
class _Sent:
    """What a page sends: the revision that somebody had, the text that they edit, the edits.

    The text is that of a revision, or one that a form made of it and nobody saved yet.
    """

    revision: int
    text: str
    edits: dict[str, Any]
    change: Change | None
    table: str


def _sent(request: HttpRequest, found: Draft) -> _Sent:
    try:
        if len(request.body) > LARGEST_BODY:
            raise ValueError
        sent = json.loads(request.body)
        revision = sent["revision"]
        base = sent.get("from", revision)
        edits = sent.get("edits") or {}
        fits = (
            _is_revision(revision)
            and (_is_revision(base) or isinstance(base, str))
            and isinstance(edits, dict)
            and isinstance(edits.get("tables", {}), dict)
            and isinstance(edits.get("columns", {}), dict)
        )
        if not fits:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise not_a_grid() from None
    text = base if isinstance(base, str) else _text_at(found, base)
    wanted = sent.get("change")
    return _Sent(
        revision=revision,
        text=text,
        edits=edits,
        change=None if wanted is None else read_change(wanted),
        table=str(sent.get("table") or ""),
    )


def _is_revision(number: Any) -> bool:
    return isinstance(number, int) and 0 < number < 2**31


def _text_at(found: Draft, revision: int) -> str:
    """The text that somebody had before them: of their revision, be it the latest or not."""
    if revision == found.revision:
        return found.text
    earlier = found.revisions.filter(revision=revision).first()
    if earlier is not None:
        return earlier.text
    if revision == 1 and found.base is not None:
        return found.base.text
    raise Refusal("no-such-revision", _("This revision is not there: load the page again."))


def _refused(refusal: Refusal) -> JsonResponse:
    body = {"code": refusal.code, "sentence": refusal.sentence, "field": refusal.field}
    return JsonResponse(body, status=refusal.status)


def _answer(checked: Checked, written: Written, table: str) -> dict[str, Any]:
    """The check for the grid: each problem with its place, and a table's rules in plain words."""
    answer = checked.to_json()
    for problem in answer["problems"]:
        place = written.place(problem["line"])
        problem["at"] = None if place is None else {"table": place[0], "rule": place[1]}
        field = None if place else field_at(written.text, problem["line"])
        problem["in"] = None if field is None else asdict(field)
    policy = checked.policy
    if policy is not None:
        words = PolicyWords(policy, get_language() or "en")
        answer["words"] = {
            one.name: [_in_words(words.rule(rule, n)) for n, rule in enumerate(one.rules, 1)]
            for one in policy.tables
            if table in ("", one.name)
        }
    return answer


def _promise_in(text: str, name: str) -> dict[str, Any] | None:
    """A promise as the text says it: as an expression, and as parts where it has them."""
    sheet = read_sheet(text)
    promises = sheet.content["declared"]["promises"] if sheet else []
    return next((one for one in promises if one["name"] == name), None)


def _in_words(rule: RuleInWords) -> dict[str, list[list[str]]]:
    return {
        "when": [[c.label, condition_words(c)] for c in rule.conditions],
        "then": [[result.label, result.words] for result in rule.results],
    }

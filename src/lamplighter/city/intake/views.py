"""Pages of the call taker: a new call, new information, and somebody else than the policy says."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lamplighter.city.accounts.access import ON_CALLS, opens_to
from lamplighter.city.accounts.models import Role, new_id
from lamplighter.city.policies.answers import Fact, read_answers
from lamplighter.city.policies.interview import NATURE
from lamplighter.city.policies.queries import FIRST_RESPONSE, InForce, in_force
from lamplighter.city.refusal import Refusal

from .actions import TakenCall, take_call
from .forms import CallForm
from .maps import map_data
from .models import Call, Channel
from .problems import place_refusal, problems_of, says_refusals
from .queries import visible_incidents
from .screen import interview_with, place_now, questions_of, responders_of, standing_of
from .search import search_natures

FACT = "fact-"
# Who works with calls while they come in.
AT_THE_PHONE = (Role.CALL_TAKER, Role.DISPATCHER)


@opens_to(*AT_THE_PHONE)
@never_cache
@require_http_methods(["GET", "POST"])
@says_refusals
def new_call(request: HttpRequest) -> HttpResponse:
    """The call form. Posted with `do=save` it saves; posted otherwise it asks the next question."""
    now = timezone.now()
    current = in_force(FIRST_RESPONSE, now)
    form = _call_form(request, current)
    facts = facts_of(request, current)
    if form.joined and NATURE not in facts:
        # Who joins a happening need not say again what it is.
        joined = visible_incidents(request.user).filter(pk=form.joined).first()
        facts |= {NATURE: joined.nature} if joined else {}
    refused: Refusal | None = None
    if request.POST.get("do") == "save":
        try:
            if form.is_valid():
                taken = take_call(form.new_call(facts), by=request.user, now=now)
                return _saved(request, taken)
        except Refusal as refusal:
            refused = refusal
            place_refusal(form, refusal)
    asked = interview_with(current.policy, facts)
    context = {
        "form": form,
        "questions": questions_of(asked),
        "standing": standing_of(asked),
        "place": place_now(request.user, current.policy, *form.point),
        "joined": str(form.joined or ""),
        "problems": problems_of(form, refused),
        "nature_problem": refused.sentence if refused and refused.field == NATURE else "",
        "map": map_data(),
    }
    return page(request, "intake/new_call.html", "intake/call_live.html", context, form)


def facts_of(request: HttpRequest, current: InForce) -> dict[str, Fact]:
    """What was answered before, and the answers pressed since (`weapon=true`)."""
    typed = request.POST.dict()
    for pressed in request.POST.getlist("answer"):
        name, equals, answer = pressed.partition("=")
        if equals:
            typed[FACT + name] = answer
    return read_answers(current.policy, typed, FACT)


def _call_form(request: HttpRequest, current: InForce) -> CallForm:
    responders = responders_of(current.policy)
    if request.method == "POST" and request.POST.get("do") == "save":
        return CallForm(request.POST, responders=responders)
    if request.method == "POST":
        return CallForm(initial=request.POST.dict(), responders=responders)
    opened = {
        "id": new_id(),
        "opened_at": timezone.now().isoformat(),
        "channel": Channel.EMERGENCY.value,
    }
    return CallForm(initial=opened, responders=responders)


def _saved(request: HttpRequest, taken: TakenCall) -> HttpResponse:
    said = _("The call is saved.") if not taken.repeated else _("This call was saved already.")
    another = format_html('<a href="{}">{}</a>', reverse("intake:new_call"), _("Take another call"))
    messages.success(request, format_html("{} {}", said, another))
    return go(request, reverse("incidents:incident", args=[taken.call.incident_id]))


def page(
    request: HttpRequest, whole: str, live: str, context: dict[str, Any], form: Any
) -> HttpResponse:
    """The whole page, or for the page's own script only the parts that answers change."""
    status = 422 if form.is_bound and form.errors else 200
    return render(request, live if by_script(request) else whole, context, status=status)


def go(request: HttpRequest, address: str) -> HttpResponse:
    if by_script(request):
        return JsonResponse({"go": address})
    return redirect(address)


def by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "lamplighter"


@opens_to(*AT_THE_PHONE)
@require_POST
@says_refusals
def natures(request: HttpRequest) -> JsonResponse:
    """What is happening, found by plain words: best match first.

    The words may be the caller's own, so they come in the body: an address ends up in logs.
    """
    policy = in_force(FIRST_RESPONSE, timezone.now()).policy
    found = search_natures(policy, request.POST.get("q", ""), get_language() or "en")
    rows = [{"code": one.code, "label": one.label, "words": one.words} for one in found]
    return JsonResponse({"found": rows})


@opens_to(*ON_CALLS)
@require_GET
def call(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """A call's own address leads to the page of its incident."""
    found = Call.objects.filter(pk=call_id, incident__in=visible_incidents(request.user)).first()
    if found is None:
        raise Http404
    return redirect("incidents:incident", found.incident_id)

"""Pages for a call that is saved: new information, and somebody else than the policy says."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.policies.answers import Fact
from lamplighter.city.policies.interview import NATURE
from lamplighter.city.policies.queries import FIRST_RESPONSE, InForce, in_force
from lamplighter.city.refusal import Refusal

from .actions import override_decision, redecide
from .forms import NewInformationForm, OverrideForm
from .models import Call, Decision
from .problems import place_refusal, problems_of, says_refusals
from .queries import visible_incidents
from .screen import decided, interview_with, questions_of, responders_of, standing_of
from .views import AT_THE_PHONE, facts_of, go, page


@opens_to(*AT_THE_PHONE)
@never_cache
@require_http_methods(["GET", "POST"])
@says_refusals
def add_facts(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """New information about a call: what is known, what is still asked, who would go with it."""
    now = timezone.now()
    call = _call(request, call_id)
    before = _standing(call)
    if closed := _closed(request, call):
        return closed
    current = in_force(FIRST_RESPONSE, now)
    saving = request.POST.get("do") == "save"
    typed = request.POST.dict() or {"based_on": before.pk}
    form = NewInformationForm(request.POST) if saving else NewInformationForm(initial=typed)
    learned = _learned(request, current, call, before)
    refused: Refusal | None = None
    if saving:
        try:
            if form.is_valid():
                made = redecide(
                    call,
                    learned,
                    by=request.user,
                    now=now,
                    note=form.cleaned_data["note"],
                    keep_override=not form.cleaned_data["drop_override"],
                )
                _tell(request, before, made)
                return go(request, reverse("incidents:incident", args=[call.incident_id]))
        except Refusal as refusal:
            refused = refusal
            place_refusal(form, refusal)
    asked = interview_with(current.policy, {**before.facts, **learned})
    context = {
        "call": call,
        "before": decided(before),
        "form": form,
        "questions": questions_of(asked),
        "standing": standing_of(asked),
        "problems": problems_of(form, refused),
        "nature_problem": refused.sentence if refused and refused.field == NATURE else "",
    }
    return page(request, "intake/add_facts.html", "intake/facts_live.html", context, form)


@opens_to(*AT_THE_PHONE)
@never_cache
@require_http_methods(["GET", "POST"])
@says_refusals
def override(request: HttpRequest, call_id: uuid.UUID) -> HttpResponse:
    """Somebody else goes than the policy says, for a reason; or the policy is followed again."""
    now = timezone.now()
    call = _call(request, call_id)
    before = _standing(call)
    if closed := _closed(request, call):
        return closed
    responders = responders_of(in_force(FIRST_RESPONSE, now).policy)
    form = OverrideForm(request.POST or None, responders=responders)
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "follow":
                made = redecide(call, {}, by=request.user, now=now, keep_override=False)
                _tell(request, before, made)
                return go(request, reverse("incidents:incident", args=[call.incident_id]))
            if form.is_valid():
                instead = (form.cleaned_data[name] for name in form.fields)
                made = override_decision(call, *instead, by=request.user, now=now)
                _tell(request, before, made)
                return go(request, reverse("incidents:incident", args=[call.incident_id]))
        except Refusal as refusal:
            refused = refusal
            place_refusal(form, refusal)
    context = {
        "call": call,
        "before": decided(before),
        "form": form,
        "standing": standing_of(interview_with(in_force(FIRST_RESPONSE, now).policy, before.facts)),
        "problems": problems_of(form, refused),
    }
    return page(request, "intake/override.html", "intake/override.html", context, form)


def _call(request: HttpRequest, call_id: uuid.UUID) -> Call:
    calls = Call.objects.select_related("incident", "neighborhood")
    found = calls.filter(pk=call_id, incident__in=visible_incidents(request.user)).first()
    if found is None:
        raise Http404
    return found


def _standing(call: Call) -> Decision:
    return call.decisions.select_related("policy").get(superseded_by=None)


def _closed(request: HttpRequest, call: Call) -> HttpResponse | None:
    """Back to the incident, with the reason, when it is closed."""
    if call.incident.closed_at is None:
        return None
    messages.error(request, _("That incident is closed: take a new call for what happens now."))
    return go(request, reverse("incidents:incident", args=[call.incident_id]))


def _learned(
    request: HttpRequest, current: InForce, call: Call, before: Decision
) -> dict[str, Fact]:
    """What differs from what this person was shown; what others learned meanwhile stays.

    A fact that is taken back was told, and now nobody knows: it is unknown.
    """
    if request.method != "POST":
        return {}
    shown = call.decisions.filter(pk=_uuid(request.POST.get("based_on", ""))).first() or before
    told = facts_of(request, current)
    changed = {name: fact for name, fact in told.items() if shown.facts.get(name) != fact}
    taken_back = {
        name: "unknown"
        for name in shown.facts
        if name not in told and name in current.policy.inputs
    }
    taken_back.pop(NATURE, None)
    return taken_back | changed


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _tell(request: HttpRequest, before: Decision, made: Decision) -> None:
    """Say what the new decision changed, in one sentence."""
    was, is_now = decided(before), decided(made)
    if made.pk == before.pk:
        messages.info(
            request, _("Nothing new was decided: %(who)s goes.") % {"who": was.responder.label}
        )
    elif was.responder == is_now.responder:
        messages.success(
            request, _("Decided again: %(who)s still goes.") % {"who": is_now.responder.label}
        )
    else:
        messages.warning(
            request,
            _("Decided again: %(who)s goes, instead of %(before)s.")
            % {"who": is_now.responder.label, "before": was.responder.label},
        )

"""Calls and the policy that decides them, for programs."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone

from lamplighter.city.accounts.access import ON_CALLS
from lamplighter.city.accounts.models import Role, User
from lamplighter.city.incidents.queries import whole_incident
from lamplighter.city.intake.actions import NewCall, override_decision, redecide, take_call
from lamplighter.city.intake.deciding import check_facts
from lamplighter.city.intake.models import Call
from lamplighter.city.intake.queries import visible_incidents
from lamplighter.city.policies.interview import NATURE, decide_or_ask
from lamplighter.city.policies.queries import FIRST_RESPONSE, InForce, in_force
from lamplighter.policy import UNKNOWN, Open

from .room import ALL, Room
from .schemas import (
    AnswerOut,
    CallIn,
    CallOut,
    DecisionOut,
    FactsIn,
    HitOut,
    OverrideIn,
    PolicyOut,
    TakenCallOut,
    WordsOut,
    call_out,
    decision_out,
    policy_out,
)

room = Room("calls")
TAKES_CALLS = (Role.CALL_TAKER, Role.DISPATCHER)


@room.get(
    "/policies/in-force",
    roles=ALL,
    answer=PolicyOut,
    summary="The policy that decides who answers a call, as it is in force now",
)
def policy_in_force(request: HttpRequest) -> PolicyOut:
    return policy_out(in_force(FIRST_RESPONSE, timezone.now()))


@room.post(
    "/questions",
    roles=ALL,
    answer=AnswerOut,
    summary="What the policy says of some facts, or what it would ask next",
    status=200,
)
def ask_policy(request: HttpRequest, asked: FactsIn) -> AnswerOut:
    """Nothing is saved. Left-out inputs are open questions; `"unknown"` means nobody knows."""
    current = in_force(FIRST_RESPONSE, timezone.now())
    facts = {name: UNKNOWN if v == "unknown" else v for name, v in asked.facts.items()}
    # The nature may still be open here: any declared one stands in while the rest is checked.
    stand_in = current.policy.inputs[NATURE].values[0].value
    check_facts(current.policy, {NATURE: stand_in, **asked.facts})
    return _answer_out(decide_or_ask(current.policy, facts), current)


@room.post(
    "/calls",
    roles=TAKES_CALLS,
    answer=TakenCallOut,
    summary="Take a call: decide it and save it, in a new incident or one that it joins",
)
def take_new_call(request: HttpRequest, new: CallIn) -> TakenCallOut:
    """The same call sent twice, by its `id`, changes nothing and is given back (`repeated`)."""
    taken = take_call(NewCall(**dict(new)), by=request.auth, now=timezone.now())
    return TakenCallOut(
        id=taken.call.id,
        incident_id=taken.call.incident_id,
        repeated=taken.repeated,
        decision=decision_out(taken.decision),
    )


@room.get(
    "/calls/{call_id}",
    roles=ON_CALLS,
    answer=CallOut,
    summary="A call with the decision that stands",
)
def see_call(request: HttpRequest, call_id: UUID) -> CallOut:
    """What the caller said is shown to those who answer or run calls, and to nobody else."""
    call = _visible_call(request.auth, call_id)
    whole = whole_incident(request.auth, call.incident_id, timezone.now())
    if whole is None:
        raise Http404
    shown = next(each for each in whole.calls if each.call.pk == call.pk)
    return call_out(shown, may_see_reasons=whole.may_see_reasons)


@room.post(
    "/calls/{call_id}/facts",
    roles=TAKES_CALLS,
    answer=DecisionOut,
    summary="Decide a call again with what has been learned since",
)
def learn_facts(request: HttpRequest, call_id: UUID, learned: FactsIn) -> DecisionOut:
    """Facts given before stay unless they are given anew; the earlier decision stays on record."""
    by = request.auth
    call = _visible_call(by, call_id)
    return decision_out(redecide(call, learned.facts, by=by, now=timezone.now()))


@room.post(
    "/calls/{call_id}/override",
    roles=TAKES_CALLS,
    answer=DecisionOut,
    summary="Send somebody else than the policy says, for a reason",
)
def override_call(request: HttpRequest, call_id: UUID, override: OverrideIn) -> DecisionOut:
    by = request.auth
    call = _visible_call(by, call_id)
    made = override_decision(call, override.responder, override.reason, by=by, now=timezone.now())
    return decision_out(made)


def _visible_call(user: User, call_id: UUID) -> Call:
    call = Call.objects.filter(pk=call_id, incident__in=visible_incidents(user)).first()
    if call is None:
        raise Http404
    return call


def _answer_out(answer: object, current: InForce) -> AnswerOut:
    stamp = {"policy_version": current.policy.version, "policy_hash": current.policy.content_hash}
    if isinstance(answer, Open):
        question = current.policy.inputs[answer.ask].ask
        return AnswerOut(
            decided=False,
            outcome=None,
            hits=[],
            used=[],
            unknown=[],
            possible=[dict(outcome) for outcome in answer.possible],
            ask=answer.ask,
            question=WordsOut(en=question.en, es=question.es) if question else None,
            can_matter=list(answer.can_matter),
            **stamp,
        )
    record = answer.to_dict()
    return AnswerOut(
        decided=True,
        outcome=record["outcome"],
        hits=[HitOut(**hit) for hit in record["hits"]],
        used=record["used"],
        unknown=record["unknown"],
        possible=[],
        ask=None,
        question=None,
        can_matter=[],
        **stamp,
    )

"""The board, and what a dispatcher does on it."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lamplighter.city.accounts.access import opens_to
from lamplighter.city.accounts.models import Role
from lamplighter.city.intake.maps import map_data
from lamplighter.city.intake.queries import visible_incidents, with_calls
from lamplighter.city.live_address import live_address
from lamplighter.city.refusal import Refusal

from .actions import assign_unit, close_incident, recall_assignment
from .board import Board, read_board
from .choice import UNDO_SECONDS, Choice, choice_of
from .queries import BOARD_READERS
from .recommend import recommended_units
from .rows import call_rows, unit_groups
from .wire import part, whole
from .words import board_words

# Why a person overrode the policy may hold what a caller said: administrators do not read it.
READS_REASONS = (Role.CALL_TAKER, Role.DISPATCHER, Role.MANAGER)
JsonView = Callable[..., dict[str, Any]]


@opens_to(*BOARD_READERS)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The whole board, drawn here first so that it can be read before any script runs."""
    now = timezone.now()
    state = read_board(now)
    words = board_words(now)
    waiting, answered = state.waiting(), state.being_answered()
    first = (waiting or answered or [None])[0]
    may_act = request.user.has_role(Role.DISPATCHER)
    return render(
        request,
        "dispatch/board.html",
        {
            "waiting": call_rows(waiting, words, now),
            "answered": call_rows(answered, words, now),
            "unit_groups": unit_groups(state.units, words, now),
            "late": sum(incident.minutes_left(now) < 0 for incident in waiting),
            "free": sum(unit.state == "free" for unit in state.units),
            "choice": first and _choice(request, first.id, state),
            "may_act": may_act,
            "icons": static("built/icons.svg"),
            "words": words,
            "snapshot": json.loads(json.dumps(whole(state), cls=DjangoJSONEncoder)),
            "config": {
                "live": f"{live_address(request)}/live/board",
                "may_act": may_act,
                "undo_seconds": UNDO_SECONDS,
                "sign_in": resolve_url(settings.LOGIN_URL),
                "urls": _urls(),
            },
            "map": map_data(),
        },
    )


def _urls() -> dict[str, str]:
    """Addresses with `{id}` where an identifier goes, for the page to fill."""
    anything = uuid.UUID(int=0)
    patterns = {
        "incident": reverse("incidents:incident", args=[anything]),
        "choice": reverse("dispatch:choice", args=[anything]),
        "assign": reverse("dispatch:assign", args=[anything]),
        "close": reverse("dispatch:close", args=[anything]),
        "recall": reverse("dispatch:recall", args=[anything]),
    }
    return {name: address.replace(str(anything), "{id}") for name, address in patterns.items()}


@opens_to(*BOARD_READERS)
@require_safe
def choice(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """The middle of the board for one call."""
    if "X-By-Itself" in request.headers:
        _leave_session_idle(request)
    now = timezone.now()
    found = _choice(request, incident_id, read_board(now))
    if found is None:
        raise Http404
    context = {
        "choice": found,
        "may_act": request.user.has_role(Role.DISPATCHER),
        "icons": static("built/icons.svg"),
    }
    return render(request, "dispatch/_choice.html", context)


def _leave_session_idle(request: HttpRequest) -> None:
    """Do not prolong the session: the page asked by itself, nobody may be sitting before it.

    Every request of a person keeps their session alive (SESSION_SAVE_EVERY_REQUEST); a board that
    renews itself all night would keep it alive for ever.
    """
    request.session.save = lambda must_create=False: None


def _choice(request: HttpRequest, incident_id: uuid.UUID, state: Board) -> Choice | None:
    seen = with_calls(visible_incidents(request.user)).filter(pk=incident_id).first()
    placed = next((each for each in state.incidents if each.id == incident_id), None)
    if seen is None or placed is None:
        return None
    found = choice_of(seen, placed, recommended_units(seen, state.at, state))
    if request.user.has_role(*READS_REASONS):
        return found
    return replace(found, override_reason="")


def _act(view: JsonView) -> Callable[..., JsonResponse]:
    """Answer an act with JSON: what it did, or the refusal in a sentence; and how things now stand.

    `stands` is the part of the board that the act was about, so that the page is right at once,
    also when somebody else was faster.
    """

    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, **where: uuid.UUID) -> JsonResponse:
        try:
            said, status = view(request, _body(request), **where), 200
        except Refusal as refusal:
            said, status = (
                {
                    "code": refusal.code,
                    "sentence": refusal.sentence,
                    "field": refusal.field,
                    **refusal.data,
                },
                refusal.status,
            )
        return JsonResponse(said, status=status)

    return answer


@opens_to(Role.DISPATCHER)
@_act
def assign(request: HttpRequest, body: dict[str, Any], incident_id: uuid.UUID) -> dict[str, Any]:
    """Send a unit; the page makes the assignment's id, so a key pressed twice sends once."""
    unit_id = _id(body, "unit_id")
    try:
        sent = assign_unit(
            assignment_id=_id(body, "assignment_id"),
            incident_id=incident_id,
            unit_id=unit_id,
            other_kind_reason=str(body.get("other_kind_reason", "")),
            by=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        refusal.data["stands"] = _stands([incident_id], [unit_id])
        raise
    return {"assignment_id": sent.pk, "stands": _stands([incident_id], [unit_id])}


@opens_to(Role.DISPATCHER)
@_act
def recall(request: HttpRequest, body: dict[str, Any], assignment_id: uuid.UUID) -> dict[str, Any]:
    """Call a unit back."""
    sent = recall_assignment(assignment_id, by=request.user, now=timezone.now())
    return {"assignment_id": sent.pk, "stands": _stands([sent.incident_id], [sent.unit_id])}


@opens_to(Role.DISPATCHER)
@_act
def close(request: HttpRequest, body: dict[str, Any], incident_id: uuid.UUID) -> dict[str, Any]:
    """Close a call that needs nobody, with the reason."""
    closed_as = str(body.get("closed_as", ""))
    close_incident(incident_id, closed_as, by=request.user, now=timezone.now())
    return {"incident_id": incident_id, "stands": _stands([incident_id], [])}


def _stands(incident_ids: list[uuid.UUID], unit_ids: list[uuid.UUID]) -> dict[str, Any]:
    there = read_board(timezone.now(), incident_ids=incident_ids, unit_ids=unit_ids)
    return part(there, incident_ids, unit_ids)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Refusal("not-json", _("The request could not be read: reload the page."))
    return body


def _id(body: dict[str, Any], name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(body.get(name, "")))
    except ValueError:
        raise Refusal(
            "not-an-id", _("The request could not be read: reload the page."), field=name
        ) from None

"""The start page, and in the sample city the page that signs anybody in."""

from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lamplighter.city.accounts.access import opens_to_everyone
from lamplighter.city.accounts.models import Role, User
from lamplighter.city.intake.models import City
from lamplighter.city.policies.queries import FIRST_RESPONSE

from .queries import Today, crews_to_try, people_to_try, today

# One sentence for each role: what to try.
TO_TRY: dict[str, Promise] = {
    Role.CALL_TAKER.value: _("Take a call: few questions, and you see at once who goes and why."),
    Role.DISPATCHER.value: _("Send the recommended team to a call that waits on the board."),
    Role.RESPONDER.value: _("Answer the call on a phone, and write down what you found and did."),
    Role.MANAGER.value: _("Follow one incident rule by rule, and sign a change of the policy."),
    Role.ADMINISTRATOR.value: _("Add a person who works here, or make a token for a program."),
    Role.POLICY_AUTHOR.value: _("Change a rule in a draft, and see at once what it would break."),
}


@dataclass(frozen=True)
class Way:
    """A large link to what somebody's role does."""

    url: str
    icon: str
    title: Promise
    text: Promise


_WAYS = (
    (
        (Role.CALL_TAKER, Role.DISPATCHER),
        "intake:new_call",
        "phone",
        _("Take a call"),
        _("Write down where and what, answer the few questions that matter, and send the call on."),
    ),
    (
        (Role.DISPATCHER, Role.CALL_TAKER, Role.MANAGER, Role.ADMINISTRATOR),
        "dispatch:board",
        "map",
        _("The board"),
        _("Calls that wait, teams that are free, and the map. It is live."),
    ),
    (
        (Role.RESPONDER,),
        "field:my_calls",
        "near_me",
        _("My calls"),
        _("The call you were sent to: accept it, go there, write down what you did."),
    ),
    (
        (Role.CALL_TAKER, Role.DISPATCHER, Role.MANAGER, Role.ADMINISTRATOR),
        "incidents:list",
        "history",
        _("Incidents"),
        _("What happened from the call to the outcome, with the rule that decided."),
    ),
    (
        (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR),
        "policies:room",
        "edit",
        _("Policy room"),
        _("Drafts of the policy, their check and rehearsal, and what two people sign into force."),
    ),
    (
        (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR),
        "rehearsal:room",
        "insights",
        _("Rehearsal room"),
        _("Which teams would it take, how fast would they be, and where would nobody come?"),
    ),
    (
        (Role.ADMINISTRATOR,),
        "accounts:people",
        "groups",
        _("People"),
        _("Who works here, what they may do, and the tokens of programs."),
    ),
)


@opens_to_everyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return _start_page(request, request.user)
    if _anybody_may_sign_in():
        return _demo_page(request)
    return render(request, "front/welcome.html", {"policy_url": _policy_url()})


@opens_to_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as anybody with one click: in the sample city, and nowhere else."""
    if not _anybody_may_sign_in():
        raise Http404
    if request.method == "POST":
        username = request.POST.get("username", "").replace("\0", "")
        person = get_object_or_404(User, username=username, is_active=True)
        request.signed_in_by = "demo"
        login(request, person, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("accounts:home")
    return _demo_page(request)


def _anybody_may_sign_in() -> bool:
    """Whether setting and city both say that it is a sample: a real one started so stays shut."""
    return settings.SAMPLE_CITY and City.objects.filter(is_sample=True).exists()


def _start_page(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    midnight = timezone.make_aware(timezone.datetime.combine(timezone.localdate(now), time.min))
    numbers: Today = today(user, now, midnight)
    return render(
        request,
        "front/start.html",
        {
            "ways": _ways_of(user),
            "today": numbers,
            "now": now,
            "works_the_board": user.has_role(
                Role.CALL_TAKER, Role.DISPATCHER, Role.MANAGER, Role.ADMINISTRATOR
            ),
            "policy_url": _policy_url(),
        },
    )


def _demo_page(request: HttpRequest) -> HttpResponse:
    roles = [
        {"name": Role(role).label, "to_try": TO_TRY[role], "people": people}
        for role, people in people_to_try().items()
        if people
    ]
    return render(
        request,
        "front/demo.html",
        {
            "roles": roles,
            "crews": crews_to_try(timezone.now()),
            "responder": {
                "name": Role.RESPONDER.label,
                "to_try": TO_TRY[Role.RESPONDER.value],
            },
            "policy_url": _policy_url(),
        },
    )


def _ways_of(user: User) -> list[Way]:
    return [
        Way(reverse(name), icon, title, text)
        for roles, name, icon, title, text in _WAYS
        if user.has_role(*roles)
    ]


def _policy_url() -> str:
    return reverse("policies:policy", args=[slugify(FIRST_RESPONSE)])

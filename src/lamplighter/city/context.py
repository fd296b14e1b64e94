"""What every template knows: which city this is, who is here, and where they may go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from lamplighter.city.accounts.models import Role
from lamplighter.city.clock import city_name
from lamplighter.city.live_address import live_address


@dataclass(frozen=True)
class Place:
    """A way to go in the header; `current` where the person is."""

    url: str
    label: Promise
    current: bool


# Who is led where; whether it opens is for the page's own rule to say.
_PLACES: tuple[tuple[str, Promise, tuple[Role, ...]], ...] = (
    ("field:my_calls", _("My calls"), (Role.RESPONDER,)),
    ("intake:new_call", _("Take a call"), (Role.CALL_TAKER, Role.DISPATCHER)),
    (
        "dispatch:board",
        _("Board"),
        (Role.DISPATCHER, Role.CALL_TAKER, Role.MANAGER, Role.ADMINISTRATOR),
    ),
    (
        "incidents:list",
        _("Incidents"),
        (Role.CALL_TAKER, Role.DISPATCHER, Role.MANAGER, Role.ADMINISTRATOR),
    ),
    (
        "policies:room",
        _("Policy room"),
        (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR),
    ),
    (
        "rehearsal:room",
        _("Rehearsal room"),
        (Role.POLICY_AUTHOR, Role.MANAGER, Role.ADMINISTRATOR),
    ),
    ("accounts:people", _("People"), (Role.ADMINISTRATOR,)),
)


def house(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    roles = user.roles if user is not None and user.is_authenticated else []
    return {
        "sample_city": settings.SAMPLE_CITY,
        "city_name": SimpleLazyObject(city_name),
        "live_url": live_address(request),
        "navigation": SimpleLazyObject(lambda: navigation(roles, request.path)),
        "role_names": [Role(role).label for role in roles],
    }


def navigation(roles: list[str], path: str) -> list[Place]:
    """The ways that somebody's roles lead to, in the order of the work."""
    places = []
    for name, label, opens_to in _PLACES:
        if not set(roles) & set(opens_to):
            continue
        url = reverse(name)
        places.append(Place(url, label, path.startswith(url)))
    return places

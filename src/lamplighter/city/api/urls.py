"""The addresses of the API, each opened only through operations that name their roles."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from lamplighter.city.accounts.access import Rule, opens_to_everyone

from . import calls, city, document, encounters, incidents, units
from .errors import handle_errors, problem
from .reading import SmallJson
from .room import Operation

ROOMS = (city.room, calls.room, incidents.room, units.room, encounters.room)
OPERATIONS: tuple[Operation, ...] = tuple(
    operation for room in ROOMS for operation in room.operations
)
# A page's rule looks at the session; here every operation asks for a token and looks at its roles.
BY_TOKEN = Rule("by token, each operation for its own roles", public=True)


def _api() -> NinjaAPI:
    api = NinjaAPI(
        title="Lamplighter",
        version="1",
        description=document.ABOUT,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        parser=SmallJson(),
    )
    handle_errors(api)
    for room in ROOMS:
        api.add_router("", room.router)
    return api


def _guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of our rooms: opened by token, and in our shape also when the method is wrong."""

    @functools.wraps(view)
    def answer(request: HttpRequest, **values: Any) -> HttpResponse:
        response = view(request, **values)
        if response.status_code != 405:
            return response
        allowed = response.headers["Allow"]
        refused = problem(
            "not-this-method",
            _("This address takes other methods: %(allowed)s.") % {"allowed": allowed},
            status=405,
        )
        refused.headers["Allow"] = allowed
        return refused

    answer.access_rule = BY_TOKEN  # type: ignore[attr-defined]
    return answer


def _patterns(api: NinjaAPI) -> list[URLPattern]:
    """The operations of our rooms, guarded; anything else that ninja would serve is left out."""
    ours = {f"api_{operation.name}" for operation in OPERATIONS}
    patterns, _app, _namespace = api.urls
    kept = [pattern for pattern in patterns if pattern.name in ours]
    for pattern in kept:
        pattern.callback = _guarded(pattern.callback)
    return kept


@csrf_exempt
@opens_to_everyone
def no_such_address(request: HttpRequest) -> HttpResponse:
    return problem(
        "no-such-address",
        _("The API has no such address: see its document at /api/v1/."),
        status=404,
    )


api = _api()
app_name = "api"
urlpatterns = [
    path("", document.page, {"api": api}, name="document"),
    path("openapi.json", document.openapi, {"api": api}, name="openapi"),
    *_patterns(api),
    re_path("^.*$", no_such_address, name="no_such_address"),
]

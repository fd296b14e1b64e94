"""The addresses of the API, each opened only through operations that name their roles."""

from django.urls import URLPattern, path
from ninja import NinjaAPI

from lamplighter.city.accounts.access import Rule

from . import calls, document
from .errors import handle_errors
from .reading import SmallJson
from .room import Operation

ROOMS = (calls.room,)
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


def _patterns(api: NinjaAPI) -> list[URLPattern]:
    """The operations of our rooms, marked as guarded; anything else of ninja stays closed."""
    ours = {f"api_{operation.name}" for operation in OPERATIONS}
    patterns, _app, _namespace = api.urls
    for pattern in patterns:
        if pattern.name in ours:
            pattern.callback.access_rule = BY_TOKEN
    return [pattern for pattern in patterns if pattern.name in ours]


api = _api()
app_name = "api"
urlpatterns = [
    path("", document.page, {"api": api}, name="document"),
    path("openapi.json", document.openapi, {"api": api}, name="openapi"),
    *_patterns(api),
]

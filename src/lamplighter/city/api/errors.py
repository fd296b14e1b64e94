"""One shape for everything that an API refuses: a code, a sentence, the field, and data."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field

from lamplighter.city.refusal import Refusal

logger = logging.getLogger(__name__)


class Problem(BaseModel):
    """Why nothing was done. The sentence says what was wrong, where, and what to do."""

    code: str = Field(description="Stable, for programs: for example `no-place`.")
    sentence: str = Field(description="For people, in the language of `Accept-Language`.")
    field: str | None = Field(description="The input that it is about, if it is about one.")
    data: dict[str, Any] = Field(description="More for programs, by code.")


def problem(
    code: str,
    sentence: str,
    *,
    status: int,
    field: str | None = None,
    data: dict[str, Any] | None = None,
) -> JsonResponse:
    """The answer to a request that was refused."""
    body = {"code": code, "sentence": str(sentence), "field": field, "data": data or {}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def handle_errors(api: NinjaAPI) -> None:
    """Give every error of an API the one shape."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _not_valid)
    api.add_exception_handler(AuthenticationError, _not_known)
    api.add_exception_handler(HttpError, _not_read)
    api.add_exception_handler(Http404, _not_there)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(Exception, _failed)


def _refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(
        refusal.code,
        refusal.sentence,
        status=refusal.status,
        field=refusal.field,
        data=refusal.data,
    )


def _not_known(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = problem(
        "token-needed",
        _("The request has no valid token: send one as 'Authorization: Bearer TOKEN'."),
        status=401,
    )
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that could not be read; the reader says why in a refusal of its own, or cannot."""
    if isinstance(error.__cause__, Refusal):
        return _refused(request, error.__cause__)
    return problem(
        "not-json",
        _("The body is not JSON in UTF-8: send one JSON object."),
        status=400,
    )


def _not_there(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(
        "not-there",
        _("There is nothing here that you may see: check the identifier."),
        status=404,
    )


def _too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body so large that it is refused before our reader sees it."""
    return problem("too-large", _("The request is larger than 64 KiB: send less."), status=413)


def _failed(_request: HttpRequest, error: Exception) -> HttpResponse:
    """Our own fault: noted with its place in the code, answered without any detail."""
    logger.error("An API request failed.", exc_info=error)
    return problem(
        "failed-here",
        _("Something failed here and nothing was saved: send it again in a minute."),
        status=500,
    )


# What pydantic found, in our words. A value is never repeated: it may be what a person told us.
def _sentence(kind: str, field: str) -> str:
    if kind == "missing":
        return _("The field '%(field)s' is missing: add it.") % {"field": field}
    if kind == "extra_forbidden":
        return _("There is a field that this request does not have: see the API's document.")
    if kind == "timezone_aware":
        return _("The time in '%(field)s' has no zone: write it like 2026-12-01T08:30:00Z.") % {
            "field": field
        }
    if kind.startswith("datetime"):
        return _("'%(field)s' is not a time: write it like 2026-12-01T08:30:00Z.") % {
            "field": field
        }
    if kind.startswith("uuid"):
        return _("'%(field)s' is not an identifier: send a UUID.") % {"field": field}
    if kind == "string_too_long":
        return _("The text in '%(field)s' is too long: shorten it.") % {"field": field}
    if kind in {"enum", "literal_error"}:
        return _("'%(field)s' is not one of its values: see the API's document.") % {"field": field}
    return _("'%(field)s' is not what it has to be: see the API's document.") % {"field": field}


def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = []
    for each in error.errors:
        field = _field_of(each)
        found.append({"field": field, "sentence": _sentence(each["type"], field)})
    first = found[0]
    return problem(
        "not-valid",
        first["sentence"],
        status=422,
        field=first["field"],
        data={"problems": found[:20]},
    )


def _field_of(found: dict[str, Any]) -> str:
    """The declared field that an error is about, never a key that the sender made up.

    The place of an error is like (body, new, facts, nature): where it came from, our parameter's
    name, the field, and then whatever was inside it, which is not repeated.
    """
    source, *path = found["loc"]
    if source == "body":
        path = path[1:]
    if found["type"] == "extra_forbidden" or not path:
        return "body" if source == "body" else str(path[0] if path else source)
    return str(path[0])

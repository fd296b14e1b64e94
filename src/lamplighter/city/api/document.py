"""The API's document: OpenAPI for programs, a plain page for people."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI

from lamplighter.city.accounts.access import opens_to_everyone

MOUNTED_AT = "api/v1/"
ABOUT = """The verbs of the pages, for programs.

Send a token as `Authorization: Bearer TOKEN`; it acts as a person and may do what that person's
roles may. Times are ISO 8601 with a zone. Identifiers are made by whoever makes the record, so a
request that was sent twice changes nothing; a POST may also carry an `Idempotency-Key`. Whatever is
refused is answered with a code, a sentence, the field and data."""


def openapi_document(api: NinjaAPI) -> dict[str, Any]:
    """The API as an OpenAPI 3.1 document."""
    return {**api.get_openapi_schema(path_prefix=MOUNTED_AT), "servers": [{"url": "/"}]}


@opens_to_everyone
def openapi(_request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    return JsonResponse(openapi_document(api))


@opens_to_everyone
def page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    document = openapi_document(api)
    operations = [
        {"method": method.upper(), "path": address, **details}
        for address, methods in document["paths"].items()
        for method, details in methods.items()
    ]
    return render(request, "api/document.html", {"operations": operations})

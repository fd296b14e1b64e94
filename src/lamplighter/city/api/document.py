"""The API's document: OpenAPI for programs, a plain page for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
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
@require_safe
def openapi(_request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    return JsonResponse(openapi_document(api))


@opens_to_everyone
@require_safe
def page(request: HttpRequest, api: NinjaAPI) -> HttpResponse:
    operations = sorted(_operations(openapi_document(api)), key=lambda each: each.part)
    parts = [(part, list(group)) for part, group in groupby(operations, lambda each: each.part)]
    return render(request, "api/document.html", {"parts": parts})


@dataclass(frozen=True)
class Field:
    """One field of a request or an answer, in short."""

    name: str
    type: str
    required: bool
    about: str


@dataclass(frozen=True)
class Documented:
    """An operation as the page shows it."""

    part: str
    id: str
    method: str
    path: str
    summary: str
    about: str
    opens_to: str
    sends: tuple[Field, ...]
    answers: tuple[Field, ...]


def _operations(document: dict[str, Any]) -> Iterator[Documented]:
    schemas = document["components"]["schemas"]
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            about, _, opens_to = operation["description"].rpartition("Opens to: ")
            body = operation.get("requestBody", {}).get("content", {})
            answer = next(
                each for status, each in operation["responses"].items() if int(status) < 300
            )
            yield Documented(
                part=operation["tags"][0],
                id=operation["operationId"],
                method=method.upper(),
                path=address,
                summary=operation["summary"],
                about=about.strip(),
                opens_to=opens_to.rstrip("."),
                sends=(
                    *(_parameter(each) for each in operation["parameters"]),
                    *_fields(body, schemas),
                ),
                answers=tuple(_fields(answer["content"], schemas)),
            )


def _parameter(parameter: dict[str, Any]) -> Field:
    where = {"path": "address", "query": "query", "header": "header"}[parameter["in"]]
    return Field(
        parameter["name"],
        f"{_type(parameter['schema'])} ({where})",
        parameter["required"],
        parameter.get("description", ""),
    )


def _fields(content: dict[str, Any], schemas: dict[str, Any]) -> Iterator[Field]:
    if not content:
        return
    schema = content["application/json"]["schema"]
    schema = schemas[_name(schema["$ref"])] if "$ref" in schema else schema
    required = schema.get("required", [])
    for name, declared in schema["properties"].items():
        yield Field(name, _type(declared), name in required, declared.get("description", ""))


def _type(declared: dict[str, Any]) -> str:
    """A schema's type in a word or two."""
    if "$ref" in declared:
        return _name(declared["$ref"])
    if "anyOf" in declared:
        return " or ".join(_type(each) for each in declared["anyOf"])
    if "enum" in declared:
        return " | ".join(f'"{each}"' for each in declared["enum"])
    if declared.get("type") == "array":
        return f"list of {_type(declared.get('items', {}))}"
    return declared.get("format") or declared.get("type", "anything")


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]

"""The API's document: valid OpenAPI 3.1, and it says of every operation what it does."""

import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from lamplighter.city.api.urls import OPERATIONS

pytestmark = pytest.mark.django_db
ERRORS = {"400", "401", "403", "404", "409", "413", "422", "503"}


@pytest.fixture
def document(client):
    return json.loads(client.get("/api/v1/openapi.json").content)


def _operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1.")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_has_every_operation_with_its_words_roles_and_errors(document):
    documented = {
        operation["operationId"]: operation for _m, _p, operation in _operations(document)
    }
    assert set(documented) == {operation.name for operation in OPERATIONS}
    for known in OPERATIONS:
        said = documented[known.name]
        assert len(said["summary"]) > 15, known.name
        for role in known.roles:
            assert role.replace("_", " ") in said["description"], known.name
        assert set(said["responses"]) >= ERRORS, known.name
        for error in ERRORS:
            content = said["responses"][error]["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        assert said["security"] == [{"Token": []}]


def test_every_post_may_carry_an_idempotency_key(document):
    for method, path, operation in _operations(document):
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        assert headers == ({"Idempotency-Key"} if method == "post" else set()), path


def test_people_can_read_it(client):
    page = client.get("/api/v1/").content.decode()
    assert "/api/v1/calls/{call_id}/override" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page


def test_what_is_not_there_is_said_in_the_same_shape(client):
    for method, address, status, code in [
        ("get", "/api/v1/nothing", 404, "no-such-address"),
        ("post", "/api/v1/nothing/", 404, "no-such-address"),
        ("delete", "/api/v1/calls", 405, "not-this-method"),
        ("get", "/api/v1/calls", 405, "not-this-method"),
    ]:
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_it_asks_for_a_token(client):
    answer = client.get("/api/v1/units")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["sentence"].startswith("The request has no valid token")


def test_it_speaks_the_language_that_is_asked_for(api_of, people):
    answer = api_of(people.dispatcher).post("/assignments", {}, Accept_Language="es")
    assert answer.json()["sentence"] == "Falta el campo «id»: agréguelo."

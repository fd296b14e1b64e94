"""Who may open what: every address and every API operation, as everybody.

The two tables are the expectation, written out so that a reviewer can read them; the rules in the
code must say the same, and what happens must follow them.
"""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from lamplighter.city.accounts.access import EVERYONE, SIGNED_IN, opens_to, rule_of
from lamplighter.city.accounts.models import Role
from lamplighter.city.api.urls import BY_TOKEN, OPERATIONS
from lamplighter.city.urls import urlpatterns as city_addresses

pytestmark = pytest.mark.django_db

CALL_TAKER, DISPATCHER, RESPONDER, MANAGER, ADMINISTRATOR, POLICY_AUTHOR = (
    role.value for role in Role
)
ANYONE = frozenset({"anonymous", *Role.values})
STAFF = frozenset(Role.values)
ON_CALLS = frozenset({CALL_TAKER, DISPATCHER, RESPONDER, MANAGER, ADMINISTRATOR})
AT_THE_PHONE = frozenset({CALL_TAKER, DISPATCHER})
AT_THE_BOARD = frozenset({CALL_TAKER, DISPATCHER, MANAGER, ADMINISTRATOR})

IN_THE_ROOM = frozenset({POLICY_AUTHOR, MANAGER, ADMINISTRATOR})


def only(*roles: str) -> frozenset[str]:
    return frozenset(roles)


PAGES = {
    # The door: signing in and out, the language
    "accounts:home": ANYONE,
    "accounts:demo": ANYONE,  # in the sample city only
    "account_login": ANYONE,
    "mfa_authenticate": ANYONE,  # the second step, before one is signed in
    "set_language": ANYONE,
    "account_logout": STAFF,
    "account_reauthenticate": STAFF,
    "account_change_password": STAFF,
    "mfa_index": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    # Who works here
    "accounts:people": only(ADMINISTRATOR),
    "accounts:new_person": only(ADMINISTRATOR),
    "accounts:person": only(ADMINISTRATOR),
    "accounts:deactivate": only(ADMINISTRATOR),
    "accounts:reactivate": only(ADMINISTRATOR),
    "accounts:new_password": only(ADMINISTRATOR),
    "accounts:tokens": only(ADMINISTRATOR),
    "accounts:revoke_token": only(ADMINISTRATOR),
    # The policy is for everybody to read
    "policies:policy": ANYONE,
    "policies:version": ANYONE,
    "policies:download": ANYONE,
    "policies:history": ANYONE,
    "policies:version_file": ANYONE,
    # The policy room: an author writes, an author or a manager signs, an administrator reads along
    "policies:room": IN_THE_ROOM,
    "policies:start": only(POLICY_AUTHOR),
    "policies:draft": IN_THE_ROOM,
    "policies:text": IN_THE_ROOM,
    "policies:check": only(POLICY_AUTHOR),
    "policies:save": only(POLICY_AUTHOR),
    "policies:change": only(POLICY_AUTHOR),
    "policies:rehearse": only(POLICY_AUTHOR, MANAGER),
    "policies:rehearsal": IN_THE_ROOM,
    "policies:rehearsal_state": IN_THE_ROOM,
    "policies:histories": IN_THE_ROOM,
    "policies:quality": IN_THE_ROOM,
    "policies:bring_file": only(POLICY_AUTHOR, MANAGER),
    "policies:call_file": only(POLICY_AUTHOR, MANAGER),
    "policies:layout_text": only(POLICY_AUTHOR, MANAGER),
    "policies:call_file_state": only(POLICY_AUTHOR, MANAGER),
    "policies:drop_call_file": only(POLICY_AUTHOR, MANAGER),
    "policies:discard": only(POLICY_AUTHOR),
    "policies:propose": only(POLICY_AUTHOR),
    "policies:conflict": IN_THE_ROOM,
    "policies:proposal": IN_THE_ROOM,
    "policies:sign": only(POLICY_AUTHOR, MANAGER),
    "policies:withdraw": only(POLICY_AUTHOR, MANAGER),
    "policies:go_back": IN_THE_ROOM,
    # The rehearsal room: authors and managers rehearse, an administrator reads along
    "rehearsal:room": IN_THE_ROOM,
    "rehearsal:put_away_list": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:back": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:new": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:check": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:compare": IN_THE_ROOM,
    "rehearsal:areas": IN_THE_ROOM,
    "rehearsal:bring_areas": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:area_file": IN_THE_ROOM,
    "rehearsal:people": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:areas_away": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:scenario": IN_THE_ROOM,
    "rehearsal:teams_file": IN_THE_ROOM,
    "rehearsal:run": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:away": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:ask_search": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:search": IN_THE_ROOM,
    "rehearsal:search_state": IN_THE_ROOM,
    "rehearsal:search_stop": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:state": IN_THE_ROOM,
    "rehearsal:stop": only(POLICY_AUTHOR, MANAGER),
    "rehearsal:download": IN_THE_ROOM,
    # Calls
    "intake:new_call": AT_THE_PHONE,
    "intake:natures": AT_THE_PHONE,
    "intake:add_facts": AT_THE_PHONE,
    "intake:override": AT_THE_PHONE,
    "intake:call": ON_CALLS,
    "intake:neighborhoods": STAFF,
    "intake:streets": STAFF,
    # The board
    "dispatch:board": AT_THE_BOARD,
    "dispatch:choice": AT_THE_BOARD,
    "dispatch:assign": only(DISPATCHER),
    "dispatch:recall": only(DISPATCHER),
    "dispatch:close": only(DISPATCHER),
    # In the field
    "field:my_calls": only(RESPONDER),
    "field:assignment": only(RESPONDER),
    "field:step": only(RESPONDER),
    "field:record": only(RESPONDER),
    "field:clear": only(RESPONDER),
    "field:backup": only(RESPONDER),
    # Incidents: what of them is seen depends on the person
    "incidents:list": ON_CALLS,
    "incidents:incident": ON_CALLS,
    "incidents:names": ON_CALLS,
    # The API's document; its operations are in the second table
    "api:document": ANYONE,
    "api:openapi": ANYONE,
    "api:no_such_address": ANYONE,
}

OPERATIONS_OPEN_TO = {
    "see_city": STAFF,
    "policy_in_force": STAFF,
    "ask_policy": STAFF,
    "take_new_call": AT_THE_PHONE,
    "see_call": ON_CALLS,
    "learn_facts": AT_THE_PHONE,
    "override_call": AT_THE_PHONE,
    "list_incidents": ON_CALLS,
    "see_incident": ON_CALLS,
    "recommend_units": AT_THE_BOARD,
    "close_open_incident": only(DISPATCHER),
    "list_units": AT_THE_BOARD,
    "see_board": AT_THE_BOARD,
    "send_unit": only(DISPATCHER),
    "take_next_step": only(RESPONDER, DISPATCHER),
    "clear_unit": only(RESPONDER, DISPATCHER),
    "ask_for_backup": only(RESPONDER, DISPATCHER),
    "plan_shift": only(MANAGER, ADMINISTRATOR),
    "record_new_encounter": only(RESPONDER),
}


@dataclass(frozen=True)
class Address:
    """A URL pattern of the project, with an address that it matches."""

    name: str
    url: str
    pattern: URLPattern


def _walk(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in (namespace, pattern.namespace) if part)
            yield from _walk(pattern.url_patterns, inner)
        else:
            name = ":".join(part for part in (namespace, pattern.name or "") if part)
            yield Address(name, _url_of(name, pattern), pattern)


def _url_of(name: str, pattern: URLPattern) -> str:
    if name == "api:no_such_address":
        return "/api/v1/nothing-here"
    converters = pattern.pattern.converters
    values = {
        key: str(uuid.uuid4()) if type(each).__name__ == "UUIDConverter" else "first-response"
        for key, each in converters.items()
    }
    values = {key: str(uuid.uuid4()) if key.endswith("_id") else v for key, v in values.items()}
    return reverse(name, kwargs=values)


def _is_operation(address: Address) -> bool:
    return address.name.startswith("api:api_")


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns))


def pages() -> list[Address]:
    return [address for address in addresses() if not _is_operation(address)]


@pytest.fixture
def clients(people) -> dict[str, Client]:
    signed_in = {"anonymous": Client(raise_request_exception=False)}
    for role, person in people.by_role().items():
        signed_in[role] = Client(raise_request_exception=False)
        signed_in[role].force_login(person)
    return signed_in


def _is_shut(response: HttpResponse) -> bool:
    """Whether the answer tells an outsider nothing but to sign in or go away."""
    if response.status_code == 302:
        return response.headers["Location"].startswith(reverse("account_login"))
    return response.status_code in {401, 403, 404}


def test_the_table_of_pages_has_every_page_and_no_other():
    assert {address.name for address in pages()} == set(PAGES)


def test_the_table_of_operations_has_every_operation_and_no_other():
    assert {operation.name for operation in OPERATIONS} == set(OPERATIONS_OPEN_TO)
    served = {address.name for address in addresses() if _is_operation(address)}
    assert served == {f"api:api_{name}" for name in OPERATIONS_OPEN_TO}


def test_every_address_has_a_rule():
    without = [a.name for a in addresses() if rule_of(a.pattern.callback, a.name) is None]
    assert without == []


@pytest.mark.parametrize("address", pages(), ids=lambda address: address.name)
def test_the_rule_of_a_page_is_the_one_of_the_table(address):
    rule = rule_of(address.pattern.callback, address.name)
    if rule == EVERYONE:
        opens_to = ANYONE
    elif rule == SIGNED_IN:
        opens_to = STAFF
    else:
        opens_to = rule.roles
    assert opens_to == PAGES[address.name]


@pytest.mark.parametrize("address", pages(), ids=lambda address: address.name)
def test_a_page_opens_to_those_of_the_table_only(address, clients, units):
    for who in sorted(ANYONE):
        for method in ("get", "post"):
            response = getattr(clients[who], method)(address.url)
            if who not in PAGES[address.name]:
                assert _is_shut(response), f"{who} {method} {response.status_code}"
                assert response.status_code != 404, f"{who}: a missing thing hides a missing rule"
            else:
                assert response.status_code < 500, f"{who} {method}"
                assert response.status_code != 403, f"{who} {method}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_opens_to_those_of_the_table_only(operation, api_of, people, clients):
    assert operation.roles == OPERATIONS_OPEN_TO[operation.name]
    address = re.sub(r"\{\w+\}", str(uuid.uuid4()), operation.path)

    def status(api) -> int:
        answer = api.get(address) if operation.method == "GET" else api.post(address, {})
        if answer.status_code >= 400:
            assert set(answer.json()) == {"code", "sentence", "field", "data"}
        return answer.status_code

    assert status(api_of(None)) == 401
    for role, person in people.by_role().items():
        if role in operation.roles:
            assert status(api_of(person)) in {200, 404, 422}, role
        else:
            assert status(api_of(person)) == 403, role
    # A session opens no operation: only a token does, so that no page of another site can.
    signed_in = clients["dispatcher"]
    assert signed_in.generic(operation.method, f"/api/v1{address}").status_code == 401


def test_somebody_without_a_role_opens_nothing_but_their_own_account(people, client):
    people.manager.roles = []
    people.manager.save()
    client.force_login(people.manager)
    for address in pages():
        if PAGES[address.name] not in (ANYONE, STAFF):
            assert client.get(address.url).status_code == 403, address.name


def test_a_view_without_a_rule_is_closed_to_everybody(clients, settings):
    settings.ROOT_URLCONF = "tests.city.test_access"
    for who, client in clients.items():
        assert client.get("/forgotten/").status_code == 403, who


def forgotten(request):
    return HttpResponse("nobody thought of a rule")


urlpatterns = [*city_addresses, path("forgotten/", forgotten)]


def test_an_operation_without_roles_does_not_register():
    from ninja import Schema

    from lamplighter.city.api.room import Room

    with pytest.raises(ValueError, match="names no role"):
        Room("test").get("/nothing", roles=(), answer=Schema, summary="Nothing")


def test_a_rule_without_roles_is_a_mistake():
    with pytest.raises(ValueError, match="names no role"):
        opens_to()


def test_every_operation_is_served_through_the_rule_of_tokens():
    for address in addresses():
        if _is_operation(address):
            assert rule_of(address.pattern.callback, address.name) is BY_TOKEN


def test_the_one_click_sign_in_is_not_there_in_a_real_city():
    code = (
        "import django; django.setup()\n"
        "from django.urls import NoReverseMatch, resolve, reverse, Resolver404\n"
        "try: print(reverse('accounts:demo'))\n"
        "except NoReverseMatch: print('no name')\n"
        "try: print(resolve('/demo/'))\n"
        "except Resolver404: print('no address')\n"
    )
    environment = {
        **os.environ,
        "LAMPLIGHTER_SAMPLE_CITY": "0",
        "LAMPLIGHTER_SECRET_KEY": "long and random enough for a test of one second",
        "LAMPLIGHTER_HOSTS": "city.example",
        "DJANGO_SETTINGS_MODULE": "lamplighter.city.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split("\n")[:2] == ["no name", "no address"]

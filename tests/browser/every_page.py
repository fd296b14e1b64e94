"""Every page that somebody can open, by the name of its address, and who opens it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page

from lamplighter.city.sample import geography, people, staff

PASSWORD = "a lantern in the window"
NOBODY = ""

# Made beside the lively city: somebody with a password, with a second step, with a password that
# somebody else gave, and one who gets a new password.
PEOPLE_WITH_PASSWORDS = f"""
import json
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from lamplighter.city.accounts.actions import NewPerson, add_person
made = {{}}
for name in ("sam", "kit", "nell", "pat"):
    new = NewPerson(name, name.title(), "Alder", ("dispatcher",))
    person = add_person(new, by=None, now=stage.now).person
    person.set_password({PASSWORD!r})
    person.password_is_temporary = name == "nell"
    person.save()
    made[name] = str(person.pk)
    if name == "kit":
        secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.TOTP, data={{"secret": secret}}
        )
        codes = RecoveryCodes.activate(person).get_unused_codes()
"""


@dataclass(frozen=True)
class Visit:
    """One look at a page: the name of its address, who comes, the path, and what they do there."""

    name: str
    who: str
    path: str
    then: Callable[[Page], None] | None = None
    status: int = 200

    def address(self, made: dict[str, Any]) -> str:
        """The path with the identifiers of what was made in the city."""
        return self.path.format_map(made)


def press(selector: str) -> Callable[[Page], None]:
    """Press something, and wait for the page that it leads to."""

    def pressed(page: Page) -> None:
        with page.expect_navigation():
            page.locator(selector).first.click()

    return pressed


def save_half_a_record(page: Page) -> None:
    """The record is not saved, and the page says why."""
    page.locator("button[value=clear]").click()
    page.locator("form [role=alert]").wait_for()


def write_no_teams(page: Page) -> None:
    """Break the team file, and wait until the page says so."""
    page.locator("#as-text summary").click()
    field = page.locator("[name=teams_text]")
    field.fill(field.input_value().replace("number: 1", "number: -1"))
    page.locator("#told .verdict--bad").wait_for()


def bring_no_areas(page: Page) -> None:
    """A file that is no GeoJSON is named at its field."""
    page.locator("[name=name]").fill("Distritos")
    file = {"name": "none.geojson", "mimeType": "application/json", "buffer": b"{}"}
    page.locator("[name=file]").set_input_files(files=[file])
    press("main form button")(page)


def sign_in_wrongly(page: Page) -> None:
    """With a password that nobody has."""
    sign_in_by_password(page, "somebody", "not the password")


def sign_in_by_password(page: Page, username: str, password: str) -> None:
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(password)
    press("main form button")(page)


def keys(*pressed: str) -> Callable[[Page], None]:
    """Press keys one after another."""

    def press_keys(page: Page) -> None:
        for key in pressed:
            page.keyboard.press(key)

    return press_keys


def take_half_a_call(page: Page) -> None:
    """Say what is happening; a question is asked and a decision stands beside it."""
    page.locator("#nature-search").fill("won't leave")
    page.locator("#nature-search").press("ArrowDown")
    page.locator("#nature-list [role=option]").first.wait_for()
    page.locator("#nature-search").press("Enter")
    page.locator("[data-asked]").wait_for()


def save_without_a_place(page: Page) -> None:
    """The call is not saved, and the page says why."""
    take_half_a_call(page)
    page.locator("button[value=save]:visible").first.click()
    page.locator("#problems a").wait_for()


def open_a_cell(page: Page) -> None:
    """Edit a cell that has values to choose from, and walk to the first of them."""
    page.locator("[data-rule='0'] .sheet__when").first.dblclick()
    page.locator("[role=listbox] [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")


def open_a_fact(page: Page) -> None:
    """Open the form of a fact with values, and wait for what the check says of it."""
    page.locator("[data-list=inputs]").click()
    page.locator("[data-item='input  violence'] [data-edit]").click()
    page.locator("dialog[open] .verdict").wait_for()


VISITS = (
    Visit("accounts:home", NOBODY, "/"),
    Visit("accounts:home", "rosa", "/"),
    Visit("accounts:home", "mara", "/"),
    Visit("accounts:home", "noor", "/"),
    Visit("accounts:demo", NOBODY, "/demo/"),
    Visit("account_login", NOBODY, "/accounts/login/"),
    Visit("account_login", NOBODY, "/accounts/login/", sign_in_wrongly),
    Visit("mfa_authenticate", "half kit", "/accounts/second-step/enter/"),
    Visit("account_logout", "imani", "/accounts/logout/"),
    Visit("account_reauthenticate", "sam", "/accounts/confirm/"),
    Visit("account_change_password", "sam", "/accounts/password/"),
    Visit("account_change_password", "nell", "/accounts/password/"),
    Visit("mfa_index", "sam", "/accounts/second-step/"),
    Visit("mfa_index", "kit", "/accounts/second-step/"),
    Visit("mfa_activate_totp", "sam", "/accounts/second-step/app/"),
    Visit("mfa_deactivate_totp", "kit", "/accounts/second-step/app/remove/"),
    Visit("mfa_reauthenticate", "kit", "/accounts/second-step/confirm/"),
    Visit("mfa_view_recovery_codes", "kit", "/accounts/second-step/codes/"),
    Visit("mfa_generate_recovery_codes", "kit", "/accounts/second-step/codes/new/"),
    Visit("accounts:people", "noor", "/people/"),
    Visit("accounts:new_person", "noor", "/people/new/"),
    Visit("accounts:person", "noor", "/people/{people[sam]}/"),
    Visit(
        "accounts:new_password",
        "noor",
        "/people/{people[pat]}/",
        press("form[action$='/password/'] button"),
    ),
    Visit("accounts:tokens", "noor", "/tokens/"),
    Visit(
        "policies:policy",
        NOBODY,
        "/policies/first-response/?nature=unwanted_person&weapon=false",
    ),
    Visit("policies:version", NOBODY, "/policies/first-response/versions/{policy}/"),
    Visit("policies:history", NOBODY, "/policies/first-response/history/"),
    Visit("policies:room", "esme", "/policies/room/"),
    Visit("policies:room", "lucia", "/policies/room/"),
    Visit("policies:draft", "esme", "/policies/room/drafts/{room[broken]}/", open_a_cell),
    Visit("policies:draft", "noor", "/policies/room/drafts/{room[two]}/"),
    Visit("policies:draft", "jonas", "/policies/room/drafts/{room[two]}/", open_a_fact),
    Visit("policies:histories", "esme", "/policies/room/calls/"),
    Visit("policies:call_file", "esme", "/policies/room/calls/{room[calls]}/"),
    Visit("policies:layout_text", "esme", "/policies/room/calls/{room[calls]}/text/"),
    Visit("policies:text", "esme", "/policies/room/drafts/{room[unread]}/text/"),
    Visit("policies:text", "esme", "/policies/room/drafts/{room[broken]}/text/"),
    Visit("policies:conflict", "jonas", "/policies/room/copies/{room[copy]}/"),
    Visit("policies:propose", "esme", "/policies/room/drafts/{room[two]}/propose/"),
    Visit("policies:propose", "esme", "/policies/room/drafts/{room[broken]}/propose/"),
    Visit("policies:proposal", "winona", "/policies/room/proposals/{room[proposal]}/"),
    Visit("policies:proposal", "esme", "/policies/room/proposals/{room[proposal]}/"),
    Visit("policies:proposal", "jonas", "/policies/room/proposals/{room[withdrawn]}/"),
    Visit("policies:rehearse", "esme", "/policies/room/drafts/{room[proposed]}/rehearse/"),
    Visit("policies:rehearsal", "esme", "/policies/room/rehearsals/{room[rehearsal]}/"),
    Visit("policies:rehearsal", "noor", "/policies/room/rehearsals/{room[running]}/"),
    Visit("policies:go_back", "noor", "/policies/room/back/"),
    Visit("rehearsal:room", "lucia", "/rehearsal/"),
    Visit("rehearsal:room", "noor", "/rehearsal/"),
    Visit("rehearsal:put_away_list", "lucia", "/rehearsal/put-away/"),
    Visit("rehearsal:new", "lucia", "/rehearsal/new/"),
    Visit("rehearsal:new", "esme", "/rehearsal/new/?from={scenarios[first]}", write_no_teams),
    Visit("rehearsal:areas", "noor", "/rehearsal/areas/"),
    Visit("rehearsal:bring_areas", "lucia", "/rehearsal/areas/new/", bring_no_areas),
    Visit("rehearsal:area_file", "lucia", "/rehearsal/areas/{scenarios[areas]}/"),
    Visit("rehearsal:ask_search", "esme", "/rehearsal/scenarios/{scenarios[first]}/staffing/"),
    Visit("rehearsal:search", "lucia", "/rehearsal/staffing/{scenarios[searched]}/"),
    Visit("rehearsal:search", "noor", "/rehearsal/staffing/{scenarios[searching]}/"),
    Visit("rehearsal:scenario", "lucia", "/rehearsal/scenarios/{scenarios[first]}/"),
    Visit("rehearsal:scenario", "esme", "/rehearsal/scenarios/{scenarios[running]}/"),
    Visit("rehearsal:scenario", "noor", "/rehearsal/scenarios/{scenarios[failed]}/"),
    Visit("rehearsal:scenario", "lucia", "/rehearsal/scenarios/{scenarios[new]}/"),
    Visit(
        "rehearsal:compare",
        "lucia",
        "/rehearsal/compare/?of={scenarios[first]}&of={scenarios[second]}",
    ),
    Visit("intake:new_call", "rosa", "/calls/new/"),
    Visit("intake:new_call", "rosa", "/calls/new/", take_half_a_call),
    Visit("intake:new_call", "theo", "/calls/new/", save_without_a_place),
    Visit("intake:add_facts", "rosa", "/calls/{calls[cafe]}/facts/"),
    Visit("intake:override", "imani", "/calls/{calls[boy]}/override/"),
    Visit("dispatch:board", "imani", "/board/"),
    Visit("dispatch:board", "anders", "/board/", keys("?")),
    Visit("dispatch:board", "theo", "/board/", keys("j", "c")),
    Visit("dispatch:board", "lucia", "/board/"),
    Visit("field:my_calls", "mara", "/field/?shift"),
    Visit("field:my_calls", "hana", "/field/"),
    Visit("field:assignment", "mara", "/field/{assignments[doorway STAR 1]}/"),
    Visit("field:assignment", "deshawn", "/field/{assignments[platform STAR 2]}/"),
    Visit("field:assignment", "hana", "/field/{assignments[bench STAR 3]}/"),
    Visit("field:record", "deshawn", "/field/{assignments[platform STAR 2]}/record/"),
    Visit(
        "field:record",
        "deshawn",
        "/field/{assignments[platform STAR 2]}/record/",
        save_half_a_record,
    ),
    Visit("field:clear", "deshawn", "/field/{assignments[platform STAR 2]}/clear/"),
    Visit("field:backup", "mara", "/field/{assignments[doorway STAR 1]}/backup/"),
    Visit("incidents:list", "lucia", "/incidents/"),
    Visit("incidents:list", "hana", "/incidents/"),
    Visit("incidents:incident", "imani", "/incidents/{incidents[boy]}/"),
    Visit("incidents:incident", "lucia", "/incidents/{incidents[bench]}/"),
    Visit(
        "incidents:names",
        "hana",
        "/incidents/{incidents[bench]}/",
        press("form[action$='/names/'] button"),
    ),
    Visit("api:document", NOBODY, "/api/v1/"),
)
# What nobody has, and what is not for this person.
REFUSED = (
    Visit("nothing", NOBODY, "/nothing-here/", status=404),
    Visit("not for a team", "mara", "/board/", status=403),
)

# Addresses that show no page of their own, and what they do instead.
NO_PAGE = {
    "set_language": "goes back to where one was",
    "accounts:deactivate": "goes back to the person",
    "accounts:reactivate": "goes back to the person",
    "accounts:revoke_token": "goes back to the tokens",
    "policies:download": "gives a file",
    "policies:version_file": "gives a file",
    "policies:start": "leads to the draft",
    "policies:discard": "goes back to the room",
    "policies:check": "answers the grid",
    "policies:save": "answers the grid",
    "policies:change": "answers the grid",
    "policies:bring_file": "leads to the page of the file",
    "policies:call_file_state": "answers the page that follows it",
    "policies:drop_call_file": "goes back to the city's calls",
    "policies:quality": "gives the library's own page, which its tests look at",
    "policies:sign": "goes back to the proposal",
    "policies:withdraw": "goes back to the proposal",
    "policies:rehearsal_state": "answers the page that follows it",
    "rehearsal:check": "answers the form",
    "rehearsal:teams_file": "gives a file",
    "rehearsal:search_state": "answers the page that follows it",
    "rehearsal:search_stop": "goes back to the search",
    "rehearsal:people": "goes back to the areas",
    "rehearsal:areas_away": "goes back to the areas",
    "rehearsal:run": "leads to the scenario",
    "rehearsal:back": "leads to the scenario",
    "rehearsal:away": "goes back to the room",
    "rehearsal:state": "answers the page that follows it",
    "rehearsal:stop": "goes back to the scenario",
    "rehearsal:download": "gives a file",
    "intake:natures": "gives JSON to the call form",
    "intake:neighborhoods": "gives the map its outlines",
    "intake:streets": "gives the map its streets",
    "intake:call": "leads to the incident",
    "dispatch:choice": "gives the board its middle part",
    "dispatch:assign": "answers the board",
    "dispatch:recall": "answers the board",
    "dispatch:close": "answers the board",
    "field:step": "goes back to the call",
    "api:openapi": "gives the document as JSON",
    "api:no_such_address": "answers a program",
}


def address_names() -> set[str]:
    """The names of all addresses, without the operations of the API."""
    return {name for name in _names(get_resolver().url_patterns) if not name.startswith("api:api_")}


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, pattern.namespace or space)
        else:
            yield f"{space}:{pattern.name}" if space else str(pattern.name)


def names_of_things() -> list[str]:
    """What has the same name in every language: agencies, units, people, neighborhoods, areas."""
    crews = [crew for _sign, _kind, _agency, _one, crew in staff.UNITS]
    return [
        *(agency for *_person, agency in staff.STAFF),
        *(agency for _sign, _kind, agency, *_rest in staff.UNITS),
        *(sign for sign, *_rest in staff.UNITS),
        *(f"{first} {last}" for _user, first, last, *_rest in staff.STAFF),
        *(f"{first} {last}" for crew in crews for _user, first, last in crew),
        *(name for row in geography.NEIGHBORHOODS for name in row),
        people.NAME,
        *(group.name for group in people.GROUPS),
    ]

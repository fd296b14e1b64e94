"""From the call to the outcome, as the people of the city go through it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lamplighter.policy import Decision
from tests.support.city_server import RunningCity

from .at_work import (
    PHONE,
    POLICY,
    UNWANTED,
    answer_by_keys,
    ask_for_an_ambulance,
    call_in,
    choose_by_keys,
    clear_without_record,
    crew_of,
    open_board,
    record_and_clear,
    region,
    save_by_keys,
    say_what_happens,
    send_by_key,
    set_pin_by_keys,
    was_not_reloaded,
)
from .words import Say

SignIn = Callable[..., Page]

PLAIN_WORDS = {"en": "won't leave", "es": "no se quiere ir"}


def happen(city: RunningCity, acts: str = "") -> dict[str, Any]:
    """Let something happen in the city without a browser; gives the identifiers of what was made.

    `acts` are lines like `stage.call("alley", 5, "noise", ("Wick Street", 0.5))`.
    """
    code = (
        "import django; django.setup()\n"
        "from datetime import UTC, datetime\n"
        "from tests.support.lively_city import Stage, end_all\n"
        "stage = Stage(datetime.now(UTC))\n"
        f"{acts}\n"
        "stage.play(); print(stage.made())"
    )
    return json.loads(city.run(code))


@pytest.fixture(autouse=True)
def quiet_city(running_city: RunningCity) -> None:
    """Nobody waits and every unit is free."""
    happen(running_city, "end_all(stage.now)")


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_call_to_the_outcome(
    language: str, sign_in: SignIn, check_axe: Callable[[Page], None]
) -> None:
    say = Say(language)
    address = "Kindle Avenue 14"
    board = sign_in("imani", language=language)
    open_board(board, say)

    # Rosa takes the call with keys alone; the policy's answer stands beside her questions.
    desk = sign_in("rosa", language=language)
    desk.get_by_role("navigation").get_by_role("link", name=say("Take a call")).click()
    expect(desk.get_by_label(say("Address or place, in words"))).to_be_focused()
    desk.keyboard.type(address)
    set_pin_by_keys(desk, say)
    say_what_happens(desk, say, PLAIN_WORDS[language], "unwanted_person")
    expect(region(desk, say("Who goes"))).to_contain_text(say("Police"))
    decision = answer_by_keys(desk, say, UNWANTED)
    assert decision.outcome["responder"] == "community_team"
    check_axe(desk)
    story = save_by_keys(desk, say)

    # Imani's board shows it by itself, and one key sends the best team.
    expect(call_in(board, say("Waiting"), address)).to_be_visible()
    chosen = choose_by_keys(board, say, address)
    team = sign_of(chosen.get_by_role("button", name=re.compile("^1 ?STAR")).inner_text())
    send_by_key(board, "1")
    expect(call_in(board, say("Being answered"), address)).to_contain_text(team)

    # The team answers on its phone and asks for an ambulance; Imani sends the nearest.
    phone = sign_in(crew_of(team), language=language, **PHONE)
    phone.goto(phone.url + "field/")
    expect(phone.get_by_text(address)).to_be_visible()
    expect(phone.get_by_text(say.of(decision.hits[1].because))).to_be_visible()
    for step in ("Accept", "On the way", "On scene"):
        phone.get_by_role("button", name=say(step), exact=True).tap()
    ask_for_an_ambulance(phone, say)
    expect(chosen).to_contain_text(say("Somebody needs medical care"))
    medic = sign_of(chosen.get_by_role("button", name=re.compile("^1 ?Medic")).inner_text())
    send_by_key(board, "1")
    expect(call_in(board, say("Being answered"), address)).to_contain_text(medic)

    # The team writes down whom it met. With the last unit the incident ends.
    record_and_clear(phone, say, team)
    second_phone = sign_in(crew_of(medic), language=language, **PHONE)
    second_phone.goto(second_phone.url + "field/")
    clear_without_record(second_phone, say, medic)
    expect(call_in(board, say("Being answered"), address)).to_be_hidden()
    assert was_not_reloaded(board)

    manager = sign_in("lucia", language=language)
    manager.goto(story)
    tells_the_whole_story(manager, say, decision, team, medic)


def sign_of(text: str) -> str:
    """The call sign in some text."""
    found = re.search(r"(STAR|Medic) \d", text)
    assert found is not None, text
    return found[0]


def tells_the_whole_story(page: Page, say: Say, decision: Decision, team: str, medic: str) -> None:
    """Every step in order, the rule of each table, who went, and how long somebody waited."""
    nature = say.nature(POLICY, "unwanted_person")
    expect(page.get_by_role("heading", level=1, name=nature)).to_be_visible()

    happened = region(page, say("What happened")).get_by_role("listitem")
    who = say("Community team")
    ended = "%(call_sign)s ended its part: %(cleared_as)s"
    unneeded = say("No help needed")
    expect(happened).to_contain_text(
        [
            say("Incident opened: %(nature)s", nature=nature),
            say("Call taken: %(nature)s", nature=nature),
            say("The policy decided: %(responder)s", responder=who),
            say("%(call_sign)s was sent (%(kind)s)", call_sign=team, kind=who),
            say("%(call_sign)s accepted", call_sign=team),
            say("%(call_sign)s is on the way", call_sign=team),
            say("%(call_sign)s arrived", call_sign=team),
            say("%(call_sign)s asked for backup: %(kind)s", call_sign=team, kind=say("Ambulance")),
            say("%(call_sign)s was sent (%(kind)s)", call_sign=medic, kind=say("Ambulance")),
            say("%(call_sign)s recorded an encounter", call_sign=team),
            say(ended, call_sign=team, cleared_as=say("Helped")),
            say(ended, call_sign=medic, cleared_as=unneeded),
            say("The incident closed: %(closed_as)s", closed_as=unneeded),
        ]
    )

    for hit in decision.hits:
        expect(page.get_by_text(say.of(hit.because), exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=hit.rule, exact=True)).to_be_visible()

    went = region(page, say("Who went, and how long people waited"))
    for sign in (team, medic):
        expect(went.get_by_role("row", name=re.compile(sign))).to_be_visible()
    expect(went).to_contain_text(
        say(
            "Help was there after <strong>%(minutes)s min</strong>; the target was %(target)s min.",
            minutes=0,
            target=decision.outcome["target_minutes"],
        )
    )

    found = region(page, say("What the team found and did"))
    for words in ("A place to stay", "A shelter place", "A case manager", "Taken to care"):
        expect(found).to_contain_text(say(words))
    # What the person confided stays with the crew.
    expect(page.get_by_text("Casimir")).to_have_count(0)

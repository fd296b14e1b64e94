"""From the call to the outcome, as the people of the city go through it."""

import json
import re
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from lamplighter.city.sample.actions import SEED
from lamplighter.city.sample.geography import draw_map
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
    open_call_form,
    record_and_clear,
    region,
    save_by_keys,
    say_what_happens,
    send_by_key,
    set_pin_by_keys,
    tab_to,
    was_not_reloaded,
)
from .words import Say

SignIn = Callable[..., Page]

ENGLISH = Say("en")
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
    open_call_form(desk, say, address)
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
            say(ended, call_sign=medic, cleared_as=say("No help needed")),
            # It ends as well as its best unit did.
            say("The incident closed: %(closed_as)s", closed_as=say("Helped")),
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


def test_two_dispatchers_press_the_same_key_at_once(
    running_city: RunningCity, sign_in: SignIn
) -> None:
    happen(
        running_city,
        """
stage.call("one", 3, "welfare_check", ("Meridian Street", 0.42), mental_health=True)
stage.call("two", 2, "unwanted_person", ("Meridian Street", 0.42))
""",
    )
    pages = [sign_in(name, may_hold=True) for name in ("imani", "anders")]
    held: list[Route] = []
    best = set()
    for page, nature in zip(pages, ("Check on someone", "Person asked to leave"), strict=True):
        open_board(page, ENGLISH)
        chosen = choose_by_keys(page, ENGLISH, nature)
        best.add(sign_of(chosen.get_by_role("button", name=re.compile("^1")).inner_text()))
        page.route("**/assign/", lambda route: held.append(route))
        send_by_key(page, "1")
    while len(held) < len(pages):
        pages[0].wait_for_timeout(20)
    for route in held:
        route.continue_()

    [star] = best
    sent = re.compile(f"^{star} was sent to (?!a call a moment ago)")
    told = f"{star} was sent to a call a moment ago: choose another unit."
    said = [page.get_by_text(sent).or_(page.get_by_text(told)).inner_text() for page in pages]
    assert said.count(told) == 1
    lost = pages[said.index(told)]
    # Who came second has a list that is true again, and their call still waits.
    chosen = region(lost, "The chosen call")
    expect(chosen.get_by_role("button", name=re.compile("^1"))).to_contain_text("STAR")
    expect(chosen.get_by_role("button", name=re.compile(star))).to_have_count(0)
    expect(call_in(lost, "Waiting", "Meridian Street")).to_have_count(1)


def test_a_board_that_was_cut_off_says_so_and_catches_up(
    running_city: RunningCity, sign_in: SignIn
) -> None:
    board = sign_in("imani")
    open_board(board, ENGLISH)
    live = running_city.processes[1]
    live.terminate()
    live.wait(60)
    try:
        expect(board.get_by_text(re.compile(r"^Not live since \d\d:\d\d"))).to_be_visible()
        happen(running_city, 'stage.call("new", 1, "noise", ("Torch Street", 0.6))')
        expect(call_in(board, "Waiting", "Torch Street")).to_have_count(0)
    finally:
        running_city.processes[1] = subprocess.Popen(live.args, env=running_city.environment)
    # It tries again less and less often, and says for eight seconds that it is back.
    caught_up = r"^Live again. The board was not live for \d+ seconds and has caught up.$"
    expect(board.get_by_text(re.compile(caught_up))).to_be_visible(timeout=120_000)
    expect(call_in(board, "Waiting", "Torch Street")).to_be_visible()
    expect(board.get_by_text("Not live since")).to_be_hidden()
    assert was_not_reloaded(board)


def test_somebody_else_goes_for_a_reason_that_is_kept(sign_in: SignIn) -> None:
    reason = "The clinician knows him and asked for him."
    desk = sign_in("rosa")
    open_call_form(desk, ENGLISH, "Comet Street 3")
    set_pin_by_keys(desk, ENGLISH)
    say_what_happens(desk, ENGLISH, PLAIN_WORDS["en"], "unwanted_person")
    answer_by_keys(desk, ENGLISH, UNWANTED)
    tab_to(desk, desk.get_by_text("Send somebody else"))
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Clinician with")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_text("Not saved yet")).to_be_visible()
    desk.get_by_role("alert").get_by_role("link").press("Enter")
    desk.keyboard.type(reason)
    save_by_keys(desk, ENGLISH)

    expect(desk.get_by_text("Rosa Quillen changed who goes. The policy said: Comm")).to_be_visible()
    expect(desk.get_by_text(f"The reason: {reason}")).to_be_visible()
    happened = region(desk, "What happened")
    expect(happened).to_contain_text(
        "A person changed who goes: Clinician with officer, not Community team"
    )
    board = sign_in("imani")
    open_board(board, ENGLISH)
    chosen = choose_by_keys(board, ENGLISH, "Comet Street 3")
    expect(chosen).to_contain_text(reason)
    expect(chosen.get_by_role("button", name=re.compile("^1"))).to_contain_text("Co-response")


def middle_of_the_map() -> tuple[float, float]:
    """Where a new pin stands: latitude and longitude."""
    outlines = draw_map(SEED).neighborhoods.values()
    points = [point for outline in outlines for point in outline["coordinates"][0]]
    longitudes, latitudes = zip(*points, strict=True)
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2


def test_a_second_call_about_the_same_thing_joins_it(
    running_city: RunningCity, sign_in: SignIn
) -> None:
    latitude, longitude = middle_of_the_map()
    happen(
        running_city,
        f'stage.call("first", 4, "person_down", ("By the mill", {latitude}, {longitude}))',
    )
    desk = sign_in("theo")
    open_call_form(desk, ENGLISH, "Near the old mill")
    set_pin_by_keys(desk, ENGLISH)
    near = desk.get_by_role("group", name="Perhaps the same happening")
    tab_to(desk, near.get_by_role("radio", name="No, this is a new one"))
    desk.keyboard.press("ArrowDown")
    expect(near.get_by_role("radio", name=re.compile("^Yes, join A Person down"))).to_be_checked()
    save_by_keys(desk, ENGLISH)

    expect(region(desk, "What happened")).to_contain_text("Another call joined this incident")
    board = sign_in("imani")
    open_board(board, ENGLISH)
    expect(call_in(board, "Waiting", "By the mill")).to_contain_text("2 calls")
    expect(call_in(board, "Waiting", "Near the old mill")).to_have_count(0)


def test_without_scripts_a_call_is_taken_and_answered(
    running_city: RunningCity, open_context: Callable[..., BrowserContext]
) -> None:
    desk = open_context(java_script_enabled=False).new_page()
    desk.goto(f"{running_city.url}/demo/")
    desk.get_by_role("button", name="Call taker: Rosa Quillen").click()
    desk.get_by_role("navigation").get_by_role("link", name="Take a call").click()
    desk.get_by_label("Address or place, in words").fill("Opal Avenue 9")
    desk.get_by_role("combobox", name="What is happening").select_option("Person asked to leave")
    desk.get_by_role("button", name="Next question").last.click()
    for question, answer in (
        ("Is anyone hurt or ill?", "No"),
        ("Is anyone hurting or threatening someone?", "No"),
        ("Has anyone seen or mentioned a weapon?", "No"),
        ("Does the person seem to have nowhere to go?", "No"),
    ):
        asked = desk.get_by_role("group", name=question)
        asked.get_by_role("button", name=answer, exact=True).click()
    expect(region(desk, "Who goes")).to_contain_text("Settled: no answer can change this.")
    desk.get_by_role("button", name=re.compile("^Send now")).first.click()
    expect(desk.get_by_text("The call is saved.")).to_be_visible()

    incident_id = desk.url.rstrip("/").rpartition("/")[2]
    happen(
        running_city, f'stage.incidents["opal"] = "{incident_id}"; stage.send("opal", "STAR 2", 0)'
    )
    phone = open_context(java_script_enabled=False, **PHONE).new_page()
    phone.goto(f"{running_city.url}/demo/")
    phone.get_by_role("button", name=re.compile("^STAR 2: ")).first.tap()
    expect(phone.get_by_role("heading", name=re.compile("^Hello"))).to_be_visible()
    phone.goto(f"{running_city.url}/field/")
    expect(phone.get_by_text("Opal Avenue 9")).to_be_visible()
    for step in ("Accept", "On the way", "On scene"):
        phone.get_by_role("button", name=step, exact=True).tap()
    ask_for_an_ambulance(phone, ENGLISH)
    record_and_clear(phone, ENGLISH, "STAR 2")

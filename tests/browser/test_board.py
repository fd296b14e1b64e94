"""The board in a real browser: live, honest about being stale, worked from the keyboard."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from .at_work import send_by_key

START = "import django; django.setup()\n"
TAKE_A_CALL = """
from datetime import UTC, datetime
from uuid import UUID
from uuid_utils.compat import uuid7
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.models import Unit
from lamplighter.city.intake.actions import NewCall, take_call
now = datetime.now(UTC)
unit = Unit.objects.get(call_sign="STAR 1")
facts = {"nature": "welfare_check", "weapon": False, "violence": "none", "injured": "no",
         "breathing_and_awake": True, "danger": False, "suicidal_thoughts": False,
         "child_at_risk": False, "crime_now": False, "agrees_to_help": True, **FACTS}
new = NewCall(id=uuid7(), channel="911", received_at=now, facts=facts, address="ADDRESS",
              latitude=unit.latitude, longitude=unit.longitude, join_incident=JOINS)
print(take_call(new, by=User.objects.get(username="rosa"), now=now).call.incident_id)
"""
SEND_FROM_ELSEWHERE = """
import uuid
from datetime import UTC, datetime
from uuid_utils.compat import uuid7
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import assign_unit
assign_unit(assignment_id=uuid7(), incident_id=uuid.UUID("INCIDENT"), unit_id=uuid.UUID("UNIT"),
            by=User.objects.get(username="anders"), now=datetime.now(UTC))
"""
CLEAR_ALL = """
from datetime import UTC, datetime
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import close_incident, recall_assignment
from lamplighter.city.dispatch.models import Assignment
from lamplighter.city.intake.models import Incident
imani, now = User.objects.get(username="imani"), datetime.now(UTC)
for pk in Assignment.objects.filter(cleared_at=None).values_list("pk", flat=True):
    recall_assignment(pk, by=imani, now=now)
for pk in Incident.objects.filter(closed_at=None).values_list("pk", flat=True):
    close_incident(pk, "no_help_needed", by=imani, now=now)
"""
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def take(running_city):
    """A call comes in: gives its incident. The board is empty before the test."""
    running_city.run(START + CLEAR_ALL)

    def take_call(address="12 Lantern Street", joins=None, **facts):
        code = TAKE_A_CALL.replace("FACTS", repr(facts)).replace("ADDRESS", address)
        code = code.replace("JOINS", f"UUID({joins!r})" if joins else "None")
        return running_city.run(START + code).strip()

    return take_call


@pytest.fixture
def open_board(running_city, sign_in):
    """The board of a dispatcher, live."""

    def open_page(username="imani", **context):
        page = sign_in(username, **context)
        page.goto(f"{running_city.url}/board/")
        expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "live")
        return page

    return open_page


def call(page, incident):
    return page.locator(f'[data-call="{incident}"]')


def option(page, number):
    return page.locator(f'[data-choice]:not([aria-busy]) [data-assign][data-key="{number}"]')


def test_a_call_appears_is_sent_with_one_key_and_the_send_is_undone(take, open_board):
    page = open_board()
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    incident = take()
    expect(
        page.locator('[data-list="waiting"]').locator(f'[data-call="{incident}"]')
    ).to_be_visible()
    expect(option(page, 1)).to_contain_text("STAR 1")
    expect(option(page, 1)).to_contain_text("Right kind: Community team")

    send_by_key(page)
    expect(
        page.locator('[data-list="answered"]').locator(f'[data-call="{incident}"]')
    ).to_be_visible()
    expect(page.locator("[data-choice]")).to_contain_text("Everybody who is needed has been sent.")
    expect(page.locator('[data-unit][data-state="assigned"]')).to_contain_text("STAR 1")
    expect(page.locator("#toasts")).to_contain_text("Press r to undo")

    page.keyboard.press("r")
    expect(
        page.locator('[data-list="waiting"]').locator(f'[data-call="{incident}"]')
    ).to_be_visible()
    expect(page.locator("[data-choice]")).to_contain_text("Recalled before it was done")


def test_two_boards_show_the_same_and_calls_are_walked_by_keys(take, open_board):
    first, second = take("1 Wick Street"), take("2 Wick Street")
    mine, theirs = open_board("imani"), open_board("anders")
    chosen = mine.locator("[data-call] [aria-current]")
    expect(chosen).to_contain_text("1 Wick Street")
    mine.keyboard.press("j")
    expect(chosen).to_contain_text("2 Wick Street")
    mine.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("1 Wick Street")
    option(mine, 1).click()
    for page in (mine, theirs):
        answered = page.locator('[data-list="answered"]')
        expect(answered.locator(f'[data-call="{first}"]')).to_contain_text("STAR 1: Assigned")
        expect(call(page, second)).to_be_visible()


def test_whoever_is_second_is_told_and_the_board_is_right_at_once(
    take, open_board, running_city, sign_in
):
    first, second = take("1 Wick Street"), take("2 Wick Street")
    page = sign_in("imani")
    page.route("**/live/board*", lambda route: route.abort())  # this board hears of nothing
    page.goto(f"{running_city.url}/board/")
    page.locator(f'[data-call="{second}"] a').click()
    expect(page.locator(f'[data-chosen="{second}"]')).to_be_visible()
    unit = option(page, 1).get_attribute("data-assign")
    running_city.run(
        START + SEND_FROM_ELSEWHERE.replace("INCIDENT", first).replace("UNIT", str(unit))
    )
    option(page, 1).click()
    expect(page.locator("#toasts")).to_contain_text("was sent to a call a moment ago")
    expect(page.locator(f'[data-unit="{unit}"]')).to_contain_text("Assigned")
    expect(page.locator('[data-list="waiting"]').locator(f'[data-call="{second}"]')).to_be_visible()


def test_a_board_says_when_it_is_not_live_and_catches_up_by_itself(take, open_board):
    page = open_board()
    page.context.set_offline(True)
    expect(page.locator("[data-live-state]")).to_have_text("Not live")
    expect(page.locator("[data-stale-bar]")).to_contain_text(
        re.compile(r"Not live since \d\d:\d\d")
    )
    incident = take()
    expect(call(page, incident)).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator("[data-live-state]")).to_have_text("Live", timeout=90_000)
    expect(call(page, incident)).to_be_visible()
    expect(page.locator("[data-stale-bar]")).to_be_hidden()


def test_a_new_priority_one_call_is_lit_and_read_aloud(take, open_board):
    page = open_board()
    take("1 Wick Street")
    incident = take("2 Wick Street", nature="fire", danger=True)
    expect(page.locator("[data-announce]")).to_contain_text("New priority 1 call")
    row = call(page, incident).locator("a")
    expect(row).to_have_class(re.compile("is-calling"))
    page.keyboard.press("u")
    expect(row).to_have_attribute("aria-current", "true")
    expect(row).not_to_have_class(re.compile("is-calling"))


def test_another_kind_goes_only_with_a_reason(take, open_board):
    incident = take()
    page = open_board()
    police = page.locator('[data-kind="police"] [data-unit] button').first
    police.click()
    dialog = page.locator('[data-dialog="reason"]')
    expect(dialog).to_contain_text("is not what was decided: Community team")
    page.keyboard.press("Escape")
    expect(
        page.locator('[data-list="waiting"]').locator(f'[data-call="{incident}"]')
    ).to_be_visible()
    police.click()
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(
        page.locator('[data-list="answered"]').locator(f'[data-call="{incident}"]')
    ).to_be_visible()
    expect(page.locator("[data-choice]")).to_contain_text("The caller declined")


def test_a_call_is_found_by_words_and_closed_with_a_reason(take, open_board):
    take("1 Wick Street")
    incident = take("77 Zinnia Alley")
    page = open_board()
    page.keyboard.press("/")
    page.keyboard.type("zinnia")
    expect(page.locator('[data-list="waiting"] [data-call]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-choice] h2")).to_contain_text("Check on someone")
    expect(page.locator("[data-choice]")).to_contain_text("77 Zinnia Alley")
    page.keyboard.press("c")
    page.keyboard.press("6")
    page.keyboard.press("Enter")
    expect(call(page, incident)).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text("The call was closed.")


def lose_the_first(page, address):
    """The next request to an address gets no answer."""
    lost = []

    def lose(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.request.url)
            route.abort()

    page.route(address, lose)


def test_what_got_lost_on_the_way_is_asked_and_sent_once_more(take, open_board):
    take("1 Wick Street")
    second = take("2 Wick Street")
    page = open_board(may_hold=True)
    lose_the_first(page, "**/board/calls/*/")
    call(page, second).locator("a").click()
    expect(page.locator(f'[data-chosen="{second}"]')).to_be_visible()
    lose_the_first(page, "**/assign/")
    option(page, 1).click()
    answered = page.locator('[data-list="answered"]')
    expect(answered.locator(f'[data-call="{second}"]')).to_contain_text("STAR 1: Assigned")


def test_a_press_is_heard_though_the_call_changes_under_the_finger(take, open_board):
    incident = take()
    page = open_board()
    option(page, 1).hover()
    page.mouse.down()
    with page.expect_response("**/board/calls/*/"):
        take(joins=incident)
    page.evaluate("new Promise((drawn) => setTimeout(drawn, 100))")
    page.mouse.up()
    answered = page.locator('[data-list="answered"]')
    expect(answered.locator(f'[data-call="{incident}"]')).to_contain_text("STAR 1: Assigned")
    expect(page.locator("[data-choice]")).to_contain_text("2 calls")


def test_signing_out_elsewhere_ends_the_board(take, open_board, running_city):
    page = open_board()
    other = page.context.new_page()
    other.goto(f"{running_city.url}/")
    other.locator("summary").last.click()
    other.get_by_role("button", name="Sign out").click()
    bar = page.locator("[data-stale-bar]")
    expect(bar).to_contain_text("You are signed out", timeout=90_000)
    expect(bar.get_by_role("link", name="Sign in")).to_be_visible()


def test_without_scripts_it_is_a_list_that_can_be_read(take, running_city, sign_in):
    incident = take()
    page = sign_in("lucia", java_script_enabled=False)
    page.goto(f"{running_city.url}/board/")
    expect(call(page, incident)).to_contain_text("12 Lantern Street")
    expect(call(page, incident)).to_contain_text("Community team")
    expect(page.get_by_text("reload the page to see changes")).to_be_visible()
    expect(page.locator("[data-unit]").first).to_contain_text("Free")


def test_others_read_the_board_and_cannot_send(take, open_board):
    incident = take()
    page = open_board("rosa")
    call(page, incident).locator("a").click()
    expect(option(page, 1)).to_be_disabled()
    page.keyboard.press("r")
    expect(page.locator("#toasts")).to_contain_text("Only a dispatcher sends units.")


@pytest.mark.parametrize(
    ("language", "scheme", "size"),
    [
        ("en", "light", DESK),
        ("en", "dark", PHONE),
        ("es", "light", PHONE),
        ("es", "dark", DESK),
    ],
)
def test_it_has_no_barrier(take, open_board, check_axe, language, scheme, size):
    sent = take("1 Wick Street")
    take("2 Wick Street", nature="fire", danger=True)
    page = open_board(language=language, scheme=scheme, **size)
    call(page, sent).locator("a").click()
    expect(page.locator(f'[data-chosen="{sent}"]')).to_be_visible()
    option(page, 1).click()
    expect(page.locator(f'[data-chosen="{sent}"] [data-recall]')).to_be_visible()
    check_axe(page)
    page.locator("[data-unit][data-state=free] button").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    check_axe(page)


def test_identifiers_made_in_the_browser_are_uuids_of_version_7(take, open_board):
    incident = take()
    page = open_board()
    with page.expect_response("**/assign/") as answered:
        option(page, 1).click()
    sent = answered.value.request
    made = uuid.UUID(sent.post_data_json["assignment_id"])
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert incident in sent.url

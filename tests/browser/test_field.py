"""A team on its phone, in a real browser: few taps, nothing lost, with and without scripts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.city_server import RunningCity

PHONE = {"width": 390, "height": 844}

# Ends what the team still has, takes a call for it and sends it there; prints the assignment.
SEND = """
from datetime import UTC, datetime
import django
django.setup()
from lamplighter.city.accounts.models import User, new_id
from lamplighter.city.dispatch.actions import assign_unit, clear_assignment, take_step
from lamplighter.city.dispatch.models import Assignment, Unit
from lamplighter.city.intake.actions import NewCall, take_call
from lamplighter.city.intake.models import Incident, Neighborhood
from lamplighter.city.intake.places import bounds

now = datetime.now(UTC)
people = {user.username: user for user in User.objects.all()}
unit = Unit.objects.get(call_sign=UNIT)
for held in Assignment.objects.filter(unit=unit, cleared_at=None):
    clear_assignment(held.pk, "recalled", by=people["imani"], now=now)
west, south, east, north = bounds([Neighborhood.objects.first().outline])
taken = take_call(
    NewCall(
        id=new_id(), channel="911", received_at=now, address="12 Lantern Street",
        latitude=unit.latitude, longitude=unit.longitude, narrative="She sits in the rain.",
        callback="555-0142",
        facts={
            "nature": "welfare_check", "weapon": False, "violence": "none", "injured": "no",
            "breathing_and_awake": True, "danger": False, "suicidal_thoughts": False,
            "child_at_risk": False, "crime_now": False, "agrees_to_help": True,
            "caller": "stranger", "mental_health": True, "person_present": True,
            "no_shelter": "unknown", "place": "street_or_public",
        },
    ),
    by=people["rosa"], now=now,
)
sent = assign_unit(
    assignment_id=new_id(), incident_id=taken.call.incident_id, unit_id=unit.pk,
    by=people["imani"], now=now, other_kind_reason="no_unit_free",
)
for step in STEPS:
    take_step(sent.pk, step, by=people[CREW], now=now)
print(sent.pk, taken.call.incident_id)
"""

TAKE_STEP = """
from datetime import UTC, datetime
import django
django.setup()
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import take_step
take_step(SENT, STEP, by=User.objects.get(username=CREW), now=datetime.now(UTC))
"""

RECALL = """
from datetime import UTC, datetime
import django
django.setup()
from lamplighter.city.accounts.models import User
from lamplighter.city.dispatch.actions import recall_assignment
recall_assignment(SENT, by=User.objects.get(username="imani"), now=datetime.now(UTC))
"""

RECORDED = """
import django
django.setup()
from lamplighter.city.field.models import Encounter
from lamplighter.city.dispatch.models import Assignment
sent = Assignment.objects.get(pk=SENT)
print(sent.encounters.count(), sent.cleared_as or "-", sent.incident.closed_as or "-",
      *(each.note for each in sent.encounters.all()))
"""


def send(city: RunningCity, unit: str, crew: str, *steps: str) -> tuple[str, str]:
    """Send the unit to a new call; gives the assignment and the incident."""
    values = f"UNIT, CREW, STEPS = {unit!r}, {crew!r}, {steps!r}\n"
    assignment, incident = city.run(values + SEND).split()
    return assignment, incident


def take_step_elsewhere(city: RunningCity, sent: str, step: str, by: str) -> None:
    """Somebody of the crew taps on another phone."""
    city.run(f"SENT, STEP, CREW = {sent!r}, {step!r}, {by!r}\n" + TAKE_STEP)


def recorded(city: RunningCity, sent: str) -> list[str]:
    return city.run(f"SENT = {sent!r}\n" + RECORDED).split(maxsplit=3)


def open_call(page: Page, city: RunningCity, sent: str) -> None:
    page.goto(f"{city.url}/field/")
    expect(page).to_have_url(f"{city.url}/field/{sent}/")


def choose(page: Page, tile: str) -> None:
    page.locator("label", has_text=re.compile(f"^{tile}$")).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_accept_to_cleared_with_one_thumb(running_city, sign_in, scripts):
    sent, _incident = send(running_city, "STAR 1", "mara")
    page = sign_in("mara", java_script_enabled=scripts, **PHONE)
    open_call(page, running_city, sent)

    for button in ("Accept", "On the way", "On scene"):
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
    # Nobody found is three taps.
    page.get_by_role("link", name="Record and clear").click()
    choose(page, "Nobody found")
    page.get_by_role("button", name="Save and clear").click()

    expect(page.get_by_text("STAR 1 is free again")).to_be_visible()
    assert recorded(running_city, sent)[:3] == ["1", "no_person_found", "no_person_found"]


def test_somebody_met_is_recorded_with_what_was_offered_and_accepted(running_city, sign_in):
    sent, incident = send(running_city, "STAR 2", "deshawn", "on_scene")
    page = sign_in("deshawn", **PHONE)
    page.goto(f"{running_city.url}/field/{sent}/record/")

    expect(page.get_by_text("What did the person need?")).to_be_hidden()
    choose(page, "Met and talked")
    choose(page, "A place to stay")
    page.get_by_role("group", name="A shelter place").get_by_text("Accepted").click()
    page.get_by_role("group", name="Treatment").get_by_text("Offered", exact=True).click()
    choose(page, "Taken to care")
    page.get_by_label("Name").fill("Rosalind Maple")
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("Saved at")).to_be_visible()

    page.goto(f"{running_city.url}/incidents/{incident}/")
    declined = page.locator(".facts div", has_text="Declined")
    expect(declined).to_contain_text("Treatment")
    expect(page.get_by_text("Rosalind Maple")).to_have_count(0)
    page.get_by_role("button", name="Show names and notes").click()
    expect(page.get_by_text("Rosalind Maple")).to_be_visible()
    expect(page.get_by_text("The name and the note were looked at")).to_be_visible()


def test_a_mistake_is_shown_in_place_and_nothing_typed_is_lost(running_city, sign_in):
    sent, _incident = send(running_city, "STAR 2", "deshawn", "on_scene")
    page = sign_in("deshawn", **PHONE)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    choose(page, "Met and talked")
    page.get_by_label("Note").fill("Asked for water twice")

    page.get_by_role("button", name="Save and clear").click()

    expect(page.get_by_text("Say how it ended.").first).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Asked for water twice")
    choose(page, "Stayed in the community")
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("STAR 2 is free again")).to_be_visible()
    assert recorded(running_city, sent)[3] == "Asked for water twice\n"


def test_without_a_connection_the_record_stays_on_the_page_and_is_saved_once(running_city, sign_in):
    sent, _incident = send(running_city, "STAR 3", "hana", "on_scene")
    page = sign_in("hana", **PHONE)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    choose(page, "Nobody found")
    page.get_by_label("Note").fill("Gate locked")

    page.context.set_offline(True)
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("Not saved: no connection.")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Gate locked")

    page.context.set_offline(False)
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("STAR 3 is free again")).to_be_visible()
    assert recorded(running_city, sent)[:2] == ["1", "no_person_found"]


def test_an_answer_that_was_lost_on_the_way_back_does_not_save_twice(running_city, sign_in):
    sent, _incident = send(running_city, "STAR 3", "hana", "on_scene")
    page = sign_in("hana", **PHONE, may_hold=True)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    choose(page, "Nobody found")
    lost = []

    def lose_the_first_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0))
            route.abort()
        else:
            route.continue_()

    page.route("**/record/", lose_the_first_answer)
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("Not saved: no connection.")).to_be_visible()
    page.get_by_role("button", name="Save and clear").click()

    expect(page.get_by_text(re.compile(r"Saved at \d\d:\d\d")).first).to_be_visible()
    assert recorded(running_city, sent)[:2] == ["1", "no_person_found"]


def test_somebody_signed_out_meanwhile_keeps_what_was_typed(running_city, sign_in):
    sent, _incident = send(running_city, "STAR 3", "hana", "on_scene")
    page = sign_in("hana", **PHONE)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    choose(page, "Nobody found")
    page.get_by_label("Note").fill("Gate locked")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("Not saved: you were signed out.")).to_be_visible()

    beside = page.context.new_page()
    beside.goto(f"{running_city.url}/demo/")
    beside.locator('button[name="username"][value="hana"]').click()
    beside.wait_for_url(f"{running_city.url}/")
    page.get_by_role("button", name="Save and clear").click()
    expect(page.get_by_text("STAR 3 is free again")).to_be_visible()
    assert recorded(running_city, sent)[3] == "Gate locked\n"


# Says on the page how often its stream has told of something; its own script hears it as before.
COUNT_NEWS = """
window.news = 0
window.EventSource = class extends EventSource {
  constructor(...all) {
    super(...all)
    this.addEventListener('changed', () => { window.news += 1 })
  }
}
"""


@pytest.fixture
def open_field(running_city, sign_in):
    """The page of a team's calls, whose stream is open: `open_field("bea")`."""

    def opened(who: str, path: str = "", **context: Any) -> Page:
        page = sign_in(who, **PHONE, **context)
        page.add_init_script(COUNT_NEWS)
        page.goto(f"{running_city.url}/field/{path}")
        hears(page, 1)
        expect(page.locator("[data-live-state]")).to_have_text("Live")
        return page

    return opened


def hears(page: Page, times: int) -> None:
    """Wait until the page's stream has told of something so often."""
    while page.evaluate("news") < times:
        page.wait_for_timeout(20)


def test_a_call_comes_up_by_itself(running_city, open_field):
    page = open_field("bea")
    expect(page.get_by_text("No call now")).to_be_visible()

    sent, _incident = send(running_city, "Outreach 1", "bea")

    page.wait_for_url(f"{running_city.url}/field/{sent}/")
    expect(page.get_by_text("12 Lantern Street")).to_be_visible()


def test_a_call_that_comes_while_the_page_is_read_comes_up_too(running_city, open_field):
    page = open_field("otis", may_hold=True)
    reading, news = [], page.evaluate("news")

    def read_slowly(route):
        if reading or route.request.resource_type != "fetch":
            route.continue_()
        else:
            reading.append((route, route.fetch()))

    page.route("**/field/", read_slowly)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while not reading:
        page.wait_for_timeout(20)
    sent, _incident = send(running_city, "Outreach 2", "otis")
    hears(page, news + 1)
    [(route, answer)] = reading
    route.fulfill(response=answer)

    page.wait_for_url(f"{running_city.url}/field/{sent}/")


def test_once_a_step_is_tapped_the_page_waits_for_its_answer(running_city, open_field):
    """Else the next step could be tapped on a page that is about to go, and the tap with it."""
    sent, _incident = send(running_city, "STAR 4", "tomas")
    page = open_field("tomas", f"{sent}/")
    page.clock.install()
    page.reload()
    hears(page, 1)
    news = page.evaluate("news")
    page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=20))
    tap = "form.dispatchEvent(new Event('submit', { bubbles: true }))"
    page.locator("[data-live=bar] form").evaluate(f"(form) => {tap}")
    take_step_elsewhere(running_city, sent, "accepted", by="tomas")
    hears(page, news + 1)
    page.evaluate("fetch(location.href).then((answer) => answer.text())")
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()

    page.clock.run_for(31_000)  # no answer came
    expect(page.get_by_role("button", name="On the way", exact=True)).to_be_visible()


def test_what_is_new_is_shown_to_somebody_who_reads_on(running_city, open_field):
    """The focus is in the part that is drawn anew, and stays there."""
    sent, _incident = send(running_city, "STAR 4", "tomas")
    page = open_field("tomas", f"{sent}/")
    page.get_by_text("What else is known").click()
    expect(page.locator("summary", has_text="What else is known")).to_be_focused()
    take_step_elsewhere(running_city, sent, "accepted", by="tomas")
    expect(page.locator(".my-steps .is-done")).to_have_count(2)
    expect(page.locator("summary", has_text="What else is known")).to_be_focused()
    expect(page.locator("details[open]")).to_have_count(1)


def test_a_call_that_dispatch_takes_back_leaves_no_step_to_tap(running_city, open_field):
    sent, _incident = send(running_city, "STAR 4", "tomas")
    page = open_field("tomas", f"{sent}/")
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    running_city.run(f"SENT = {sent!r}\n" + RECALL)
    expect(page.get_by_role("link", name="Back to my calls")).to_be_visible()
    expect(page.get_by_role("button", name="Accept", exact=True)).to_have_count(0)


def test_backup_is_two_taps_after_its_button_even_while_recording(running_city, sign_in):
    sent, _incident = send(running_city, "STAR 4", "tomas", "on_scene")
    page = sign_in("tomas", **PHONE)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    choose(page, "Met and talked")
    page.get_by_label("Note").fill("Shouts")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("Backup")).click()
    backup = opened.value
    choose(backup, "Police")
    backup.get_by_role("button", name="A weapon").click()

    expect(backup.get_by_text("Backup asked for: Police.")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Shouts")


@pytest.fixture(scope="module")
def on_scene(running_city):
    """A team that no other test sends is on scene, for tests that only look."""
    return send(running_city, "Peace 1", "kofi", "on_scene")


def test_every_field_page_is_open_to_everybody(running_city, on_scene, sign_in, check_axe):
    """On a phone that is light: test_every_page.py has a dark one."""
    sent, incident = on_scene
    page = sign_in("kofi", scheme="light", **PHONE)

    for address in (
        f"/field/{sent}/",
        f"/field/{sent}/record/",
        f"/field/{sent}/clear/",
        f"/field/{sent}/backup/",
        "/field/?shift",
        f"/incidents/{incident}/",
        "/incidents/",
    ):
        page.goto(f"{running_city.url}{address}")
        check_axe(page)
    page.goto(f"{running_city.url}/field/{sent}/record/")
    page.locator('label[for="id_met_0"]').click()
    page.locator('button[value="clear"]').click()
    expect(page.locator("[role=alert]")).to_be_visible()
    check_axe(page)


def test_the_incident_pages_are_open_to_everybody(running_city, on_scene, sign_in, check_axe):
    """On a wide screen that is dark: test_every_page.py has a light one."""
    _sent, incident = on_scene
    page = sign_in("imani", scheme="dark")

    for address in (f"/incidents/{incident}/", "/incidents/", "/incidents/?day=x&state=open"):
        page.goto(f"{running_city.url}{address}")
        check_axe(page)

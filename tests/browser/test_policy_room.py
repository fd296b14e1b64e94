"""The policy room as its people use it: written, broken, mended, rehearsed, signed, in force."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from lamplighter.policy import parse_policy
from tests.city.call_files import invented_calls
from tests.support.city_server import RunningCity

from . import at_work
from .at_work import answer_by_keys, save_by_keys, say_what_happens
from .drafts import ROOM, cell, passes, table, write
from .words import Say

VERSION = "2027-01-15"
# Something suspicious that is over: the report desk writes it down, until the rule is changed.
SUSPICIOUS = {
    "nature": "suspicious_activity",
    "injured": "no",
    "violence": "none",
    "weapon": False,
    "crime_now": False,
    "person_present": False,
}

SignIn = Callable[..., Page]


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_draft_is_broken_mended_rehearsed_signed_by_two_others_and_takes_a_call(
    language: str,
    own_city: RunningCity,
    enter: SignIn,
    start: Callable[[Page, Say], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say = Say(language)
    version = f"{VERSION}-{language}"
    author = enter("esme", language=language, width=1440)
    start(author, say)
    author.get_by_label(say("Version", "policies")).fill(version)

    # An unarmed team for a robbery: at once the promise that this breaks, and the call.
    policy = at_work.POLICY
    who = say.of(policy.output("responder").label)
    table(author, say.of(policy.tables[1].title))
    write(author, "police-for-deadly-attack", who, "community_team")
    broken = author.locator(".found__item", has_text=say("Broken promise")).first
    promise = next(p for p in policy.promises if p.id == "known-weapon-not-unarmed-alone")
    expect(broken).to_contain_text(say.of(promise.says))
    expect(broken).to_contain_text(say.of(policy.inputs["weapon"].label))
    expect(author.locator("tr.is-wrong", has_text="police-for-deadly-attack")).to_be_visible()
    # It breaks many: three show their calls, the others where they are opened.
    calls = author.locator(".found__more")
    expect(calls.nth(2).locator(".call-facts").first).to_be_visible()
    expect(calls.nth(3).locator(".call-facts").first).to_be_hidden()

    # Mended, and something else changed that breaks nothing.
    author.keyboard.press("Control+z")
    expect(passes(author, say)).to_be_visible()
    write(author, "suspicion-report", who, "police")
    expect(cell(author, "suspicion-report", who)).to_have_text("police")
    expect(passes(author, say)).to_be_visible()
    author.keyboard.press("Control+s")
    expect(author.get_by_text(say("Saved as revision {number}.", number=2))).to_be_visible()

    # Rehearsed on the city's own calls.
    author.get_by_role("link", name=say("Rehearse"), exact=True).click()
    author.get_by_role("button", name=say("Rehearse"), exact=True).click()
    flows = author.get_by_role("region", name=say("From whom to whom"))
    expect(flows).to_be_visible(timeout=480_000)
    desk, police = say.responder(policy, "report_desk"), say.responder(policy, "police")
    expect(flows.get_by_role("row", name=re.compile(f"{desk}.*{police}"))).to_be_visible()

    # Proposed by whoever wrote it, who may not sign.
    author.get_by_role("link", name=say("Propose it"), exact=True).click()
    author.get_by_label(say("Why it changes")).fill("Somebody should look.")
    author.get_by_role("button", name=say("Propose it"), exact=True).click()
    author.wait_for_url(f"**{ROOM}proposals/*/")
    expect(author.get_by_role("button", name=say("Sign it"))).to_have_count(0)

    # Signed by two others; then it is in force.
    for signer in ("lucia", "winona"):
        page = enter(signer, language=language)
        page.goto(author.url)
        expect(page.locator(".change", has_text="suspicion-report")).to_be_visible()
        page.get_by_role("button", name=say("Sign it")).click()
        expect(page.get_by_text(say("You signed it.")).first).to_be_visible()
    anybody = enter("theo", language=language)
    anybody.goto(own_city.url + "/policies/first-response/")
    expect(anybody.get_by_text(version, exact=True)).to_be_visible()

    # A call is taken under the new version, and names it.
    text = anybody.request.get(own_city.url + "/policies/first-response/policy.yaml").text()
    monkeypatch.setattr(at_work, "POLICY", parse_policy(text))
    taker = enter("rosa", language=language)
    taker.goto(own_city.url + "/calls/new/")
    at_work.set_pin_by_keys(taker, say)
    nature = say.nature(policy, "suspicious_activity")
    say_what_happens(taker, say, nature, "suspicious_activity")
    decision = answer_by_keys(taker, say, SUSPICIOUS)
    assert decision.outcome["responder"] == "police"
    save_by_keys(taker, say)
    expect(taker.get_by_text(parse_policy(text).content_hash).first).to_be_visible()

    # Back to what was, by one administrator in an emergency; everybody can read it.
    administrator = enter("noor", language=language)
    administrator.goto(own_city.url + ROOM + "back/")
    administrator.get_by_label(say("Go back to")).select_option(label="first response 2026-11-01")
    administrator.get_by_label(say("Why it changes")).fill("Too many cars.")
    administrator.get_by_role("button", name=say("Emergency: in force again now")).click()
    administrator.wait_for_url(lambda address: not address.endswith("/back/"))
    administrator.goto(own_city.url + "/policies/first-response/history/")
    latest = administrator.locator(".spell").first
    expect(latest).to_contain_text("2026-11-01")
    expect(latest).to_contain_text("Noor Tamsin")
    taker.reload()
    expect(taker.get_by_text(parse_policy(text).content_hash).first).to_be_visible()


def test_the_grid_goes_by_keys_and_every_step_can_be_taken_back(
    enter: SignIn, start: Callable[[Page, Say], str]
) -> None:
    say = Say("en")
    page = enter("esme")
    start(page, say)
    back, forth = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    assert back.bounding_box()["y"] == forth.bounding_box()["y"], "they stand in one row"
    names = page.locator("tbody .sheet__id")
    first, second = names.nth(0).inner_text(), names.nth(1).inner_text()
    count = names.count()
    page.locator("[data-rule='0'] [data-cell='0']").click()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-rule='1'] [data-cell='0']")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_be_focused()

    # Escape takes back what was typed; the list below offers the declared values.
    was = page.locator("[data-rule='1'] [data-cell='1']").inner_text()
    page.keyboard.press("Enter")
    page.keyboard.type("noi")
    option = page.get_by_role("option", name=re.compile("noise"))
    expect(option).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_have_text(was)
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("noi")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_have_text('"noise"')
    expect(page.locator("[data-rule='1'] [data-cell='2']")).to_be_focused()

    # Moved, copied, taken out, added; and all of it undone.
    page.keyboard.press("Alt+ArrowUp")
    expect(names.nth(0)).to_have_text(second)
    page.get_by_role("button", name="Duplicate").click()
    expect(names.nth(1)).to_have_text(f"{second}-2")
    page.get_by_role("button", name="Take out").click()
    expect(names).to_have_count(count)
    page.keyboard.press("Control+Enter")
    expect(names).to_have_count(count + 1)
    for _ in range(5):
        page.keyboard.press("Control+z")
    expect(names.nth(0)).to_have_text(first)
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_have_text(was)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("Control+y")
    expect(page.locator("[data-rule='1'] [data-cell='1']")).to_have_text('"noise"')


def test_somebody_who_goes_on_typing_while_it_is_saved_loses_nothing(
    enter: SignIn, start: Callable[[Page, Say], str]
) -> None:
    page = enter("esme", width=1440, may_hold=True)
    start(page, Say("en"))
    first: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if first:
            route.continue_()
        else:
            first.append(route)

    page.route("**/save/", hold_the_first)
    write(page, "fire", "Source", "The first")
    page.keyboard.press("Control+s")
    while not first:
        page.wait_for_timeout(20)
    write(page, "fire", "Source", "The second")
    page.keyboard.press("Control+s")
    cell(page, "life-in-the-balance", "Source").click()
    page.keyboard.press("Enter")
    page.keyboard.type("The thi")
    first[0].continue_()
    # The second saving waited for the first, and took along what stood in the open cell.
    expect(page.get_by_text("Saved as revision 3.")).to_be_visible()
    page.keyboard.type("rd")
    page.keyboard.press("Enter")
    expect(cell(page, "life-in-the-balance", "Source")).to_have_text("The third")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as revision 4.")).to_be_visible()
    expect(cell(page, "fire", "Source")).to_have_text("The second")


def test_what_an_older_page_kept_in_the_tab_does_not_stop_this_one(
    enter: SignIn, start: Callable[[Page, Say], str]
) -> None:
    page = enter("esme", width=1440)
    address = start(page, Say("en"))
    kept = json.dumps({"revision": 1, "sheet": {"from": "", "declared": {}}})
    key = f"draft {address.rstrip('/').split('/')[-1]}"
    page.evaluate("([key, kept]) => sessionStorage.setItem(key, kept)", [key, kept])
    page.reload()
    write(page, "fire", "Source", "Written after it")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved as revision 2.")).to_be_visible()


def test_facts_and_promises_are_built_in_forms_renamed_wherever_used_and_there_after_a_reload(
    enter: SignIn, start: Callable[[Page, Say], str], check_axe: Callable[[Page], None]
) -> None:
    page = enter("esme", language="es", scheme="dark", width=400, height=850)
    page.on("dialog", lambda dialog: dialog.accept())
    say = Say("es")
    start(page, say)
    write(page, "fire", say("Source", "policies"), "Somebody else")
    form = page.locator("dialog[open]")
    keep = form.get_by_role("button", name=say("Keep this"))

    # A fact that is new; its name follows its words, and Enter goes nowhere by mistake.
    page.get_by_role("button", name=re.compile(f"^{say('Facts')} ·")).click()
    page.get_by_role("button", name=say("Add a fact")).click()
    page.keyboard.type("Rain today")
    page.keyboard.press("Enter")
    expect(form.get_by_label(say("Name in rules and promises"))).to_have_value("rain_today")
    form.get_by_label(say("What it can be")).select_option("number")
    wrong = form.locator("[data-error=range] .usa-error-message")
    expect(wrong).to_contain_text("no tiene rango")
    form.get_by_label(say("From what to what")).fill("[0..10]")
    expect(wrong).to_have_count(0)
    expect(form.locator(".verdict")).to_be_visible()
    keep.click()
    expect(page.locator("[data-item='input  rain_today'] [data-edit]")).to_be_focused()

    # A value under another name has it in the cells and in the promises.
    policy = at_work.POLICY
    violence = say.of(policy.inputs["violence"].label)
    page.get_by_role("button", name=say("Change {what}", what=violence)).click()
    form.locator("[data-values]").evaluate("one => one.scrollIntoView()")
    expect(form.get_by_role("heading", name=violence), "its head stays").to_be_in_viewport()
    form.locator("[data-values] li").nth(1).get_by_label(say("Name in rules")).fill("menace")
    expect(passes(page, say).first).to_be_visible()
    keep.click()
    page.get_by_role("button", name=re.compile(f"^{say('Promises')} ·")).click()
    threat = next(p for p in policy.promises if p.id == "threat-not-unarmed-alone")
    page.get_by_role("button", name=say("Change {what}", what=say.of(threat.says))).click()
    first = form.locator("[data-parts] summary").first
    expect(first).to_contain_text(say.of(policy.inputs["violence"].values[1].label))

    # Built from parts: no call may be as it says, nor as another promise says, which is said at
    # once; taken back, it is kept.
    first.press("Enter")
    expect(form.get_by_role("checkbox", name=say("not known"))).to_be_checked()
    check_axe(page)
    form.get_by_role("button", name=say("Take this condition out")).click()
    expect(form.locator(".declare__check li").first).to_have_text(say.of(threat.says))
    form.get_by_role("button", name=say("Write it as an expression")).click()
    expect(form.locator("[data-field=never]")).to_have_value(re.compile("^responder in"))
    keep.click()
    broken = page.locator(".declared__state--contradictory")
    expect(broken.first).to_be_visible()
    page.keyboard.press("Control+z")
    expect(broken).to_have_count(0)
    # What was typed and built and not saved is there after a reload.
    expect(page.get_by_text(say("Not saved yet; kept in this tab."))).to_be_visible()
    page.reload()
    expect(cell(page, "fire", say("Source", "policies"))).to_have_text("Somebody else")
    page.keyboard.press("Control+s")
    expect(page.get_by_text(say("Saved as revision {number}.", number=2))).to_be_visible()
    page.goto(page.url + "text/")
    text = page.locator("textarea").input_value()
    mended = parse_policy(text)
    assert mended.inputs["rain_today"].range.high == 10
    assert mended.inputs["violence"].domain.values == ("none", "menace", "now")
    assert mended.inputs["violence"].when_unknown == "menace"
    assert 'source: "Somebody else"' in text
    assert text.count("# The order of the inputs is the order of asking") == 1


def test_a_call_file_is_brought_its_columns_confirmed_and_it_can_be_rehearsed_on(
    own_city: RunningCity, enter: SignIn, start: Callable[[Page, Say], str]
) -> None:
    say = Say("es")
    page = enter("esme", language="es", scheme="dark", width=400, height=850)
    page.goto(own_city.url + ROOM)
    page.get_by_role("link", name=say("The city's calls")).click()
    page.get_by_label(say("What it is called here")).fill("Dos semanas")
    file = {"name": "../<b>calls.csv", "mimeType": "text/csv", "buffer": invented_calls()}
    field = page.get_by_label(say("The call file"), exact=True)
    most = field.get_attribute("data-most")
    field.evaluate("field => { field.dataset.most = 10 }")
    field.set_input_files(file)
    page.get_by_role("button", name=say("Bring it and look at it")).click()
    expect(page.locator(".usa-error-message")).to_contain_text(f"{int(most or 0) // 1_000_000} MB")
    expect(field).to_be_focused()
    field.evaluate("(field, most) => { field.dataset.most = most }", most)
    field.set_input_files(file)
    page.get_by_role("button", name=say("Bring it and look at it")).click()

    # What the library found, in plain words; of one code only a person can tell what it is.
    when = page.get_by_label(say("When the call came in"))
    expect(when).to_have_value('["Received"]', timeout=120_000)
    expect(page.get_by_text("calls.csv")).to_be_visible()
    page.get_by_label(say("Its time zone")).fill("Marte")
    noise = say.nature(at_work.POLICY, "noise")
    page.get_by_label(say("What %(code)s was about", code="10-99")).select_option(label=noise)
    page.get_by_role("button", name=say("This is right: read it")).click()
    expect(page.locator(".usa-error-message")).to_contain_text("America/Chicago")
    page.get_by_label(say("Its time zone")).fill("America/Denver")
    page.get_by_role("button", name=say("This is right: read it")).click()
    expect(
        page.get_by_text(say("It is read. The file as you brought it is deleted."))
    ).to_be_visible(timeout=120_000)
    expect(page.locator(".tile").first).to_contain_text("120")

    # It is there where drafts and where teams are rehearsed.
    page.goto(start(page, say) + "rehearse/")
    expect(page.get_by_label("Dos semanas")).to_be_visible()
    page.goto(own_city.url + "/rehearsal/new/")
    expect(page.get_by_role("option", name=re.compile("Dos semanas"))).to_have_count(1)


def test_two_who_write_at_once_see_both_texts_and_choose(
    own_city: RunningCity, enter: SignIn, start: Callable[[Page, Say], str]
) -> None:
    esme, jonas = enter("esme", width=1440), enter("jonas", width=1440)
    address = start(esme, Say("en"))
    jonas.goto(address)
    write(jonas, "fire", "Source", "From Jonas")
    write(esme, "fire", "Source", "From Esme")
    esme.get_by_role("button", name="Save the draft").click()
    expect(esme.get_by_text("Saved as revision 2.")).to_be_visible()
    jonas.get_by_role("button", name="Save the draft").click()
    jonas.wait_for_url(f"**{ROOM}copies/*/")
    differs = jonas.get_by_role("region", name="What differs")
    expect(differs.locator("del", has_text="From Esme")).to_be_visible()
    expect(differs.locator("ins", has_text="From Jonas")).to_be_visible()
    jonas.get_by_role("button", name="Take this one").click()
    jonas.wait_for_url(address)
    expect(cell(jonas, "fire", "Source")).to_have_text("From Jonas")
    # What was not chosen is in the record, and whoever was first is told when they save again.
    write(esme, "fire", "Source", "From Esme again")
    esme.get_by_role("button", name="Save the draft").click()
    esme.wait_for_url(f"**{ROOM}copies/*/")
    expect(esme.locator("ins", has_text="From Esme again")).to_be_visible()

"""A policy author builds a table in forms: what it decides, what it gives, what it looks at."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lamplighter.policy import parse_policy

from . import at_work
from .drafts import table, write
from .words import Say

SignIn = Callable[..., Page]
STEP = "Part of what the policy answers; otherwise only a step that tables below look at"
OUT = (
    "Its rules go with it: {own}. Rules of other tables that look at what it gives: {rules}. "
    "They will no longer look at it. Promises that speak of it, to mend afterwards: {promises}."
)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1440), ("es", "dark", 400)]
)
def test_a_table_is_added_given_rules_looked_at_by_another_checked_and_taken_out(
    language: str,
    scheme: str,
    width: int,
    enter: SignIn,
    start: Callable[[Page, Say], str],
    check_axe: Callable[[Page], None],
) -> None:
    say = Say(language)
    policy = at_work.POLICY
    page = enter("esme", language=language, scheme=scheme, width=width, height=900)
    start(page, say)
    form = page.locator("dialog[open]")
    keep = form.get_by_role("button", name=say("Keep this"))
    passes = page.locator("[data-report] .verdict--good")
    tables = page.get_by_role("button", name=re.compile(f"^{say('Tables')} ·"))

    # What it decides, with a name that follows; one that is taken is told at its field.
    tables.click()
    check_axe(page)
    # What adds one is the first thing there, however long the list is.
    first = page.locator("[data-declared] button").first
    expect(first).to_have_text(say("Add a table"))
    first.click()
    expect(form.get_by_role("heading", name=say("Add a table"))).to_be_visible()
    page.keyboard.type("A child alone")
    name = form.get_by_label(say("Name of the table"))
    expect(name).to_have_value("a_child_alone")
    name.fill("risk")
    wrong = form.locator("[data-error=name] .usa-error-message")
    expect(wrong).to_have_text(say("This name is taken: choose another."))
    keep.click()
    expect(name).to_be_focused()
    expect(wrong).to_have_text(say("This name is taken: choose another."))
    expect(wrong.locator(".icon")).to_be_visible()
    name.fill("a_child_alone")
    expect(wrong).to_have_count(0)
    form.get_by_label(say("What it decides, Spanish")).fill("Un niño solo")
    title = "A child alone" if language == "en" else "Un niño solo"
    child = say.of(policy.inputs["child_at_risk"].label)
    form.get_by_role("checkbox", name=child).check()
    check_axe(page)
    kept: list[str] = []
    page.on("request", lambda sent: kept.append(sent.url) if "/change/" in sent.url else None)
    keep.dblclick()

    # What it gives is asked next: a step on the way, until other tables look at it.
    # Nobody is asked for it: its form has nothing of questions, from the first moment on.
    expect(form.get_by_label(say("In words, English"))).to_be_focused()
    expect(form.get_by_label(say("The question, English"))).to_be_hidden()
    form.get_by_label(say("In words, English")).fill("Child first")
    assert len(kept) == 1
    form.get_by_label(say("What it can be")).select_option("boolean")
    form.get_by_label(say(STEP)).press("Space")
    form.get_by_label(say("What every rule gives at first")).fill("false")
    keep.click()
    answer = page.locator("[data-item='output a_child_alone child_first']")
    # A city that was just started checks its first draft slowly.
    expect(answer.locator("[data-edit]")).to_be_focused(timeout=60_000)
    expect(answer).to_contain_text(say("A step on the way"))

    # Moved above who goes, and its rules written in the grid: the check passes.
    for _ in range(2):
        page.get_by_role("button", name=say("Move {what} up", what=title)).click()
    names = page.locator("[data-item^='table '] code")
    expect(names).to_have_text(["risk", "a_child_alone", "response", "dispatch"])
    table(page, title)
    write(page, "new-rule", say("Because (English)"), "Nobody is alone.")
    write(page, "new-rule", say("Source", "policies"), "Ours")
    page.keyboard.press("Control+Enter")
    write(page, "new-rule-2", say("Because (English)"), "A child cannot wait.")
    write(page, "new-rule-2", say("Source", "policies"), "Ours")
    write(page, "new-rule-2", "Child first", "true")
    page.keyboard.press("Alt+ArrowUp")
    write(page, "new-rule-2", child, "true")
    expect(passes).to_be_visible()

    # Another table looks at it: what that breaks is told, with the call.
    tables.click()
    goes = say.of(policy.tables[1].title)
    page.get_by_role("button", name=say("Change {what}", what=goes)).first.click()
    form.get_by_role("checkbox", name="Child first").check()
    keep.click()
    table(page, goes)
    write(page, "fire-and-rescue", "Child first", "true")
    expect(page.locator("tr.is-wrong, .found__item--fails").first).to_be_visible()
    write(page, "fire-and-rescue", "Child first", "true, false")
    expect(passes).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text(say("Saved as revision {number}.", number=2))).to_be_visible()
    page.goto(page.url + "text/")
    text = page.locator("textarea").input_value()
    written = parse_policy(text)
    assert [one.name for one in written.tables] == ["risk", "a_child_alone", "response", "dispatch"]
    assert written.tables[1].columns == ("child_at_risk",)
    assert "child_first" in written.tables[2].columns
    assert "child_first" not in written.outcome
    page.go_back()

    # Another way to decide is told at its field where it does not fit what the table gives.
    tables.click()
    change = page.get_by_role("button", name=say("Change {what}", what=title)).first
    change.click()
    form.get_by_role("radio", name=re.compile("priority$")).check()
    expect(form.locator("[data-error=hit] .usa-error-message")).to_contain_text("child_first")
    check_axe(page)

    # Taken out: first it is told what looks at it; one step back, and it is there again.
    form.get_by_role("button", name=say("Take it out")).click()
    expect(form.locator("[data-sure-says]")).to_have_text(say(OUT, own=2, rules=1, promises=0))
    form.get_by_role("button", name=say("Take it out")).click()
    expect(names).to_have_text(["risk", "response", "dispatch"])
    expect(page.locator("[data-tables] [data-table]")).to_have_count(3)
    expect(passes).to_be_visible()
    page.keyboard.press("Control+z")
    expect(names).to_have_text(["risk", "a_child_alone", "response", "dispatch"])
    expect(page.locator("[data-tables] [data-table]")).to_have_text(
        [re.compile(f"^{re.escape(one)} ·") for one in
         [say.of(policy.tables[0].title), title, goes, say.of(policy.tables[2].title)]]
    )  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1440), ("es", "dark", 400)]
)
def test_a_column_that_no_rule_tests_yet_is_there_on_the_next_day_until_it_is_taken_out(
    language: str,
    scheme: str,
    width: int,
    enter: SignIn,
    start: Callable[[Page, Say], str],
) -> None:
    say = Say(language)
    policy = at_work.POLICY
    page = enter("esme", language=language, scheme=scheme, width=width, height=900)
    address = start(page, say)
    form = page.locator("dialog[open]")
    title, goes = (say.of(each.title) for each in policy.tables[:2])
    caller, alone = (say.of(policy.inputs[name].label) for name in ("caller", "no_shelter"))
    heads = page.locator(".sheet thead th")

    def change(what: str = title) -> None:
        page.get_by_role("button", name=re.compile(f"^{say('Tables')} ·")).click()
        page.get_by_role("button", name=say("Change {what}", what=what)).first.click()

    def keep(what: str = title) -> None:
        form.get_by_role("button", name=say("Keep this")).click()
        expect(form).to_have_count(0)
        table(page, what)

    def saved(number: int) -> None:
        page.keyboard.press("Control+s")
        expect(page.get_by_text(say("Saved as revision {number}.", number=number))).to_be_visible()
        page.goto(address)
        expect(page.get_by_role("grid")).to_be_visible()

    # One is ticked in the form of the table, the other opened above the grid.
    change()
    form.get_by_role("checkbox", name=caller).check()
    keep()
    page.locator("[data-columns]").select_option(label=alone)
    expect(heads.get_by_text(alone, exact=True)).to_be_visible()
    saved(2)
    expect(heads.get_by_text(caller, exact=True)).to_be_attached()
    expect(heads.get_by_text(alone, exact=True)).to_be_attached()
    # It says nothing: the policy is the one that is in force.
    page.goto(address + "text/")
    text = page.locator("textarea").input_value()
    assert parse_policy(text).content_hash == policy.content_hash
    assert text.count('caller: "-"') == text.count('no_shelter: "-"') == 1
    page.goto(address)

    # It is tested, and no more: it stays. One step back from the form, and both are there again.
    rule = policy.tables[0].rules[-1].id
    write(page, rule, alone, "true")
    write(page, rule, alone, "-")
    change()
    expect(form.get_by_role("checkbox", name=alone)).to_be_checked()
    form.get_by_role("checkbox", name=caller).uncheck()
    form.get_by_role("checkbox", name=alone).uncheck()
    keep()
    expect(heads.get_by_text(alone, exact=True)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(heads.get_by_text(alone, exact=True)).to_be_attached()
    saved(3)
    expect(heads.get_by_text(alone, exact=True)).to_be_attached()

    # Taken out in the form, it stays away.
    change()
    form.get_by_role("checkbox", name=alone).uncheck()
    keep()
    saved(4)
    expect(heads.get_by_text(caller, exact=True)).to_be_attached()
    expect(heads.get_by_text(alone, exact=True)).to_have_count(0)

    # So can be what a table must not look at any more, since it was moved above.
    risk = say.of(policy.output("risk").label)
    page.get_by_role("button", name=re.compile(f"^{say('Tables')} ·")).click()
    page.get_by_role("button", name=say("Move {what} up", what=goes)).click()
    expect(page.locator("[data-item^='table '] code").first).to_have_text("response")
    change(goes)
    form.get_by_role("checkbox", name=re.compile(f"^{re.escape(risk)}")).uncheck()
    keep(goes)
    expect(heads.get_by_text(risk, exact=True)).to_have_count(0)

"""What people do in the city, as they do it: with keys at a desk, with a thumb in the street."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, Request, expect

from lamplighter.city.sample.staff import UNITS
from lamplighter.policy import Decision, Fact, Open, decide, read_policy, shipped_policy

from .words import Say

POLICY = read_policy(shipped_policy("first_response"))
PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}

# Somebody who was asked to leave and does not: four answers make a community team of the police.
UNWANTED: Mapping[str, Fact] = {
    "nature": "unwanted_person",
    "injured": "no",
    "violence": "none",
    "weapon": False,
    "no_shelter": False,
}


def crew_of(call_sign: str) -> str:
    """Somebody of a unit's crew."""
    return next(crew[0][0] for sign, _kind, _agency, _one, crew in UNITS if sign == call_sign)


def region(page: Page, name: str) -> Locator:
    """A part of the page that a screen reader finds by its name."""
    return page.get_by_role("region", name=name, exact=True)


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse would."""
    for _ in range(150):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {target}")


def open_call_form(page: Page, say: Say, address: str) -> None:
    """From the first page: open the form, whose first field waits for keys, and type where."""
    page.get_by_role("navigation").get_by_role("link", name=say("Take a call")).click()
    expect(page.get_by_label(say("Address or place, in words"))).to_be_focused()
    page.keyboard.type(address)


def set_pin_by_keys(page: Page, say: Say) -> None:
    """Put the pin in the middle of the map and move it a little; the neighborhood follows."""
    expect(page.get_by_role("button", name=say("Closer"))).to_be_visible()
    tab_to(page, page.get_by_role("button", name=say("Set a pin (arrow keys move it)")))
    page.keyboard.press("Enter")
    pin = page.get_by_role("button", name=say("The place of the call; move it with the arrow keys"))
    expect(pin).to_be_focused()
    for key in ("ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_label(say("Neighborhood"))).not_to_have_value("")


def say_what_happens(page: Page, say: Say, plain_words: str, nature: str) -> None:
    """From anywhere on the form: search by plain words, and take the best match."""
    page.keyboard.press("/")
    expect(
        page.get_by_role("combobox", name=say("What is happening, in plain words"))
    ).to_be_focused()
    page.keyboard.type(plain_words)
    best = page.get_by_role("option", name=say.nature(POLICY, nature)).first
    expect(best).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")


def answer_by_keys(page: Page, say: Say, facts: Mapping[str, Fact]) -> Decision:
    """Answer each question that the policy asks with its key; check what stands beside it.

    The page must ask what the policy asks, and say after each answer who would go now and why.
    """
    yes, no, unknown = say("y n u").split()
    known = {"nature": facts["nature"]}
    while isinstance(asking := decide(POLICY, known), Open):
        shows_who_goes(page, say, decide(POLICY, known, final=True))
        asked = POLICY.inputs[asking.ask]
        question = page.get_by_role("group", name=say.of(asked.ask), exact=True)
        expect(question).to_be_visible()
        answer = facts.get(asked.name, "unknown")
        if isinstance(answer, bool):
            key = yes if answer else no
        else:
            codes = [value.value for value in asked.values]
            key = unknown if answer == "unknown" else str(codes.index(answer) + 1)
        page.keyboard.press(key)
        expect(question).to_be_hidden()
        known[asked.name] = answer
    shows_who_goes(page, say, asking)
    expect(page.get_by_text(say("Settled: no answer can change this."))).to_be_visible()
    return asking


def shows_who_goes(page: Page, say: Say, decision: Decision | Open) -> None:
    """Beside the questions stand who goes and the reason of every rule."""
    assert isinstance(decision, Decision)
    who_goes = region(page, say("Who goes"))
    expect(who_goes).to_contain_text(say.responder(POLICY, decision.outcome["responder"]))
    for hit in decision.hits:
        expect(who_goes).to_contain_text(say.of(hit.because))


def save_by_keys(page: Page, say: Say) -> str:
    """Save the call; gives the address of its incident's page."""
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/incidents/*/")
    expect(page.get_by_text(say("The call is saved."))).to_be_visible()
    return page.url


def open_board(page: Page, say: Say) -> None:
    """Open the board and wait until it is live; a reload would take the mark away."""
    page.goto(re.sub(r"(https?://[^/]+).*", r"\1/board/", page.url))
    expect(page.get_by_text(say("Live"), exact=True)).to_be_visible()
    page.evaluate("document.body.dataset.openedBefore = 'yes'")


def was_not_reloaded(page: Page) -> bool:
    """Whether the board is the page that was opened then."""
    return page.evaluate("document.body.dataset.openedBefore") == "yes"


def call_in(page: Page, list_name: str, address: str) -> Locator:
    """A call in one of the board's two lists."""
    calls = page.get_by_role("list", name=re.compile(f"^{re.escape(list_name)}"))
    return calls.get_by_role("listitem").filter(has_text=address)


def choose_by_keys(page: Page, say: Say, address: str) -> Locator:
    """Find a call by its address; gives the part of the board where it is read."""
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    chosen = region(page, say("The chosen call"))
    expect(chosen).to_contain_text(address)
    return chosen


def send_by_key(page: Page, key: str = "1") -> None:
    """Press a unit's key until the page sends: just after the list changed, digits do nothing.

    Never twice: a second press, once the first has sent, would send the next unit.
    """
    sending: list[Request] = []

    def hear(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/assign/"):
            sending.append(request)

    page.on("request", hear)
    for _ in range(20):
        page.keyboard.press(key)
        # The page sends while it hears the key; Playwright hears of it a little later.
        for _ in range(40):
            page.wait_for_timeout(50)
            if sending:
                page.remove_listener("request", hear)
                return
    raise AssertionError(f"the key {key} sends nobody")


def tap(where: Page | Locator, words: str) -> None:
    """Tap an answer, as large as its label."""
    where.get_by_text(words, exact=True).tap()
    expect(where.get_by_label(words, exact=True)).to_be_checked()


def ask_for_an_ambulance(phone: Page, say: Say) -> None:
    """Two taps: who should come, and why."""
    phone.get_by_role("link", name=re.compile(f"^{say('Backup', 'field')}")).tap()
    tap(phone, say("Ambulance"))
    phone.get_by_role("button", name=say("Somebody needs medical care")).tap()
    asked = say("Backup asked for: %(kind)s. The dispatcher sees it now.", kind=say("Ambulance"))
    expect(phone.get_by_text(asked)).to_be_visible()


def record_and_clear(phone: Page, say: Say, call_sign: str) -> None:
    """Somebody was met who needed a place to stay, took one, and gave a name."""
    phone.get_by_role("link", name=say("Record and clear")).tap()
    tap(phone, say("Met and talked"))
    tap(phone, say("A place to stay"))
    tap(phone.get_by_role("group", name=say("A shelter place")), say("Accepted", "field"))
    tap(phone.get_by_role("group", name=say("A case manager")), say("Offered", "field"))
    tap(phone.get_by_role("group", name=say("Where did you take the person?")), say("Shelter"))
    tap(phone, say("Taken to care"))
    phone.get_by_role("textbox", name=say("Name")).fill("Casimir Alder")
    phone.get_by_role("button", name=say("Save and clear")).tap()
    is_free(phone, say, call_sign, "Helped")


def clear_without_record(phone: Page, say: Say, call_sign: str) -> None:
    """The unit was not needed after all."""
    phone.get_by_role("link", name=say("End without a record")).tap()
    tap(phone, say("No help needed"))
    phone.get_by_role("button", name=say("Clear", "field"), exact=True).tap()
    is_free(phone, say, call_sign, "No help needed")


def is_free(phone: Page, say: Say, call_sign: str, how: str) -> None:
    free = say(
        "%(unit)s is free again. The call ended for you as: %(how)s.",
        unit=call_sign,
        how=say(how),
    )
    expect(phone.get_by_text(free)).to_be_visible()

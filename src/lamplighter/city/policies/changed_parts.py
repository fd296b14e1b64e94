"""What of one rule, table or declaration differs, field by field: in the reader's language, and in
the other one where its words differ too. Whoever signs answers for what readers of both are told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lamplighter.policy import Policy, Rule
from lamplighter.policy.domains import EVERY_NUMBER, format_value
from lamplighter.policy.hit_words import how_it_decides
from lamplighter.policy.model import Input, Output, Promise, Table, Words

from .wording import NO, YES, Condition, PolicyWords


@dataclass(frozen=True)
class ChangedPart:
    """One field that differs: its name, what stood there, what stands there.

    Where both are the same, only the other language differs, which the next part tells. `before`
    is empty in what is new. `language` is that of the words where it is not the reader's.
    """

    name: str
    label: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Told:
    """One field: what it is called, and what it says.

    `counts` is what is compared, where that is not the words; `code` tells two apart whose words
    are the same; `nothing` is said where the field is not there.
    """

    label: str
    words: Words
    counts: object = None
    code: str = ""
    nothing: str = ""
    language: str = ""

    def differs(self, other: "Told") -> bool:
        if self.counts is None:
            return self.words != other.words
        return self.counts != other.counts


Fields = Mapping[str, Told]


def parts_that_differ(was: Fields, now: Fields, language: str) -> tuple[ChangedPart, ...]:
    """The fields that differ, in the order in which they stand now."""
    return tuple(
        part
        for name in dict.fromkeys([*now, *was])
        for part in _parts(name, was.get(name), now.get(name), language)
    )


def parts_of_new(now: Fields, language: str) -> tuple[ChangedPart, ...]:
    """The fields of something new, in both languages where it has both.

    The first is what it is called: its reader has that before them, and only needs the other.
    """
    parts = [
        part
        for name, told in now.items()
        for part in _in_both(name, told, Words(""), told.words, language)
    ]
    return tuple(parts[1:])


def moved_part(before: int, after: int) -> ChangedPart:
    """That something stands elsewhere among its like."""
    return ChangedPart("place", _("Place"), str(before), str(after))


def _parts(name: str, was: Told | None, now: Told | None, language: str) -> Iterator[ChangedPart]:
    told = now or was
    assert told is not None
    if was is not None and now is not None and not was.differs(now):
        return
    nothing = Words(told.nothing or _("nothing"))
    before, after = (was.words if was else nothing), (now.words if now else nothing)
    parts = list(_in_both(name, told, before, after, language))
    if not parts and was and now:
        parts = [ChangedPart(name, told.label, was.code, now.code, "en")]
    yield from parts


def _in_both(
    name: str, told: Told, before: Words, after: Words, language: str
) -> Iterator[ChangedPart]:
    """The words in the reader's language, and in the other one where that says more."""
    here = before.in_language(language), after.in_language(language)
    spanish = language.lower().startswith("es")
    there = (before.en, after.en) if spanish else (before.es, after.es)
    more = there[0] != there[1] and there != here
    if more or here[0] != here[1]:
        now = here[1] or (here[0] and _("nothing"))
        yield ChangedPart(name, told.label, here[0], now, told.language)
    if more:
        label = _("%(what)s, in English") if spanish else _("%(what)s, in Spanish")
        was, now = (said or _("nothing") for said in there)
        if before == Words(""):
            was = ""
        yield ChangedPart(name, label % {"what": told.label}, was, now, "en" if spanish else "es")


def fields_of_rule(words: PolicyWords, rule: Rule) -> dict[str, Told]:
    """When a rule fits, what it gives, why, and where that comes from."""
    found = {}
    for name, cell in rule.when.items():
        found[f"when {name}"] = Told(
            words.label(name),
            Words(condition_words(words.condition(name, cell))),
            counts=cell.side,
            code=cell.text,
            nothing=_("anything"),
        )
    for name, value in rule.then.items():
        said = format_value(value)
        given = Words(words.value(name, value))
        found[f"then {name}"] = Told(words.label(name), given, counts=said, code=said)
    found["because"] = Told(_("Because"), rule.because)
    found["source"] = _in_english(_("Source"), rule.source)
    return found


def fields_of_table(words: PolicyWords, table: Table) -> dict[str, Told]:
    """What a table decides, and which of its rules."""
    hit = Words(words.say(how_it_decides(table)))
    return {
        "title": Told(_("What it decides"), table.title),
        "hit": Told(_("Which rules decide"), hit),
    }


def fields_of_policy(policy: Policy) -> dict[str, Told]:
    """What a policy as a whole is called, and what it says of itself."""
    return {
        "name": Told(_("Name"), Words(policy.name)),
        "title": Told(_("Title"), policy.title),
        "about": Told(_("What it says of itself"), policy.about),
    }


def fields_of_promise(promise: Promise) -> dict[str, Told]:
    return {
        "says": Told(_("What is promised"), promise.says),
        "source": _in_english(_("Source"), promise.source),
        "never": _in_english(_("What must never happen"), " ".join(promise.never.split())),
    }


def fields_of_input(words: PolicyWords, declared: Input) -> dict[str, Told]:
    """How a fact is asked for, what it can be, and what holds where nobody knows it."""
    found = _fields_of_declared(words, declared)
    for name, label, said in (
        ("ask", _("The question"), declared.ask),
        ("help", _("Help for who asks"), declared.help),
    ):
        if said is not None:
            found[name] = Told(label, said)
    safety = _("A question of safety: asked before all others")
    found["safety"] = _yes_or_no(words, safety, declared.safety)
    known = _("Always known: nobody takes a call without it")
    found["always known"] = _yes_or_no(words, known, declared.always_known)
    taken = declared.when_unknown
    if taken is not None:
        said = Words(words.value(declared.name, taken))
        label, code = _("When nobody knows, it is taken for"), format_value(taken)
        found["when unknown"] = Told(label, said, counts=code, code=code)
    return found


def fields_of_output(words: PolicyWords, table: Table, output: Output) -> dict[str, Told]:
    """What an answer can be, which table gives it, and whether it is part of the outcome."""
    found = _fields_of_declared(words, output)
    title = Words(words.say(table.title))
    found["table"] = Told(_("Table"), title, counts=table.name, code=table.name)
    part = output.name in words.policy.outcome
    found["outcome"] = _yes_or_no(words, _("Part of what the policy answers"), part)
    return found


def _fields_of_declared(words: PolicyWords, declared: Input | Output) -> dict[str, Told]:
    found = {
        "label": Told(_("In words"), declared.label),
        "type": Told(_("What it can be"), Words(_kinds()[declared.type]), counts=declared.type),
    }
    if declared.range is not None:
        endless = declared.range == EVERY_NUMBER
        limits = _("Any value") if endless else declared.domain.show(declared.range)
        found["range"] = Told(_("From what to what"), Words(limits))
    if declared.type == "number":
        whole = declared.domain.integer
        found["integer"] = _yes_or_no(words, _("Whole numbers only"), whole)
    for value in declared.values:
        label = _("The value %(name)s") % {"name": value.value}
        found[f"value {value.value}"] = Told(label, value.label)
    return found


def order_of_values(
    words: PolicyWords, declared: Input | Output, other: Input | Output
) -> dict[str, Told]:
    """The order in which `declared` has the values that both have."""
    both = {value.value for value in other.values}
    stand = [value for value in declared.values if value.value in both]
    codes = ", ".join(value.value for value in stand)
    said = Words(", ".join(words.say(value.label) for value in stand))
    return {"order": Told(_("Its values, in their order"), said, counts=codes, code=codes)}


def _yes_or_no(words: PolicyWords, label: str, said: bool) -> Told:
    return Told(label, Words(words.say(YES if said else NO)))


def _in_english(label: str, text: str) -> Told:
    """What is written in one language only."""
    return Told(label, Words(text), language="en")


def _kinds() -> dict[str, str]:
    return {
        "boolean": _("Yes or no"),
        "choice": _("One of several values"),
        "number": _("A number"),
        "date": _("A date"),
        "duration": _("Days, hours and minutes"),
        "period": _("Years and months"),
    }


def condition_words(condition: Condition) -> str:
    """A condition in one line: `anything but fire, hazard`, `10 or more`."""
    said = list(condition.alternatives)
    if condition.or_unknown:
        said.append(_("not known"))
    return (f"{_('anything but')} " if condition.anything_but else "") + ", ".join(said)

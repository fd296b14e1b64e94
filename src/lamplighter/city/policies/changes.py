"""What one version of a policy says that another does not: rule by rule, in words.

Two versions are compared as their content hash has them: nothing that counts there goes untold.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamplighter.policy import Policy, Rule
from lamplighter.policy.canonical import content

from .changed_parts import (
    ChangedPart,
    Fields,
    fields_of_input,
    fields_of_output,
    fields_of_policy,
    fields_of_promise,
    fields_of_rule,
    fields_of_table,
    moved_part,
    order_of_values,
    parts_of_new,
    parts_that_differ,
)
from .wording import PolicyWords, RuleInWords


@dataclass(frozen=True)
class RuleChange:
    """`added`, `removed`, `changed` or `moved`, with the rule in words on each side that has it."""

    kind: str
    id: str
    before: RuleInWords | None
    after: RuleInWords | None
    parts: tuple[ChangedPart, ...] = ()


@dataclass(frozen=True)
class TableChange:
    """`added`, `removed`, `moved`, or empty; what differs in the table, and in its rules."""

    name: str
    title: str
    rules: tuple[RuleChange, ...]
    kind: str = ""
    parts: tuple[ChangedPart, ...] = ()


@dataclass(frozen=True)
class NamedChange:
    """A promise, a question or an answer that was `added`, `removed`, `changed` or `moved`."""

    kind: str
    id: str
    words: str
    parts: tuple[ChangedPart, ...] = ()


@dataclass(frozen=True)
class Changes:
    """All that differs between two versions; `same` where they say the same to the last word.

    `versions` are their names, which no change counts: every proposal has one of its own.
    """

    same: bool
    policy: tuple[ChangedPart, ...] = ()
    tables: tuple[TableChange, ...] = ()
    answers: tuple[NamedChange, ...] = ()
    promises: tuple[NamedChange, ...] = ()
    questions: tuple[NamedChange, ...] = ()
    versions: tuple[str, str] = ("", "")

    @property
    def count(self) -> int:
        tables = sum(len(table.rules) + bool(table.kind or table.parts) for table in self.tables)
        named = len(self.answers) + len(self.promises) + len(self.questions)
        return bool(self.policy) + tables + named


@dataclass(frozen=True)
class _One:
    """A declaration of one version: what is compared, and its words; `group` is where it stands."""

    words: str
    content: object
    fields: Fields
    group: str = ""


class _Side:
    """One of the two versions: what it says, and how its readers read it."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.words = PolicyWords(policy, language)
        self.content = content(policy)
        self.tables = {table.name: table for table in policy.tables}
        self.told = {told["name"]: told for told in self.content["tables"]}

    def rules(self, table: str) -> dict[str, tuple[int, Rule, object]]:
        """Each rule of a table by its id: its number, the rule, and what is compared of it."""
        if table not in self.tables:
            return {}
        both = zip(self.tables[table].rules, self.told[table]["rules"], strict=True)
        return {rule.id: (n, rule, told) for n, (rule, told) in enumerate(both, 1)}

    def questions(self, other: Policy) -> dict[str, _One]:
        found = {}
        for told in self.content["inputs"]:
            name = told["name"]
            declared = self.policy.inputs[name]
            fields = fields_of_input(self.words, declared)
            if name in other.inputs:
                fields |= order_of_values(self.words, declared, other.inputs[name])
            found[name] = _One(self.words.label(name), told, fields)
        return found

    def answers(self, other: Policy) -> dict[str, _One]:
        theirs = {name: out for table in other.tables for name, out in table.outputs.items()}
        found = {}
        for table in self.policy.tables:
            for told in self.told[table.name]["outputs"]:
                name = told["name"]
                declared = table.outputs[name]
                fields = fields_of_output(self.words, table, declared)
                if name in theirs:
                    fields |= order_of_values(self.words, declared, theirs[name])
                whole = (told, table.name, name in self.policy.outcome)
                found[name] = _One(self.words.label(name), whole, fields, table.name)
        return found

    def promises(self) -> dict[str, _One]:
        return {
            promise.id: _One(self.words.say(promise.says), told, fields_of_promise(promise))
            for promise, told in zip(self.policy.promises, self.content["promises"], strict=True)
        }


def changes_between(old: Policy, new: Policy, language: str) -> Changes:
    """What changed from `old` to `new`, rules matched by their ids, in one language."""
    if old.content_hash == new.content_hash:
        return Changes(same=True)
    before, after = _Side(old, language), _Side(new, language)
    return Changes(
        same=False,
        policy=parts_that_differ(fields_of_policy(old), fields_of_policy(new), language),
        tables=_tables(before, after),
        answers=_named(before.answers(new), after.answers(old), language),
        promises=_named(before.promises(), after.promises(), language),
        questions=_named(before.questions(new), after.questions(old), language),
        versions=(old.version, new.version),
    )


def _tables(before: _Side, after: _Side) -> tuple[TableChange, ...]:
    stayed = _stayed([*before.tables], [*after.tables])
    found = []
    for name in dict.fromkeys([*after.tables, *before.tables]):
        was, now = before.tables.get(name), after.tables.get(name)
        if name in stayed and before.told[name] == after.told[name]:
            continue
        old = fields_of_table(before.words, was) if was else None
        new = fields_of_table(after.words, now) if now else None
        parts = _parts(old, new, after.words.language)
        rules = _rules(before.words, after.words, before.rules(name), after.rules(name))
        kind = "added" if was is None else "removed" if now is None else ""
        if not kind and name not in stayed:
            kind = "moved"
        title = after.words.say(now.title) if now else before.words.say(before.tables[name].title)
        if rules or parts or kind:
            found.append(TableChange(name, title, rules, kind, parts))
    return tuple(found)


_Rules = Mapping[str, tuple[int, Rule, object]]


def _rules(
    before: PolicyWords, after: PolicyWords, old: _Rules, new: _Rules
) -> tuple[RuleChange, ...]:
    stayed = _stayed([*old], [*new])
    found = []
    for name, (number, rule, told) in new.items():
        if name not in old:
            fields = fields_of_rule(after, rule)
            why = {part: fields[part] for part in ("because", "source")}
            parts = parts_of_new(why, after.language)
            found.append(RuleChange("added", name, None, after.rule(rule, number), parts))
            continue
        place, stood, tells = old[name]
        if name in stayed and tells == told:
            continue
        parts = ()
        if tells != told:
            was, now = fields_of_rule(before, stood), fields_of_rule(after, rule)
            parts = parts_that_differ(was, now, after.language)
        kind = "changed" if parts else "moved"
        if parts and name not in stayed:
            parts += (moved_part(place, number),)
        words = before.rule(stood, place), after.rule(rule, number)
        found.append(RuleChange(kind, name, *words, parts))
    for name, (place, stood, _told) in old.items():
        if name not in new:
            found.append(RuleChange("removed", name, before.rule(stood, place), None))
    return tuple(found)


def _named(
    old: Mapping[str, _One], new: Mapping[str, _One], language: str
) -> tuple[NamedChange, ...]:
    stayed = _stayed_in_groups(old, new)
    places = {name: place for place, name in enumerate(old, 1)}
    found = []
    for place, (name, one) in enumerate(new.items(), 1):
        was = old.get(name)
        if was is None:
            found.append(NamedChange("added", name, one.words, _parts(None, one.fields, language)))
            continue
        parts = _parts(was.fields, one.fields, language) if was.content != one.content else ()
        kind = "changed" if parts else "moved"
        if name not in stayed and was.group == one.group:
            parts += (moved_part(places[name], place),)
        if parts:
            found.append(NamedChange(kind, name, one.words, parts))
    found += [NamedChange("removed", name, old[name].words) for name in old if name not in new]
    return tuple(found)


def _parts(was: Fields | None, now: Fields | None, language: str) -> tuple[ChangedPart, ...]:
    """What differs; all of what is new, and nothing of what is gone."""
    if now is None:
        return ()
    return parts_of_new(now, language) if was is None else parts_that_differ(was, now, language)


def _stayed_in_groups(old: Mapping[str, _One], new: Mapping[str, _One]) -> set[str]:
    """What kept its place among its like: the answers of a table that moved have not moved."""
    stayed: set[str] = set()
    for group in {one.group for one in new.values()}:
        there = [name for name, one in old.items() if one.group == group]
        stayed |= _stayed(there, [name for name, one in new.items() if one.group == group])
    return stayed


def _stayed(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """What stands in both in the same order, as much of it as there can be."""
    places = {name: place for place, name in enumerate(old)}
    rising = _longest_rising([places[name] for name in new if name in places])
    return {old[place] for place in rising}


def _longest_rising(places: Sequence[int]) -> list[int]:
    """The most places that kept their order, so that as few as possible count as moved.

    Patience sorting: each place goes on the leftmost pile whose top is not lower, and remembers
    the top of the pile before, as it was then.

    >>> _longest_rising([0, 3, 1, 2])
    [0, 1, 2]
    """
    tops: list[int] = []
    below: dict[int, int | None] = {}
    for place in places:
        pile = bisect_left(tops, place)
        below[place] = tops[pile - 1] if pile else None
        tops[pile : pile + 1] = [place]
    found: list[int] = []
    at = tops[-1] if tops else None
    while at is not None:
        found.append(at)
        at = below[at]
    return found[::-1]

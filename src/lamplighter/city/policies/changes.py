"""What one version of a policy says that another does not: rule by rule, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lamplighter.policy import Policy, Rule

from .declared_words import Part, never_of, of_answer, of_fact, of_promise
from .wording import Condition, PolicyWords, RuleInWords, TableInWords


@dataclass(frozen=True)
class ChangedPart:
    """One part of what differs: its name, what stood there, what stands there."""

    name: str
    label: str
    before: str
    after: str


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
    """A promise, a question or an answer that was added, removed or changed, and in what."""

    kind: str
    id: str
    words: str
    parts: tuple[ChangedPart, ...] = ()


@dataclass(frozen=True)
class _Named:
    """What it is called, all that it says, for comparing, and the same part by part in words."""

    words: str
    says: object
    parts: Mapping[str, Part]


@dataclass(frozen=True)
class Changes:
    """All that differs between two versions; empty where they say the same."""

    tables: tuple[TableChange, ...]
    answers: tuple[NamedChange, ...]
    promises: tuple[NamedChange, ...]
    questions: tuple[NamedChange, ...]

    @property
    def count(self) -> int:
        tables = sum(
            len(table.rules) + len(table.parts) + bool(table.kind) for table in self.tables
        )
        return tables + len(self.answers) + len(self.promises) + len(self.questions)


def changes_between(old: Policy, new: Policy, language: str) -> Changes:
    """What changed from `old` to `new`, rules matched by their ids, in one language."""
    before, after = PolicyWords(old, language), PolicyWords(new, language)
    old_tables = {table.name: table for table in old.tables}
    new_tables = {table.name: table for table in new.tables}
    places = {name: place for place, name in enumerate(old_tables)}
    stayed = _longest_rising([places[name] for name in new_tables if name in places])
    tables = []
    for name in dict.fromkeys([*new_tables, *old_tables]):
        one, other = old_tables.get(name), new_tables.get(name)
        rules = _rules(before, after, one.rules if one else (), other.rules if other else ())
        parts: tuple[ChangedPart, ...] = ()
        if one is None:
            kind = "added"
        elif other is None:
            kind = "removed"
        else:
            kind = "" if places[name] in stayed else "moved"
            parts = _of_table(before.table(one), after.table(other))
        shown, words = (other, after) if other else (one, before)
        assert shown is not None
        if rules or parts or kind:
            tables.append(TableChange(name, words.say(shown.title), rules, kind, parts))
    answers = _named(_answers(before), _answers(after))
    promises = _named(_promises(before), _promises(after))
    questions = _named(_questions(before), _questions(after))
    return Changes(tuple(tables), answers, promises, questions)


def _of_table(was: TableInWords, said: TableInWords) -> tuple[ChangedPart, ...]:
    told = (
        ChangedPart("title", _("What it decides"), was.title, said.title),
        ChangedPart("hit", _("Which rules decide"), was.decides, said.decides),
    )
    return tuple(part for part in told if part.before != part.after)


def _answers(words: PolicyWords) -> dict[str, _Named]:
    """Each answer with what it can be, and whether it is part of the outcome."""
    return {
        name: _Named(
            words.label(name),
            (table.name, output, name in words.policy.outcome),
            of_answer(words, words.say(table.title), output),
        )
        for table in words.policy.tables
        for name, output in table.outputs.items()
    }


def _promises(words: PolicyWords) -> dict[str, _Named]:
    return {
        p.id: _Named(
            words.say(p.says), (words.say(p.says), never_of(p), p.source), of_promise(words, p)
        )
        for p in words.policy.promises
    }


def _questions(words: PolicyWords) -> dict[str, _Named]:
    """Each fact with what a question says and accepts; two that are equal read the same."""
    return {
        name: _Named(words.label(name), fact, of_fact(words, fact))
        for name, fact in words.policy.inputs.items()
    }


def _rules(
    before: PolicyWords, after: PolicyWords, old: Sequence[Rule], new: Sequence[Rule]
) -> tuple[RuleChange, ...]:
    old_at = {rule.id: place for place, rule in enumerate(old)}
    kept = [rule.id for rule in new if rule.id in old_at]
    stayed = _longest_rising([old_at[name] for name in kept])
    found = []
    for number, rule in enumerate(new, 1):
        said = after.rule(rule, number)
        if rule.id not in old_at:
            found.append(RuleChange("added", rule.id, None, said))
            continue
        was = before.rule(old[old_at[rule.id]], old_at[rule.id] + 1)
        parts = _parts(was, said)
        if parts:
            found.append(RuleChange("changed", rule.id, was, said, parts))
        elif old_at[rule.id] not in stayed:
            found.append(RuleChange("moved", rule.id, was, said))
    names = {rule.id for rule in new}
    for place, rule in enumerate(old):
        if rule.id not in names:
            found.append(RuleChange("removed", rule.id, before.rule(rule, place + 1), None))
    return tuple(found)


def _parts(was: RuleInWords, said: RuleInWords) -> tuple[ChangedPart, ...]:
    parts = []
    conditions = {c.name: c for c in was.conditions}, {c.name: c for c in said.conditions}
    for name in dict.fromkeys([*conditions[0], *conditions[1]]):
        one, other = conditions[0].get(name), conditions[1].get(name)
        if one != other:
            label = (other or one).label  # type: ignore[union-attr]
            parts.append(ChangedPart(name, label, condition_words(one), condition_words(other)))
    results = {r.name: r for r in was.results}, {r.name: r for r in said.results}
    for name in dict.fromkeys([*results[0], *results[1]]):
        gave, gives = results[0].get(name), results[1].get(name)
        if (gave and gave.value) != (gives and gives.value):
            label = (gives or gave).label  # type: ignore[union-attr]
            parts.append(
                ChangedPart(name, label, gave.words if gave else "", gives.words if gives else "")
            )
    if was.because != said.because:
        parts.append(ChangedPart("because", "", was.because, said.because))
    if was.source != said.source:
        parts.append(ChangedPart("source", "", was.source, said.source))
    return tuple(parts)


def condition_words(condition: Condition | None) -> str:
    """A condition in one line: `anything but fire, hazard`, `10 or more`; empty: anything."""
    if condition is None:
        return ""
    said = list(condition.alternatives)
    if condition.or_unknown:
        said.append(_("not known"))
    return (f"{_('anything but')} " if condition.anything_but else "") + ", ".join(said)


def _named(old: dict[str, _Named], new: dict[str, _Named]) -> tuple[NamedChange, ...]:
    found = []
    for name in dict.fromkeys([*new, *old]):
        if name not in old:
            found.append(NamedChange("added", name, new[name].words))
        elif name not in new:
            found.append(NamedChange("removed", name, old[name].words))
        elif old[name].says != new[name].says:
            parts = _parts_of(old[name].parts, new[name].parts)
            found.append(NamedChange("changed", name, new[name].words, parts))
    return tuple(found)


def _parts_of(was: Mapping[str, Part], said: Mapping[str, Part]) -> tuple[ChangedPart, ...]:
    """What differs: of many choices those that stand on one side only, or all, in their order."""
    found = []
    for name, part in said.items():
        before, after = was[name].says, part.says
        if before == after:
            continue
        gone = tuple(one for one in before if one not in after)
        come = tuple(one for one in after if one not in before)
        if gone or come:
            before, after = gone, come
        found.append(ChangedPart(name, part.label, ", ".join(before), ", ".join(after)))
    return tuple(found)


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The most rules that kept their order, so that as few as possible count as moved.

    >>> sorted(_longest_rising([0, 3, 1, 2]))
    [0, 1, 2]
    """
    best: list[list[int]] = []
    for place in places:
        longest = max((run for run in best if run[-1] < place), key=len, default=[])
        best.append([*longest, place])
    return set(max(best, key=len, default=[]))

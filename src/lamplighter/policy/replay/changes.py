"""What was changed between two versions of a policy, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, TypeAlias

from lamplighter.policy.domains import format_value
from lamplighter.policy.model import Cell, Input, Output, Policy, Promise, Rule, Table

ChangeKind: TypeAlias = Literal["added", "removed", "changed"]
Part: TypeAlias = Literal["policy", "input", "table", "output", "rule"]
PromiseKind: TypeAlias = Literal["gained", "lost", "changed", "kept", "still broken"]


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that is different; None where it was not there, or is not any more."""

    field: str
    before: str | None
    after: str | None

    def to_dict(self) -> dict[str, Any]:
        return {"field": self.field, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the policy that was added, removed or changed, and what about it."""

    kind: ChangeKind
    part: Part
    name: str
    table: str | None
    details: tuple[Detail, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "part": self.part,
            "name": self.name,
            "table": self.table,
            "details": [one.to_dict() for one in self.details],
        }


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """What became of a promise. The statuses are those of `policy check`; None: not stated.

    It is gained where the new policy keeps it and the old one did not keep or state it, lost the
    other way round, changed where both keep it and it says something else, kept where both keep
    the same, and still broken where neither keeps it.
    """

    id: str
    kind: PromiseKind
    says: str
    before: str | None
    after: str | None
    details: tuple[Detail, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "says": self.says,
            "before": self.before,
            "after": self.after,
            "details": [one.to_dict() for one in self.details],
        }


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every difference in inputs, tables, outputs and rules; comments and layout are none."""
    found: list[Change] = []
    own = _details(_policy(old), _policy(new))
    if own:
        found.append(Change("changed", "policy", new.name, None, own))
    found += _parts("input", None, old.inputs, new.inputs, _input)
    tables = {table.name: table for table in old.tables}
    others = {table.name: table for table in new.tables}
    found += _parts("table", None, tables, others, _table)
    for name in dict.fromkeys([*tables, *others]):
        before, after = tables.get(name), others.get(name)
        was, will = (one.outputs if one else {} for one in (before, after))
        found += _parts("output", name, was, will, _output)
        found += _rules(name, before.rules if before else (), after.rules if after else ())
    return tuple(found)


def promise_changes(
    old: Policy, new: Policy, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[PromiseChange, ...]:
    """Which promises are gained or lost; the statuses are by id, and "proved" is a kept one."""
    olds = {promise.id: promise for promise in old.promises}
    news = {promise.id: promise for promise in new.promises}
    found = []
    for name in dict.fromkeys([*news, *olds]):
        promise = news.get(name) or olds[name]
        details: tuple[Detail, ...] = ()
        if name in olds and name in news:
            details = _details(_promise(olds[name]), _promise(news[name]))
        was, will = _kept(before.get(name)), _kept(after.get(name))
        kind: PromiseKind = "still broken"
        if was and will:
            kind = "changed" if "never" in [detail.field for detail in details] else "kept"
        elif was != will:
            kind = "gained" if will else "lost"
        found.append(
            PromiseChange(name, kind, promise.says.en, before.get(name), after.get(name), details)
        )
    return tuple(found)


def _kept(status: str | None) -> bool:
    return status == "proved"


def _parts(part: Part, table: str | None, old: Any, new: Any, told: Any) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        if name not in new:
            yield Change("removed", part, name, table, _details(told(old[name]), {}))
        elif name not in old:
            yield Change("added", part, name, table, _details({}, told(new[name])))
        else:
            details = _details(told(old[name]), told(new[name]))
            if details:
                yield Change("changed", part, name, table, details)


def _rules(table: str, old: Sequence[Rule], new: Sequence[Rule]) -> Iterator[Change]:
    """Rules by their id. Of those in both, the ones outside the longest common run were moved."""
    olds = {rule.id: rule for rule in old}
    news = {rule.id: rule for rule in new}
    before = [name for name in olds if name in news]
    after = [name for name in news if name in olds]
    stayed: set[str] = set()
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        stayed |= set(before[block.a : block.a + block.size])
    for change in _parts("rule", table, olds, {n: r for n, r in news.items() if n in olds}, _rule):
        if change.kind == "removed" or change.name in stayed:
            yield change
    for place, (name, rule) in enumerate(news.items(), 1):
        if name not in olds:
            details = (Detail("place", None, str(place)), *_details({}, _rule(rule)))
            yield Change("added", "rule", name, table, details)
        elif name not in stayed:
            was = [*olds].index(name) + 1
            moved = Detail("place", str(was), str(place))
            details = (moved, *_details(_rule(olds[name]), _rule(rule)))
            yield Change("changed", "rule", name, table, details)


def _details(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Detail, ...]:
    """What is different; a pair is what is compared and how it is written."""
    found = []
    for field in dict.fromkeys([*old, *new]):
        before, after = old.get(field), new.get(field)
        if (before and before[0]) != (after and after[0]):
            found.append(Detail(field, before and before[1], after and after[1]))
    return tuple(found)


def _same(written: str) -> tuple[str, str]:
    return written, written


def _words(name: str, words: Any) -> dict[str, tuple[str, str]]:
    """Words in English, and in Spanish where there are any."""
    told = {name: _same(words.en)} if words and words.en else {}
    return told | ({f"{name} (es)": _same(words.es)} if words and words.es else {})


def _policy(policy: Policy) -> dict[str, tuple[Any, str]]:
    return {
        "name": _same(policy.name),
        "version": _same(policy.version),
        **_words("title", policy.title),
        **_words("about", policy.about),
        "outcome": _same(", ".join(policy.outcome)),
        "order of the inputs": _same(", ".join(policy.inputs)),
        "order of the tables": _same(", ".join(table.name for table in policy.tables)),
    }


def _input(one: Input) -> dict[str, tuple[Any, str]]:
    taken = "" if one.when_unknown is None else format_value(one.when_unknown)
    return {
        "domain": _same(str(one.domain)),
        **_words("label", one.label),
        **_words("question", one.ask),
        **_words("help", one.help),
        **_labels(one.values),
        **({"when unknown": _same(taken)} if taken else {}),
        **({"always known": _same("true")} if one.always_known else {}),
        **({"safety": _same("true")} if one.safety else {}),
    }


def _output(one: Output) -> dict[str, tuple[Any, str]]:
    return {"domain": _same(str(one.domain)), **_words("label", one.label), **_labels(one.values)}


def _labels(values: Any) -> dict[str, tuple[Any, str]]:
    told: dict[str, tuple[Any, str]] = {}
    for value in values:
        told |= _words(f"label of {value.value}", value.label)
    return told


def _table(table: Table) -> dict[str, tuple[Any, str]]:
    hit = f"{table.hit} {table.aggregate}" if table.aggregate else table.hit
    return {**_words("title", table.title), "hit": _same(hit)}


def _rule(rule: Rule) -> dict[str, tuple[Any, str]]:
    return {
        **{f"cell {name}": (_meaning(cell), cell.text) for name, cell in rule.when.items()},
        **{f"output {name}": _same(format_value(value)) for name, value in rule.then.items()},
        **_words("because", rule.because),
        "source": _same(rule.source),
    }


def _meaning(cell: Cell) -> object:
    """Two ways of writing the same cell are no change."""
    side = cell.side
    return side.values, frozenset(side.intervals), side.unknown


def _promise(promise: Promise) -> dict[str, tuple[Any, str]]:
    never = " ".join(promise.never.split())
    return {"never": _same(never), **_words("says", promise.says), "source": _same(promise.source)}

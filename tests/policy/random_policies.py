"""Random policies, and a slow reference that decides them by trying everything.

The reference shares nothing with the engine: it keeps each cell as a Python predicate beside
the text that the engine reads, and it knows what is possible by running through all answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import strategies as st

from lamplighter.policy import UNKNOWN, Fact, Policy, Result, Value, parse_policy

Predicate = Callable[[Value], bool]


@dataclass(frozen=True)
class RefCell:
    text: str
    accepts: Predicate
    lists_unknown: bool = False


@dataclass(frozen=True)
class RefInput:
    name: str
    kind: str
    values: tuple[Value, ...]
    integer: bool = False
    always_known: bool = False
    when_unknown: Value | None = None
    asked: bool = True

    @property
    def answers(self) -> tuple[Fact, ...]:
        return self.values if self.always_known else (*self.values, UNKNOWN)


@dataclass(frozen=True)
class RefRule:
    when: dict[str, RefCell]
    then: dict[str, Value]


@dataclass(frozen=True)
class RefTable:
    name: str
    hit: str
    outputs: dict[str, tuple[str, tuple[Value, ...]]]
    rules: tuple[RefRule, ...]

    @property
    def gathers(self) -> bool:
        return self.hit in ("rule order", "output order", "collect")

    def answer(self, found: list[int]) -> tuple[dict[str, Result], list[int]] | None:
        """What the table gives where these rules match, and which of them count."""
        by_weight = self.hit in ("priority", "output order")
        counted = sorted(found, key=self.weight) if by_weight else found
        thens = [self.rules[number].then for number in counted]
        if self.gathers:
            return {name: tuple(then[name] for then in thens) for name in self.outputs}, counted
        if self.hit.startswith("collect"):
            (name,) = self.outputs
            values = [then[name] for then in thens]
            if not values and self.hit in ("collect min", "collect max"):
                return None
            how = {"count": len, "sum": sum, "min": min, "max": max}[self.hit.split()[1]]
            return {name: how(values)}, counted
        if not found or (self.hit == "unique" and len(found) > 1):
            return None
        if self.hit == "any" and any(then != thens[0] for then in thens):
            return None
        return dict(thens[0]), counted[:1]

    def weight(self, number: int) -> list[int]:
        """What goes first where the order of values decides."""
        then = self.rules[number].then
        return [values.index(then[name]) for name, (_, values) in self.outputs.items()]


@dataclass(frozen=True)
class RefPolicy:
    inputs: tuple[RefInput, ...]
    tables: tuple[RefTable, ...]
    outcome: tuple[str, ...]
    policy: Policy

    def matching(
        self, rule: RefRule, facts: Mapping[str, Fact], settled: Mapping[str, Any]
    ) -> bool:
        declared = {one.name: one for one in self.inputs}
        for name, cell in rule.when.items():
            if cell.text == "-":
                continue
            if name in settled:
                if not cell.accepts(settled[name]):
                    return False
                continue
            fact = facts[name]
            if fact is UNKNOWN:
                taken_for = declared[name].when_unknown
                if not cell.lists_unknown and (taken_for is None or not cell.accepts(taken_for)):
                    return False
            elif not cell.accepts(fact):
                return False
        return True

    def run(self, facts: Mapping[str, Fact]) -> tuple[dict[str, Result], list[str]] | None:
        """All outputs and the rules that hit, when every fact is settled; None on failure."""
        settled: dict[str, Result] = {}
        hits: list[str] = []
        for table in self.tables:
            found = [n for n, r in enumerate(table.rules) if self.matching(r, facts, settled)]
            answer = table.answer(found)
            if answer is None:
                return None
            settled.update(answer[0])
            hits += [f"{table.name}r{number}" for number in answer[1]]
        return settled, hits

    def outcome_of(self, facts: Mapping[str, Fact]) -> tuple[Result, ...] | None:
        found = self.run(facts)
        return None if found is None else tuple(found[0][name] for name in self.outcome)

    def completions(self, facts: Mapping[str, Fact]) -> Iterator[dict[str, Fact]]:
        absent = [one for one in self.inputs if one.name not in facts]
        for answers in product(*(one.answers for one in absent)):
            yield {**facts, **dict(zip((one.name for one in absent), answers, strict=True))}

    def possible(self, facts: Mapping[str, Fact]) -> set[tuple[Result, ...] | None]:
        return {self.outcome_of(complete) for complete in self.completions(facts)}

    def can_matter(self, facts: Mapping[str, Fact]) -> tuple[str, ...]:
        outcomes = {
            tuple(complete[one.name] for one in self.inputs): self.outcome_of(complete)
            for complete in self.completions(facts)
        }
        matter = []
        for place, one in enumerate(self.inputs):
            if one.name in facts:
                continue
            seen: dict[tuple[Fact, ...], object] = {}
            for key, outcome in outcomes.items():
                others = key[:place] + key[place + 1 :]
                if seen.setdefault(others, outcome) != outcome:
                    matter.append(one.name)
                    break
        return tuple(matter)


_NUMBERS = tuple(half / 2 for half in range(7))  # [0..3], every end and every gap between


@st.composite
def inputs(draw: st.DrawFn, name: str) -> RefInput:
    kind = draw(st.sampled_from(["boolean", "choice", "choice", "number"]))
    integer = False
    if kind == "boolean":
        values: tuple[Value, ...] = (True, False)
    elif kind == "choice":
        values = tuple("abcd"[: draw(st.integers(1, 4))])
    else:
        integer = draw(st.booleans())
        values = (0, 1, 2, 3) if integer else _NUMBERS
    always_known = draw(st.integers(0, 5)) == 0
    when_unknown = None
    if not always_known and draw(st.booleans()):
        when_unknown = draw(st.sampled_from(values))
    return RefInput(
        name, kind, values, integer, always_known, when_unknown, asked=draw(st.booleans())
    )


def _choice_test(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, Predicate]]:
    return st.sampled_from(values).map(lambda v: (json.dumps(v), lambda x, v=v: x == v))


@st.composite
def _number_test(draw: st.DrawFn, low: int, high: int) -> tuple[str, Predicate]:
    one, two = sorted((draw(st.integers(low, high)), draw(st.integers(low, high))))
    shape = draw(st.sampled_from(["=", "<", "<=", ">", ">=", "..", ".."]))
    if shape == "=":
        return str(one), lambda x: x == one
    if shape == "<":
        return f"< {one}", lambda x: x < one
    if shape == "<=":
        return f"<= {one}", lambda x: x <= one
    if shape == ">":
        return f"> {one}", lambda x: x > one
    if shape == ">=":
        return f">= {one}", lambda x: x >= one
    left, right = draw(st.sampled_from("[(]")), draw(st.sampled_from("])["))
    if one == two:
        left, right = "[", "]"

    def inside(x: Value) -> bool:
        above = x >= one if left == "[" else x > one
        return above and (x <= two if right == "]" else x < two)

    return f"{left}{one}..{two}{right}", inside


@st.composite
def cells(draw: st.DrawFn, kind: str, values: tuple[Value, ...], unknown: bool) -> RefCell:
    if draw(st.integers(0, 4)) == 0:
        return RefCell("-", lambda _: True)
    if kind == "boolean":
        test = st.booleans().map(lambda v: (str(v).lower(), lambda x, v=v: x is v))
    elif kind == "choice":
        test = _choice_test(values)
    else:
        test = _number_test(int(min(values)), int(max(values)))
    tests = draw(st.lists(test, min_size=1, max_size=3))
    space = draw(st.sampled_from(["", " "]))
    text = f"{space},{space}".join(part for part, _ in tests)

    def accepts(value: Value) -> bool:
        return any(predicate(value) for _, predicate in tests)

    if draw(st.integers(0, 3)) == 0:
        return RefCell(f"not({text})", lambda value: not accepts(value))
    if unknown and draw(st.integers(0, 3)) == 0:
        if draw(st.booleans()):
            return RefCell("unknown", lambda _: False, lists_unknown=True)
        return RefCell(f"{text},unknown", accepts, lists_unknown=True)
    return RefCell(text, accepts)


@st.composite
def policies(draw: st.DrawFn) -> RefPolicy:
    declared = tuple(draw(inputs(f"i{n}")) for n in range(draw(st.integers(2, 4))))
    tables: list[RefTable] = []
    earlier: dict[str, tuple[str, tuple[Value, ...]]] = {}
    for t in range(draw(st.integers(1, 3))):
        outputs: dict[str, tuple[str, tuple[Value, ...]]] = {}
        for o in range(draw(st.integers(1, 2))):
            kind, values = draw(
                st.sampled_from(
                    [("choice", ("x", "y", "z")), ("boolean", (True, False)), ("number", (1, 2, 3))]
                )
            )
            outputs[f"o{t}{o}"] = (kind, values)
        rules = []
        for _ in range(draw(st.integers(1, 7))):
            when: dict[str, RefCell] = {}
            for one in declared:
                if draw(st.booleans()):
                    when[one.name] = draw(cells(one.kind, one.values, not one.always_known))
            for name, (kind, values) in earlier.items():
                if draw(st.booleans()):
                    when[name] = draw(cells(kind, values, False))
            then = {name: draw(st.sampled_from(values)) for name, (_, values) in outputs.items()}
            rules.append(RefRule(when, then))
        # Without a rule for the rest most facts would only lead to a failure.
        if draw(st.integers(0, 4)):
            then = {name: draw(st.sampled_from(values)) for name, (_, values) in outputs.items()}
            rules.append(RefRule({}, then))
        hit = draw(st.sampled_from(_hit_policies(outputs)))
        tables.append(RefTable(f"t{t}", hit, outputs, tuple(rules)))
        if hit in ("collect count", "collect sum"):
            ((name, (_, values)),) = outputs.items()
            most = len(rules) if hit == "collect count" else sum(r.then[name] for r in rules)
            earlier[name] = ("number", tuple(range(most + 1)))
        elif not tables[-1].gathers:
            earlier |= outputs
    every = [name for table in tables for name in table.outputs]
    chosen = tuple(every)
    if draw(st.booleans()):
        picked = draw(st.sets(st.sampled_from(every), min_size=1))
        chosen = tuple(name for name in every if name in picked)
    return RefPolicy(declared, tuple(tables), chosen, parse_policy(_yaml(declared, tables, chosen)))


def _hit_policies(outputs: Mapping[str, tuple[str, tuple[Value, ...]]]) -> list[str]:
    kinds = {kind for kind, _ in outputs.values()}
    fit = ["first"] * 4 + ["any", "any", "unique", "rule order", "collect"]
    if kinds == {"choice"}:
        fit += ["priority", "priority", "output order"]
    if len(outputs) == 1:
        fit += ["collect count"]
    if len(outputs) == 1 and kinds == {"number"}:
        fit += ["collect sum", "collect min", "collect max"]
    return fit


def _yaml(declared: tuple[RefInput, ...], tables: list[RefTable], outcome: tuple[str, ...]) -> str:
    """JSON is YAML: the plain tree, dumped."""
    tree: dict[str, object] = {"policy": "random", "version": "1"}
    tree["inputs"] = {one.name: _input_tree(one) for one in declared}
    tree["outcome"] = list(outcome)
    tree["tables"] = {
        table.name: {
            "hit": table.hit,
            "outputs": {n: _output_tree(k, v) for n, (k, v) in table.outputs.items()},
            "rules": [
                {
                    "id": f"{table.name}r{number}",
                    "when": {name: cell.text for name, cell in rule.when.items()},
                    "then": rule.then,
                    "because": "it is so",
                    "source": "nowhere",
                }
                for number, rule in enumerate(table.rules)
            ],
        }
        for table in tables
    }
    return json.dumps(tree)


def _input_tree(one: RefInput) -> dict[str, object]:
    tree: dict[str, object] = {"type": one.kind}
    if one.kind == "choice":
        tree["values"] = list(one.values)
    if one.kind == "number":
        tree |= {"range": "[0..3]", "integer": one.integer}
    if one.always_known:
        tree["always known"] = True
    if one.when_unknown is not None:
        tree["when unknown"] = one.when_unknown
    if one.asked:
        tree["ask"] = f"What is {one.name}?"
    return tree


def _output_tree(kind: str, values: tuple[Value, ...]) -> dict[str, object]:
    if kind == "choice":
        return {"values": list(values)}
    return {"type": kind, "range": "[1..3]"} if kind == "number" else {"type": kind}


@st.composite
def policies_and_facts(draw: st.DrawFn) -> tuple[RefPolicy, dict[str, Fact]]:
    """A policy and facts for some of its inputs."""
    made = draw(policies())
    facts: dict[str, Fact] = {}
    for one in made.inputs:
        if draw(st.booleans()):
            facts[one.name] = draw(st.sampled_from(one.answers))
    return made, facts

"""Random promises about random policies, each with a predicate that tries it in plain Python."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from lamplighter.policy import UNKNOWN, Fact, Policy, PolicyError, Value, parse_policy
from tests.policy.random_policies import RefPolicy, policies


@dataclass(frozen=True)
class Situation:
    """A call, what the tables gave, and the true facts behind what was unknown."""

    facts: Mapping[str, Fact]
    outputs: Mapping[str, Any]
    actual: Mapping[str, Value]
    asked: Callable[[str], bool]


Test = Callable[[Situation], bool]


@dataclass(frozen=True)
class RefPromise:
    never: str
    happens: Test
    actual: frozenset[str]


@dataclass(frozen=True)
class Promised:
    """A policy with a promise, and the slow way to break it."""

    made: RefPolicy
    promise: RefPromise
    policy: Policy

    def situations(self, facts: Mapping[str, Fact]) -> list[Situation]:
        """A complete call with all true facts that may be behind it; none where it fails."""
        found = self.made.run(facts)
        if found is None:
            return []
        declared = {one.name: one for one in self.made.inputs}
        names = sorted(self.promise.actual)
        truths = [declared[n].values if facts[n] is UNKNOWN else (facts[n],) for n in names]

        def asked(name: str) -> bool:
            if declared[name].always_known:
                return True
            outcomes = {
                self.made.outcome_of({**facts, name: answer}) for answer in declared[name].answers
            }
            return len(outcomes) > 1

        return [
            Situation(facts, found[0], dict(zip(names, truth, strict=True)), asked)
            for truth in product(*truths)
        ]

    def breaking(self) -> list[Mapping[str, Fact]]:
        """All calls that break the promise, for some true facts."""
        return [
            facts
            for facts in self.made.completions({})
            if any(self.promise.happens(one) for one in self.situations(facts))
        ]


def _written(value: Value) -> str:
    return json.dumps(value)


def _reader(kind: str, name: str) -> tuple[str, Callable[[Situation], Any]]:
    if kind == "actual":
        return f"actual({name})", lambda s: s.actual[name]
    if kind == "known":
        return name, lambda s: s.facts[name]
    return name, lambda s: s.outputs[name]


@st.composite
def _tests(draw: st.DrawFn, made: RefPolicy) -> RefPromise:
    kind = draw(st.sampled_from(["known", "known", "actual", "asked", "output", "output"]))
    if kind in ("known", "actual", "asked"):
        one = draw(st.sampled_from(made.inputs))
        name, values = one.name, one.values
        if kind == "asked":
            return RefPromise(f"asked({name})", lambda s: s.asked(name), frozenset())
        may_be_unknown = kind == "known" and not one.always_known
    else:
        table = draw(st.sampled_from(made.tables))
        name = draw(st.sampled_from(list(table.outputs)))
        value_kind, values = table.outputs[name]
        may_be_unknown = False
        if table.gathers:
            value = draw(st.sampled_from(values))
            return RefPromise(
                f"{name} contains {_written(value)}",
                lambda s: any(v == value and type(v) is type(value) for v in s.outputs[name]),
                frozenset(),
            )
        if table.hit == "collect count":
            values = tuple(range(len(table.rules) + 1))
        elif table.hit == "collect sum":
            values = (0, sum(rule.then[name] for rule in table.rules))
    text, read = _reader(kind, name)
    speaks = frozenset([name] if kind == "actual" else [])
    shape = draw(st.sampled_from(["=", "!=", "in", "not in", "line", "unknown"]))
    if shape == "unknown" and may_be_unknown:
        return RefPromise(f"{text} = unknown", lambda s: read(s) is UNKNOWN, speaks)
    if shape == "line" and not isinstance(values[0], str | bool):
        end = draw(st.sampled_from([v for v in values if v == int(v)]))
        return RefPromise(
            f"{text} < {int(end)}",
            lambda s: read(s) is not UNKNOWN and read(s) < end,
            speaks,
        )
    some = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
    if shape in ("=", "!="):
        some = some[:1]
        body = f"{text} {shape} {_written(some[0])}"
    else:
        shape = "not in" if shape == "not in" else "in"
        body = f"{text} {shape} ({', '.join(map(_written, some))})"

    def inside(s: Situation) -> bool:
        return any(read(s) == v for v in some if isinstance(v, bool) == isinstance(read(s), bool))

    if shape in ("=", "in"):
        return RefPromise(body, inside, speaks)
    return RefPromise(body, lambda s: not inside(s), speaks)


def _joined(parts: list[RefPromise], word: str) -> RefPromise:
    how = all if word == "and" else any
    return RefPromise(
        f"({f' {word} '.join(part.never for part in parts)})",
        lambda s: how(part.happens(s) for part in parts),
        frozenset().union(*(part.actual for part in parts)),
    )


def promises(made: RefPolicy) -> st.SearchStrategy[RefPromise]:
    """What must never happen in a policy: tests, joined and negated."""

    def more(inner: st.SearchStrategy[RefPromise]) -> st.SearchStrategy[RefPromise]:
        lists = st.lists(inner, min_size=2, max_size=3)
        negated = inner.map(
            lambda p: RefPromise(f"not {p.never}", lambda s: not p.happens(s), p.actual)
        )
        return st.one_of(
            lists.map(lambda parts: _joined(parts, "and")),
            lists.map(lambda parts: _joined(parts, "and")),
            lists.map(lambda parts: _joined(parts, "or")),
            negated,
        )

    return st.recursive(_tests(made), more, max_leaves=5)


@st.composite
def promised(draw: st.DrawFn) -> Promised:
    """A random policy with a random promise."""
    made = draw(policies())
    promise = draw(promises(made))
    tree = json.loads(made.policy.text)
    tree["promises"] = [{"id": "p", "says": "it is so", "never": promise.never}]
    try:
        return Promised(made, promise, parse_policy(json.dumps(tree)))
    except PolicyError as error:
        if all("meets this" in problem.message for problem in error.problems):
            reject()  # the reader refuses a test that no value meets
        raise

"""Whatever the policy, `check` finds the gaps, overlaps and lost rules that there are."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings

from lamplighter.policy import Fact, Result
from lamplighter.policy.check import check
from tests.policy.random_policies import RefPolicy, RefTable, policies

thorough = settings(max_examples=120, deadline=None)


def before(made: RefPolicy, table: RefTable, facts: Mapping[str, Fact]) -> dict[str, Result] | None:
    """What the tables that this one depends on say, directly or not; None where they fail."""
    needed = {name for rule in table.rules for name, cell in rule.when.items() if cell.text != "-"}
    place = made.tables.index(table)
    chain = []
    for earlier in reversed(made.tables[:place]):
        if needed & set(earlier.outputs):
            chain.append(earlier)
            for rule in earlier.rules:
                needed |= {name for name, cell in rule.when.items() if cell.text != "-"}
    part = RefPolicy(made.inputs, tuple(reversed(chain)), (), made.policy)
    found = part.run(facts)
    return None if found is None else found[0]


def matches(made: RefPolicy, table: RefTable) -> list[set[int]]:
    """For every call that reaches the table, the rules that match."""
    found = []
    for facts in made.completions({}):
        settled = before(made, table, facts)
        if settled is not None:
            rules = enumerate(table.rules)
            found.append({n for n, rule in rules if made.matching(rule, facts, settled)})
    return found


@thorough
@given(policies())
def test_gaps_are_found_where_they_are(made: RefPolicy) -> None:
    expected = {t.name for t in made.tables if t.answer([]) is None and set() in matches(made, t)}
    findings = [f for f in check(made.policy).findings if f.kind == "gap"]
    assert {f.table for f in findings} == expected
    for finding in findings:
        table = next(t for t in made.tables if t.name == finding.table)
        assert finding.call is not None
        facts = {one.name: finding.call.get(one.name, one.answers[0]) for one in made.inputs}
        settled = before(made, table, facts)
        assert settled is not None
        assert not any(made.matching(rule, facts, settled) for rule in table.rules)


@thorough
@given(policies())
def test_overlaps_are_found_where_they_are(made: RefPolicy) -> None:
    expected = set()
    for table in made.tables:
        if table.hit in ("unique", "any"):
            for hits in matches(made, table):
                for one in hits:
                    for two in hits:
                        differ = table.rules[one].then != table.rules[two].then
                        if one < two and (differ or table.hit == "unique"):
                            expected.add((f"{table.name}r{one}", f"{table.name}r{two}"))
    findings = [f for f in check(made.policy).findings if f.kind == "overlap"]
    assert {f.rules for f in findings} == expected
    for finding in findings:
        table = next(t for t in made.tables if t.name == finding.table)
        assert finding.call is not None
        facts = {one.name: finding.call.get(one.name, one.answers[0]) for one in made.inputs}
        settled = before(made, table, facts)
        assert settled is not None
        hits = [
            f"{table.name}r{n}"
            for n, r in enumerate(table.rules)
            if made.matching(r, facts, settled)
        ]
        assert set(finding.rules) <= set(hits)


@thorough
@given(policies())
def test_dead_and_shadowed_rules_are_found_where_they_are(made: RefPolicy) -> None:
    dead, shadowed = set(), {}
    for table in made.tables:
        calls = matches(made, table)
        by_weight = sorted(range(len(table.rules)), key=table.weight)
        place = by_weight.index if table.hit == "priority" else int
        for number in range(len(table.rules)):
            mine = [hits for hits in calls if number in hits]
            if not mine:
                dead.add(f"{table.name}r{number}")
            elif table.hit in ("first", "priority") and all(
                min(map(place, hits)) < place(number) for hits in mine
            ):
                shadowed[f"{table.name}r{number}"] = (table.name, mine)
    findings = check(made.policy).findings
    assert {f.rules[0] for f in findings if f.kind == "dead"} == dead
    blamed = {f.rules[0]: f.rules[1:] for f in findings if f.kind == "shadowed"}
    assert set(blamed) == set(shadowed)
    for rule, others in blamed.items():
        name, mine = shadowed[rule]
        numbers = {int(other.removeprefix(f"{name}r")) for other in others}
        assert all(hits & numbers for hits in mine)
        # None of them is blamed for nothing.
        for number in numbers:
            assert any(not hits & (numbers - {number}) for hits in mine)


@thorough
@given(policies())
def test_a_policy_that_passes_decides_every_call(made: RefPolicy) -> None:
    if check(made.policy).passed:
        for facts in made.completions({}):
            assert made.run(facts) is not None

"""The rules of a policy as Ibis expressions, for any engine that speaks SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled, CompiledTable
from lamplighter.policy.domains import UNKNOWN, Fact, Value
from lamplighter.policy.model import Policy

if TYPE_CHECKING:
    import ibis

    Table: TypeAlias = ibis.Table

NOBODY = -1


def with_decisions(policy: Policy, calls: Table) -> Table:
    """The calls with what the policy decides about each once the questions are over.

    `calls` has a column for each input that is known in some calls, called like the input, with
    its values; null and an input without a column count as unknown, and so does a value outside
    the domain. An input may have a second, boolean column `unknown_…` where somebody asked and
    nobody knew. Added are, for each table, `rule_…`: the id of the rule that hits; and each
    output under its name. All are null where a table has no answer, or two, or where an input
    that must be known is not.

    It is lazy: `ibis.to_sql(…)` shows it, `.execute()` or `.to_parquet(…)` runs it on the engine
    of `calls`.
    """
    compiled = policy.engine.compiled
    table = with_rules(compiled, with_classes(compiled, calls))
    added: dict[str, Any] = {}
    failed = table[_answer(0)] == NOBODY
    for place in range(1, len(compiled.tables)):
        failed |= table[_answer(place)] == NOBODY
    for place, one in enumerate(compiled.tables):
        ids = {number: rule.id for number, rule in enumerate(one.table.rules)}
        added[f"rule_{one.table.name}"] = failed.ifelse(None, _chosen(table[_rule(place)], ids))
        for name in one.table.outputs:
            values = {number: answer[name] for number, answer in enumerate(one.answers)}
            added[name] = failed.ifelse(None, _chosen(table[_answer(place)], values))
    return table.mutate(**added).select(*calls.columns, *added)


def with_classes(compiled: Compiled, calls: Table) -> Table:
    """Adds `_class_N` for each input: its class of facts once settled; -1 where none may be."""
    added = {}
    for place, axis in enumerate(compiled.axes):
        added[_class(place)] = _settled(axis, calls)
    return calls.mutate(**added)


def with_digits(compiled: Compiled, calls: Table, given: Sequence[int]) -> Table:
    """Adds `_digit_N` for the given inputs: its class of facts, one beyond where nobody asked."""
    added = {}
    for place in given:
        axis = compiled.axes[place]
        added[f"_digit_{place}"] = _classes(axis, calls, len(axis.examples))
    return calls.mutate(**added)


def with_rules(compiled: Compiled, table: Table) -> Table:
    """Adds `_rule_N` and `_answer_N` for each table: the rule that hits and its class of outputs.

    Both are -1 where the table has no answer, or where rules disagree that must not.
    """
    for place, one in enumerate(compiled.tables):
        matching = [_matches(compiled, table, place, rule) for rule in range(len(one.table.rules))]
        # Each step is a column of its own: the next one names it and does not repeat it.
        table = table.mutate(**{_rule(place): _hit(one, matching)})
        classes: dict[int, int] = dict(enumerate(one.class_of_rule))
        answer = _chosen(table[_rule(place)], classes).fill_null(NOBODY)
        table = table.mutate(**{_answer(place): answer.cast("int32")})
    return table


def _hit(one: CompiledTable, matching: Sequence[Any]) -> Any:
    import ibis

    first = ibis.cases(*((match, number) for number, match in enumerate(matching)), else_=NOBODY)
    if not one.unique:
        return first.cast("int32")
    agreeing = []
    for number, match in enumerate(matching):
        same = one.members(one.class_of_rule[number])
        others = [m for n, m in enumerate(matching) if not same >> n & 1]
        agreeing.append((match & ~_any(others) if others else match, number))
    return ibis.cases(*agreeing, else_=NOBODY).cast("int32")


def _matches(compiled: Compiled, table: Table, place: int, rule: int) -> Any:
    import ibis

    one = compiled.tables[place]
    tests = []
    for position, masks in one.columns:
        accepted = [code for code, mask in enumerate(masks) if mask >> rule & 1]
        if len(accepted) < len(masks) or compiled.axes[position].declared.always_known:
            tests.append(_in(table[_class(position)], accepted))
    for link in one.links:
        if link.tested >> rule & 1:
            accepted = [answer for answer, mask in enumerate(link.masks) if mask >> rule & 1]
            tests.append(_in(table[_answer(link.source)], accepted))
    matches: Any = ibis.literal(True)
    for number, test in enumerate(tests):
        matches = matches & test if number else test
    return matches


def _settled(axis: Axis, calls: Table) -> Any:
    """The class of facts of an input, where what nobody asked counts as unknown."""
    unasked = NOBODY if axis.declared.always_known else axis.codes[UNKNOWN]
    return _classes(axis, calls, unasked)


def _classes(axis: Axis, calls: Table, unasked: int) -> Any:
    import ibis

    if axis.name not in calls.columns:
        return ibis.literal(unasked, "int32")
    column: Any = calls[axis.name]
    told = _of_numbers(axis, column) if axis.points else _of_values(axis, column)
    branches = [(match, code if code >= 0 else unasked) for match, code in told]
    unknown = f"unknown_{axis.name}"
    if unknown in calls.columns and UNKNOWN in axis.codes:
        branches.insert(0, (calls[unknown].fill_null(False), axis.codes[UNKNOWN]))
    return ibis.cases(*branches, else_=unasked).cast("int32")


def _of_values(axis: Axis, column: Any) -> list[tuple[Any, int]]:
    values: dict[int, list[Fact]] = {}
    for fact, code in axis.codes.items():
        if fact is not UNKNOWN:
            values.setdefault(code, []).append(fact)
    return [(column.isin(facts), code) for code, facts in values.items()]


def _of_numbers(axis: Axis, column: Any) -> list[tuple[Any, int]]:
    """The stretches between the points from below; -1 is outside the domain."""
    branches: list[tuple[Any, int]] = []
    if axis.declared.domain.integer:
        branches.append((column != column.floor(), NOBODY))
    for place, code in enumerate(axis.stretches):
        number, at_point = divmod(place, 2)
        if at_point:
            match = column == axis.points[number]
        elif number < len(axis.points):
            match = column < axis.points[number]
        else:
            match = column > axis.points[-1]
        branches.append((match, code))
    return branches


def _in(column: Any, accepted: Sequence[int]) -> Any:
    import ibis

    if not accepted:
        return ibis.literal(False)
    return column == accepted[0] if len(accepted) == 1 else column.isin(accepted)


def _any(tests: Sequence[Any]) -> Any:
    found = tests[0]
    for test in tests[1:]:
        found = found | test
    return found


def _chosen(number: Any, values: Mapping[int, Value]) -> Any:
    """The value of each number, null for others; equal values are asked for together."""
    import ibis

    numbers: dict[Value, list[int]] = {}
    for key, value in values.items():
        numbers.setdefault(value, []).append(key)
    return ibis.cases(*((_in(number, keys), value) for value, keys in numbers.items()))


def _class(place: int) -> str:
    return f"_class_{place}"


def _rule(place: int) -> str:
    return f"_rule_{place}"


def _answer(place: int) -> str:
    return f"_answer_{place}"

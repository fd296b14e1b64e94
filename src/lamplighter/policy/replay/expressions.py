"""The rules of a policy as Ibis expressions, for any engine that speaks SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled, CompiledTable, Link
from lamplighter.policy.domains import UNKNOWN, Domain, Fact, Interval, Number, Value
from lamplighter.policy.errors import FactError
from lamplighter.policy.model import Policy

if TYPE_CHECKING:
    import ibis

    Table: TypeAlias = ibis.Table

NOBODY = -1
# So many rules stand as bits in one whole number of a table in which all that match count.
BITS = 32
_EPOCH = date(1970, 1, 1).toordinal()


def with_decisions(policy: Policy, calls: Table) -> Table:
    """The calls with what the policy decides about each once the questions are over.

    `calls` has a column for each input that is known in some calls, called like the input, with
    its values; null and an input without a column count as unknown, and so does a value outside
    the domain. Dates are dates, durations seconds, periods months. An input may have a second,
    boolean column `unknown_…` that says that somebody asked, and nobody knew.

    Added are, for each table, `rule_…`: the id of the rule that hits, or of all that count, with
    commas; and each output under its name, as an array where the table gathers. All are null
    where some table has no answer, or two, or where an input that must be known is not. Raises
    `FactError` where a column has texts in place of numbers or dates.

    It is lazy: `ibis.to_sql(…)` shows it, `.execute()` or `.to_parquet(…)` runs it on the engine
    of `calls`.
    """
    import ibis

    compiled = policy.engine.compiled
    table = with_rules(compiled, with_classes(compiled, calls))
    fails: Any = ibis.literal(False)
    for place, axis in enumerate(compiled.axes):
        if axis.declared.always_known:
            fails = fails | (table[f"_class_{place}"] == NOBODY)
    added: dict[str, Any] = {}
    for place, one in enumerate(compiled.tables):
        ids = [rule.id for rule in one.table.rules]
        matching = [table[_match(place, rule)] for rule in range(len(ids))] if _all(one) else []
        if not _all(one):
            fails = fails | (table[_answer(place)] == NOBODY)
            added[f"rule_{one.table.name}"] = _chosen(table[_rule(place)], dict(enumerate(ids)))
        else:
            added[f"rule_{one.table.name}"] = _gathered(matching, ids).join(", ")
        for name, output in one.table.results.items():
            if one.table.gathers:
                added[name] = _gathered(matching, [rule.then[name] for rule in one.table.rules])
            elif one.table.aggregate:
                total = table[_total(place, name)]
                fails = fails | total.isnull()
                added[name] = total.cast("int64") if output.domain.whole else total
            else:
                values = {n: answer[name] for n, answer in _answers(one).items()}
                added[name] = _chosen(table[_answer(place)], values)
    added = {name: fails.ifelse(ibis.null(), found) for name, found in added.items()}
    return table.mutate(**added).select(*calls.columns, *added)


def with_classes(compiled: Compiled, calls: Table) -> Table:
    """Adds `_class_N` for each input: its class of facts once settled; -1 where none may be."""
    added = {}
    for place, axis in enumerate(compiled.axes):
        unasked = NOBODY if axis.declared.always_known else axis.codes[UNKNOWN]
        added[f"_class_{place}"] = _classes(axis, calls, unasked)
    return calls.mutate(**added)


def with_digits(compiled: Compiled, calls: Table, given: Sequence[int]) -> Table:
    """Adds `_digit_N` for the given inputs: its class of facts, one beyond where nobody asked."""
    added = {}
    for place in given:
        axis = compiled.axes[place]
        added[f"_digit_{place}"] = _classes(axis, calls, len(axis.examples))
    return calls.mutate(**added)


def with_rules(compiled: Compiled, table: Table) -> Table:
    """Adds what each table N finds.

    Where one rule decides: `_rule_N` and `_answer_N`, the rule that hits and its answer, both -1
    where there is none or where rules disagree that must not. Where all rules that match count:
    `_match_N_R` for each rule, and `_total_N_…` for each output that is added up, as a number.
    """
    for place, one in enumerate(compiled.tables):
        # Each step has columns of its own: the next one names them and does not repeat them.
        rules = range(len(one.table.rules))
        table = table.mutate(
            **{_match(place, rule): _matches(compiled, table, place, rule) for rule in rules}
        )
        matching = [table[_match(place, rule)] for rule in rules]
        if not _all(one):
            table = table.mutate(**{_rule(place): _hit(one, matching)})
            answers = dict(enumerate(one.class_of_rule))
            answer = _chosen(table[_rule(place)], answers).fill_null(NOBODY)
            table = table.mutate(**{_answer(place): answer.cast("int32")})
            table = table.drop(*(_match(place, rule) for rule in rules))
        elif one.table.aggregate:
            totals = {_total(place, name): _sum(one, name, matching) for name in one.table.outputs}
            table = table.mutate(**totals)
    return table


def with_bits(compiled: Compiled, table: Table) -> Table:
    """Adds `_bits_N_W`: the rules that match in a table where all count, 32 in each number."""
    added: dict[str, Any] = {}
    for place, one in enumerate(compiled.tables):
        rules = range(len(one.table.rules))
        for first in rules[::BITS] if _all(one) else ():
            bits: Any = 0
            for rule in rules[first : first + BITS]:
                bits = table[_match(place, rule)].ifelse(1 << rule - first, 0).cast("int64") + bits
            added[f"_bits_{place}_{first // BITS}"] = bits
    return table.mutate(**added) if added else table


def _all(one: CompiledTable) -> bool:
    return one.table.gathers or one.table.aggregate is not None


def _answers(one: CompiledTable) -> dict[int, Mapping[str, Any]]:
    return {answer: one.answers[answer] for answer in one.class_of_rule}


def _hit(one: CompiledTable, matching: Sequence[Any]) -> Any:
    import ibis

    branches = []
    for number, match in enumerate(matching):
        beside = (1 << len(matching)) - 1
        if one.any:
            beside = one.members(one.class_of_rule[number])
        elif one.unique:
            beside = 1 << number
        forbidden = [m for n, m in enumerate(matching) if not beside >> n & 1]
        branches.append((match & ~_either(forbidden) if forbidden else match, number))
    return ibis.cases(*branches, else_=NOBODY).cast("int32")


def _sum(one: CompiledTable, name: str, matching: Sequence[Any]) -> Any:
    """What the rules that match give together, as a number; null where that is nothing."""
    import ibis

    aggregate = one.table.aggregate
    domain = one.table.outputs[name].domain
    numbers = [domain.number(rule.then[name]) or 0 for rule in one.table.rules]
    if aggregate in ("min", "max"):
        ranked = sorted(
            zip(numbers, matching, strict=True),
            key=lambda pair: pair[0],
            reverse=aggregate == "max",
        )
        branches = [(match, ibis.literal(number, "float64")) for number, match in ranked]
        return ibis.cases(*branches, else_=ibis.null("float64"))
    total: Any = ibis.literal(0, "float64")
    for number, match in zip(numbers, matching, strict=True):
        counted = 1 if aggregate == "count" else number
        total = total + match.ifelse(ibis.literal(counted, "float64"), ibis.literal(0, "float64"))
    return total


def _matches(compiled: Compiled, table: Table, place: int, rule: int) -> Any:
    import ibis

    one = compiled.tables[place]
    tests = []
    for position, masks in one.columns:
        accepted = [code for code, mask in enumerate(masks) if mask >> rule & 1]
        if len(accepted) < len(masks) or compiled.axes[position].declared.always_known:
            tests.append(_in(table[f"_class_{position}"], accepted))
    for link in one.links:
        if link.tested >> rule & 1:
            tests.append(_accepts(compiled, table, place, rule, link))
    found: Any = ibis.literal(True)
    for number, test in enumerate(tests):
        found = found & test if number else test
    return found


def _accepts(compiled: Compiled, table: Table, place: int, rule: int, link: Link) -> Any:
    """Whether a rule accepts what an earlier table gave."""
    source = compiled.tables[link.source]
    if source.table.aggregate is None:
        accepted = [answer for answer in _answers(source) if link.masks[answer] >> rule & 1]
        return _in(table[_answer(link.source)], accepted)
    tests = []
    when = compiled.tables[place].table.rules[rule].when
    for name in source.table.outputs:
        if name in when:
            number = table[_total(link.source, name)]
            inside = [_inside(number, one) for one in when[name].side.intervals]
            tests.append(_either(inside) if inside else number != number)
    found = tests[0]
    for test in tests[1:]:
        found = found & test
    return found.fill_null(False)


def _inside(number: Any, interval: Interval) -> Any:
    above = number >= interval.low if interval.low_closed else number > interval.low
    below = number <= interval.high if interval.high_closed else number < interval.high
    if interval.low == float("-inf"):
        return below
    return above if interval.high == float("inf") else above & below


def _classes(axis: Axis, calls: Table, unasked: int) -> Any:
    """The class of facts of an input, `unasked` where nobody asked."""
    import ibis

    if axis.name not in calls.columns:
        return ibis.literal(unasked, "int32")
    column: Any = calls[axis.name]
    told = _on_line(axis, column) if axis.declared.domain.is_line else _of_values(axis, column)
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


def _on_line(axis: Axis, column: Any) -> list[tuple[Any, int]]:
    """The stretches between the points from below; -1 is outside the domain."""
    domain = axis.declared.domain
    kind = column.type()
    is_told = kind.is_temporal() if domain.kind == "date" else kind.is_numeric()
    if not (is_told or kind.is_null()):
        wanted = "dates" if domain.kind == "date" else "numbers"
        raise FactError(f"the column {axis.name} is of type {kind}; give {wanted} for {axis.name}")
    at = _literal(domain)
    branches: list[tuple[Any, int]] = []
    if domain.whole and domain.kind != "date":
        branches.append((column != column.floor(), NOBODY))
    for place, code in enumerate(axis.stretches):
        number, at_point = divmod(place, 2)
        if at_point:
            branches.append((column == at(axis.points[number]), code))
        elif number < len(axis.points):
            branches.append((column < at(axis.points[number]), code))
        elif axis.points:
            branches.append((column > at(axis.points[-1]), code))
        else:
            branches.append((column.notnull(), code))
    return branches


def _literal(domain: Domain) -> Callable[[Number], Any]:
    if domain.kind != "date":
        return lambda number: number
    import ibis

    return lambda number: ibis.date(date.fromordinal(int(number) + _EPOCH).isoformat())


def _in(column: Any, accepted: Sequence[int]) -> Any:
    import ibis

    if not accepted:
        return ibis.literal(False)
    return column == accepted[0] if len(accepted) == 1 else column.isin(accepted)


def _either(tests: Sequence[Any]) -> Any:
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


def _gathered(matching: Sequence[Any], values: Sequence[Value]) -> Any:
    """The values of the rules that match, as an array in their order."""
    import ibis

    told = [match.ifelse(value, ibis.null()) for match, value in zip(matching, values, strict=True)]
    return ibis.array(told).filter(lambda value: value.notnull())


def _match(place: int, rule: int) -> str:
    return f"_match_{place}_{rule}"


def _total(place: int, name: str) -> str:
    return f"_total_{place}_{name}"


def _rule(place: int) -> str:
    return f"_rule_{place}"


def _answer(place: int) -> str:
    return f"_answer_{place}"

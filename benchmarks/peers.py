"""Bulk decisions against other decision engines: the same rules, the same calls, the same answers.

The peers are zen-engine (compiled, its batch), SpiffWorkflow's DMN engine and pyDMNrules (both
in Python). They get fewer calls, because they need longer for each; their answers are checked
against ours, call by call. `tools/get_peers.sh` installs them apart from the environment.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

from benchmarks.machine import machine
from benchmarks.policies import make_policy
from benchmarks.replay import Case, best, draw
from lamplighter.policy import Cell, Policy, Value
from lamplighter.policy.domains import Interval, format_value
from lamplighter.policy.replay.bulk import Bulk

PEERS = Path(__file__).parents[1] / "build" / "peers"
OURS = 1_000_000
RULES = 40
Facts = dict[str, Value]
Answers = list[dict[str, Value]]


@dataclass(frozen=True)
class Peer:
    """Another engine: how many calls it gets, how it decides them, how much slower it may be."""

    name: str
    calls: int
    make: Callable[[Policy], Callable[[list[Facts]], Answers]]
    limit: int


def tests_of(cell: Cell) -> tuple[list[Value], list[Interval]]:
    """What a cell accepts, as values or as intervals."""
    return sorted(cell.side.values, key=str), list(cell.side.intervals)


def feel(cell: Cell) -> str:
    """A cell as a unary test that all DMN engines read."""
    values, intervals = tests_of(cell)
    parts = [json.dumps(value) for value in values]
    return ",".join([*parts, *(str(interval) for interval in intervals)])


def zen(policy: Policy) -> Callable[[list[Facts]], Answers]:
    """One decision table node between input and output, in zen's own JSON."""
    import zen

    (table,) = policy.tables
    inputs = [{"id": n, "name": n, "field": n} for n in policy.inputs]
    outputs = [{"id": n, "name": n, "field": n} for n in table.outputs]
    rules = [
        {
            "_id": rule.id,
            **{n: feel(rule.when[n]) if n in rule.when else "" for n in policy.inputs},
            **{n: json.dumps(value) for n, value in rule.then.items()},
        }
        for rule in table.rules
    ]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": outputs, "rules": rules}
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    }
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"policy": graph}}})

    def decide(calls: list[Facts]) -> Answers:
        requests = [{"key": "policy", "context": facts} for facts in calls]
        return [found["data"]["result"] for found in engine.evaluate_batch(requests)]

    return decide


def spiff(policy: Policy) -> Callable[[list[Facts]], Answers]:
    """SpiffWorkflow's table, whose cells are Python; "unique" there stops at the first rule."""
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import (
        DecisionTable,
        Input,
        InputEntry,
        Output,
        OutputEntry,
        Rule,
    )

    def python(cell: Cell) -> str:
        values, intervals = tests_of(cell)
        if values:
            return f"? in {values!r}"
        tests = []
        for one in intervals:
            low = f"{one.low} {'<=' if one.low_closed else '<'} ?"
            high = f"? {'<=' if one.high_closed else '<'} {one.high}"
            tests.append(f"({low} and {high})")
        return " or ".join(tests)

    (table,) = policy.tables
    made = DecisionTable("table", "table", "UNIQUE")
    made.inputs = [Input(n, n, n, n, "string") for n in policy.inputs]
    made.outputs = [Output(n, n, n, "string") for n in table.outputs]
    for rule in table.rules:
        row = Rule(rule.id)
        for column in made.inputs:
            if column.name in rule.when:
                entry = InputEntry(f"{rule.id}-{column.name}", column)
                entry.lhs = [python(rule.when[column.name])]
                row.inputEntries.append(entry)
        for output in made.outputs:
            entry = OutputEntry(f"{rule.id}-{output.name}", output)
            entry.text = repr(rule.then[output.name])
            row.outputEntries.append(entry)
        made.rules.append(row)
    engine = DMNEngine(made)
    workflow = SimpleNamespace(script_engine=PythonScriptEngine())

    def decide(calls: list[Facts]) -> Answers:
        tasks = [SimpleNamespace(data=dict(facts), workflow=workflow) for facts in calls]
        return [dict(engine.result(task)) for task in tasks]

    return decide


def py_dmn_rules(policy: Policy) -> Callable[[list[Facts]], Answers]:
    """pyDMNrules reads an Excel workbook: one sheet with the table, rules as rows."""
    import openpyxl
    import pyDMNrules
    from openpyxl.styles import Border, Side

    (table,) = policy.tables
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rules"
    sheet.append(["Rules"])
    headings = ["F", *policy.inputs, *table.outputs]
    sheet.append(headings)
    for number, rule in enumerate(table.rules, 1):
        cells = [feel(rule.when[n]) if n in rule.when else "-" for n in policy.inputs]
        then = [json.dumps(value) for value in rule.then.values()]
        sheet.append([number, *cells, *then])
    # Double lines end the headings, and the columns of the inputs.
    double, none = Side(style="double"), Side()
    for row in sheet.iter_rows(min_row=2, max_col=len(headings)):
        for cell in row:
            last = cell.column == len(policy.inputs) + 1
            bottom = double if cell.row == 2 else none
            right = double if last else none
            cell.border = Border(left=none, top=none, right=right, bottom=bottom)
    rules = pyDMNrules.DMN()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.xlsx"
        book.save(path)
        status = rules.load(str(path))
    if "errors" in status:
        raise RuntimeError(f"pyDMNrules cannot read the workbook: {status['errors'][:2]}")

    def decide(calls: list[Facts]) -> Answers:
        found = []
        for facts in calls:
            told, decision = rules.decide(dict(facts))
            if "errors" in told:
                raise RuntimeError(f"pyDMNrules cannot decide: {told['errors'][:2]}")
            found.append({name: decision["Result"][name] for name in table.outputs})
        return found

    return decide


ALL = (
    Peer("zen-engine, batch", 20_000, zen, 200),
    Peer("SpiffWorkflow", 500, spiff, 5_000),
    Peer("pyDMNrules", 100, py_dmn_rules, 5_000),
)


def first_calls(case: Case, count: int) -> list[Facts]:
    """The first calls as facts; all of them are known."""
    columns = {
        name: [column.values[code] for code in column.codes[:count].tolist()]
        for name, column in case.columns.items()
    }
    return [{name: values[row] for name, values in columns.items()} for row in range(count)]  # type: ignore[misc]


def main() -> None:
    if not PEERS.is_dir():
        print("the other engines are not there: run tools/get_peers.sh first")
        return
    # Last, so that what the house itself stands on is what it is locked to.
    sys.path.append(str(PEERS))
    policy = make_policy(RULES, 10, seed=1, chained=False)
    case = draw(policy, OURS, known=True)
    bulk = Bulk(policy)
    ours = best(lambda: bulk.decide(case.columns, case.rows).outcomes) / case.rows
    decided = bulk.decide(case.columns, case.rows)
    expected: list[Any] = [dict(bulk.outcomes[number]) for number in decided.outcomes[:20_000]]
    print(f"{machine()}; {RULES} rules, 10 inputs, all facts known")
    print(f"  {'lamplighter, bulk':20} {ours * 1e6:12.3f} µs a decision ({OURS:,} calls)")
    for peer in ALL:
        calls = first_calls(case, peer.calls)
        try:
            decide = peer.make(policy)
            found = decide(calls)
            taken = min(_timed(decide, calls) for _ in range(3)) / peer.calls
        except Exception as error:
            print(f"  {peer.name:20} does not run here: {type(error).__name__}: {error}")
            continue
        same = sum(_same(a, b) for a, b in zip(found, expected, strict=False)) / peer.calls
        print(
            f"  {peer.name:20} {taken * 1e6:12.3f} µs a decision, {taken / ours:10,.0f} times as "
            f"long (limit: at least {peer.limit:,}), {same:.0%} of {peer.calls:,} answers the same"
        )


def _timed(decide: Callable[[list[Facts]], Answers], calls: list[Facts]) -> float:
    start = perf_counter()
    decide(calls)
    return perf_counter() - start


def _same(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    return {n: format_value(v) for n, v in found.items()} == {
        n: format_value(v) for n, v in expected.items()
    }


if __name__ == "__main__":
    main()

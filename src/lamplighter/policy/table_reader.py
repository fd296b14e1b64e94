"""Reads the tables of a policy: their outputs, hit policies, rules and cells."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import cast, get_args

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from lamplighter.policy.cells import CellError, parse_cell
from lamplighter.policy.declarations import looks, read_output, read_words, spoken
from lamplighter.policy.domains import Value, format_value
from lamplighter.policy.hit_words import HIT_POLICIES
from lamplighter.policy.model import (
    Aggregate,
    Cell,
    HitPolicy,
    Input,
    Output,
    Rule,
    Table,
    Words,
)
from lamplighter.policy.sentences import nearest, say
from lamplighter.policy.yaml_tree import (
    Entry,
    Place,
    fields,
    items,
    mapping,
    one_line,
    scalar,
    shown,
    text,
    written,
)

# What may stand behind `hit`, and what it means: the hit policy, and how the hits are added up.
_AGGREGATES = {f"collect {how}": how for how in get_args(Aggregate)}
_HIT_POLICIES: dict[str, tuple[HitPolicy, Aggregate | None]] = {
    hit: ("collect", _AGGREGATES[hit]) if hit in _AGGREGATES else (cast("HitPolicy", hit), None)
    for hit in HIT_POLICIES
}


@dataclass(frozen=True)
class Declared:
    """What a policy has declared so far, by name: rules and promises can test nothing else."""

    inputs: dict[str, Input] = field(default_factory=dict)
    # Inputs and outputs that are declared but could not be read: not to be called unknown.
    # A dict, as it keeps the order of the file.
    unreadable: dict[str, None] = field(default_factory=dict)
    outputs: dict[str, tuple[Table, Output]] = field(default_factory=dict)
    table_of_output: dict[str, str] = field(default_factory=dict)
    by_look: dict[str, str] = field(default_factory=dict)

    def refuse_look_alike(self, name: str, entry: Entry, place: Place) -> None:
        """Two names that a reader takes for each other would hide what a rule or promise tests."""
        other = self.by_look.setdefault(looks(name), name)
        if other != name:
            place.report(entry.key, say("look-alike", name=name, other=other))


class TableReader:
    """The tables of a policy that is being read; what they decide is added to `declared`."""

    def __init__(self, top: Place, declared: Declared) -> None:
        self.top = top
        self.declared = declared
        self.rule_lines: dict[str, int] = {}
        # The tables whose answers each table looks at.
        self.needs: dict[str, set[str]] = {}

    def read_tables(self, entry: Entry | None) -> list[Table]:
        if entry is None:
            return []
        entries = mapping(entry.value, self.top, "tables")
        if not entries:
            self.top.report(entry.value, say("tables.none"))
        # All outputs first: a column may then be told to name an output of a later table.
        parts: list[tuple[str, Entry, dict[str, Entry], dict[str, Output]]] = []
        for name, declared in entries.items():
            place = self.top.at(table=name)
            if [name.strip()] != name.splitlines() or not any(map(str.isalnum, name)):
                self.top.report(declared.key, say("table.name"))
            inner = fields(
                declared.value,
                place,
                say("what.table", name=name),
                required=["hit", "outputs", "rules"],
                optional=["title"],
            )
            parts.append((name, declared, inner, self.read_outputs(name, inner, place)))
        for name, _, inner, _ in parts:
            looked_at = _looked_at(inner["rules"].value) if "rules" in inner else ()
            owners = map(self.declared.table_of_output.get, looked_at)
            self.needs[name] = {owner for owner in owners if owner}
        return [self.read_table(*part) for part in parts]

    def read_outputs(
        self, table: str, entries: Mapping[str, Entry], place: Place
    ) -> dict[str, Output]:
        outputs: dict[str, Output] = {}
        if "outputs" not in entries:
            return outputs
        declared = mapping(entries["outputs"].value, place, "outputs")
        if not declared:
            place.report(entries["outputs"].value, say("table.no-outputs", table=table))
        for name, entry in declared.items():
            other = self.declared.table_of_output.get(name)
            inputs = (*self.declared.inputs, *self.declared.unreadable)
            if other is not None or name in inputs:
                taken = (
                    say("name.taken.output", name=name, table=other)
                    if other
                    else say("name.taken.input", name=name)
                )
                place.report(entry.key, taken)
                continue
            self.declared.refuse_look_alike(name, entry, self.top)
            self.declared.table_of_output[name] = table
            found = read_output(name, entry, place)
            if found is None:
                self.declared.unreadable[name] = None
            else:
                outputs[name] = found
        return outputs

    def read_table(
        self, name: str, entry: Entry, entries: Mapping[str, Entry], outputs: dict[str, Output]
    ) -> Table:
        place = self.top.at(table=name)
        title = read_words(entries.get("title"), place, say("what.title", name=name))
        hit, aggregate = self.read_hit(entries.get("hit"), outputs, place)
        rules: list[Rule] = []
        if "rules" in entries:
            found = items(entries["rules"].value, place, "rules")
            if not found:
                place.report(entries["rules"].value, say("table.no-rules", table=name))
            rules = [self.read_rule(name, node, outputs, place) for node in found]
        looked_at = {column for rule in rules for column in rule.when}
        columns = [c for c in (*self.declared.inputs, *self.declared.outputs) if c in looked_at]
        table = Table(
            name,
            title or spoken(name),
            hit,
            MappingProxyType(outputs),
            tuple(rules),
            tuple(columns),
            entry.key.start_mark.line + 1,
            aggregate,
        )
        if aggregate == "sum" and not _can_be_added(table):
            place.report(entry.key, say("table.too-fine", table=name))
        self.declared.outputs.update({output: (table, table.results[output]) for output in outputs})
        return table

    def read_hit(
        self, entry: Entry | None, outputs: Mapping[str, Output], place: Place
    ) -> tuple[HitPolicy, Aggregate | None]:
        if entry is None:
            return "first", None
        wanted = " ".join(str(scalar(entry.value)).split())
        found = _HIT_POLICIES.get(wanted)
        if found is None:
            hint = nearest(wanted, list(_HIT_POLICIES))
            place.report(entry.value, say("hit.unknown", hit=shown(entry.value), hint=hint))
            return "first", None
        hit, aggregate = found
        if aggregate and len(outputs) > 1:
            place.report(entry.value, say("hit.one-output", hit=wanted))
        for output in outputs.values():
            kind = output.type
            told = {"hit": wanted, "name": output.name, "kind": say(f"kind.{kind}")}
            if hit in ("priority", "output order") and kind != "choice":
                place.report(entry.value, say("hit.needs-order", **told))
            countable = aggregate in (None, "count") or kind in ("number", "duration", "period")
            if not countable and not (kind == "date" and aggregate in ("min", "max")):
                place.report(entry.value, say("hit.needs-number", **told))
        return found

    def read_rule(self, table: str, node: Node, outputs: dict[str, Output], place: Place) -> Rule:
        place = place.at(rule=written(node, "id"))
        entries = fields(
            node,
            place,
            say("what.rule"),
            required=["id", "then", "because", "source"],
            optional=["when"],
        )
        rule_id = one_line(entries.get("id"), place, say("what.rule-id"))
        line = node.start_mark.line + 1
        if rule_id in self.rule_lines:
            line_before = self.rule_lines[rule_id]
            place.report(entries["id"].value, say("rule.id-twice", name=rule_id, line=line_before))
        elif rule_id:
            self.rule_lines[rule_id] = line
        return Rule(
            id=rule_id,
            when=MappingProxyType(self.read_when(table, entries.get("when"), place)),
            then=MappingProxyType(self.read_then(table, entries.get("then"), outputs, place)),
            because=read_words(entries.get("because"), place, say("what.because")) or Words(""),
            source=text(entries.get("source"), place, say("what.source")),
            line=line,
        )

    def read_when(self, table: str, entry: Entry | None, place: Place) -> dict[str, Cell]:
        if entry is None:
            return {}
        cells: dict[str, Cell] = {}
        for column, cell in mapping(entry.value, place, "when").items():
            here = place.at(cell=column)
            value = scalar(cell.value)
            if not self.is_column(table, column, cell, here):
                continue
            found = self.declared.inputs.get(column)
            domain = found.domain if found else self.declared.outputs[column][1].domain
            if not isinstance(cell.value, ScalarNode):
                here.report(cell.value, say("cell.no-text"))
                continue
            if value is None:
                here.report(cell.value, say("cell.empty"))
                continue
            test = format_value(value)
            try:
                side = parse_cell(
                    test,
                    column,
                    domain,
                    may_be_unknown=found is not None and not found.always_known,
                    when_unknown=found.when_unknown if found else None,
                )
            except CellError as error:
                here.report(cell.value, error.said)
                continue
            if side is not None:
                cells[column] = Cell(test, side)
        return cells

    def is_column(self, table: str, column: str, cell: Entry, place: Place) -> bool:
        if column in self.declared.inputs:
            return True
        if column in self.declared.outputs:
            source = self.declared.outputs[column][0]
            if source.gathers:
                told = {"name": column, "table": source.name, "hit": source.hit}
                place.report(cell.key, say("column.a-list", **told))
            return not source.gathers
        if column in self.declared.unreadable:
            return False
        owner = self.declared.table_of_output.get(column)
        if owner == table:
            message = say("column.own", name=column)
        elif owner is not None:
            told = {"name": column, "owner": owner, "table": table}
            circle = table in self.needed_by(owner)
            message = say("column.circle", **told) if circle else say("column.later", **told)
        else:
            known = [*self.declared.inputs, *self.declared.outputs, *self.declared.unreadable]
            message = say("column.unknown", name=column, hint=nearest(column, known))
        place.report(cell.key, message)
        return False

    def needed_by(self, table: str) -> set[str]:
        """All tables whose answers a table needs, those that others need for it among them."""
        found: set[str] = set()
        ahead = [table]
        while ahead:
            more = self.needs.get(ahead.pop(), set()) - found
            found |= more
            ahead += more
        return found

    def read_then(
        self, table: str, entry: Entry | None, outputs: dict[str, Output], place: Place
    ) -> dict[str, Value]:
        if entry is None:
            return {}
        entries = mapping(entry.value, place, "then")
        values: dict[str, Value] = {}
        for name, given in entries.items():
            here = place.at(cell=name)
            if name not in outputs:
                if name not in self.declared.unreadable:
                    hint = nearest(name, list(outputs))
                    here.report(given.key, say("then.no-output", table=table, name=name, hint=hint))
                continue
            domain = outputs[name].domain
            value = scalar(given.value)
            if value is None or value not in domain:
                told = shown(given.value)
                hint = (
                    nearest(str(told), domain.values)
                    if domain.kind == "choice"
                    else say("must-be", domain=domain.said)
                )
                here.report(given.value, say("then.no-value", shown=told, name=name, hint=hint))
                continue
            values[name] = value
        for name in outputs:
            if name not in entries:
                place.report(entry.value, say("then.missing", name=name))
        # In the order of declaration, so that equal outputs look equal everywhere.
        return {name: values[name] for name in outputs if name in values}


def _looked_at(rules: Node) -> Iterator[str]:
    """The columns that the rules of a table name, as they are written."""
    for rule in rules.value if isinstance(rules, SequenceNode) else ():
        for key, value in rule.value if isinstance(rule, MappingNode) else ():
            if key.value == "when" and isinstance(value, MappingNode):
                yield from (str(column.value) for column, _ in value.value)


def _can_be_added(table: Table) -> bool:
    """Whether every sum has at most 15 digits, so that no two of them are one number."""
    numbers = [
        Fraction(str(number))
        for rule in table.rules
        for name, value in rule.then.items()
        if (number := table.outputs[name].domain.number(value)) is not None
    ]
    scale = math.lcm(*(number.denominator for number in numbers))
    finest = next((ten for ten in range(16) if not 10**ten % scale), 16)
    return bool(sum(map(abs, numbers)) * 10**finest < 10**15)

"""The boxes of a policy's rules as bits: what every way of deciding starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lamplighter.policy.axes import Axis, build_axis
from lamplighter.policy.decision import Hit
from lamplighter.policy.domains import Value
from lamplighter.policy.model import Policy, Rule, Table


@dataclass(frozen=True, slots=True)
class Link:
    """How a table depends on an earlier one.

    `masks[c]` has the rules, as bits, that accept the outputs of class c of table `source`;
    `tested` has the rules that tell some of its classes apart.
    """

    source: int
    masks: tuple[int, ...]
    tested: int


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table whose rules are bits, the first rule the lowest.

    Rules with equal outputs form a class; `answers[c]` are the outputs of class c.
    `columns` has the inputs that some rule tests: their position, and the rules that accept
    each class of facts. `sources` are the earlier tables whose outputs some rule tests.
    `used[r]` are the positions of the inputs that rule r looks at.
    """

    table: Table
    full: int
    columns: tuple[tuple[int, tuple[int, ...]], ...]
    links: tuple[Link, ...]
    sources: tuple[int, ...]
    class_of_rule: tuple[int, ...]
    answers: tuple[Mapping[str, Value], ...]
    hits: tuple[Hit, ...]
    used: tuple[int, ...]

    @property
    def unique(self) -> bool:
        return self.table.hit == "unique"

    def members(self, answer: int) -> int:
        """The rules, as bits, that give this class of outputs."""
        return sum(1 << rule for rule, found in enumerate(self.class_of_rule) if found == answer)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy's axes and tables, ready for decisions and for proofs."""

    policy: Policy
    axes: tuple[Axis, ...]
    tables: tuple[CompiledTable, ...]


def compile_policy(policy: Policy) -> Compiled:
    """Turn the rules' boxes into bits over classes of facts."""
    axes = tuple(build_axis(declared, policy.tables) for declared in policy.inputs.values())
    tables: list[CompiledTable] = []
    for place, table in enumerate(policy.tables):
        tables.append(_compile_table(place, table, axes, tables))
    return Compiled(policy, axes, tuple(tables))


def _compile_table(
    place: int, table: Table, axes: tuple[Axis, ...], earlier: list[CompiledTable]
) -> CompiledTable:
    full = (1 << len(table.rules)) - 1
    columns = tuple(
        (position, axis.masks[place])
        for position, axis in enumerate(axes)
        if any(mask != full for mask in axis.masks[place])
    )
    answers: dict[tuple[Value, ...], int] = {}
    class_of_rule = tuple(
        answers.setdefault(tuple(rule.then.values()), len(answers)) for rule in table.rules
    )
    outputs = [
        MappingProxyType(dict(zip(table.outputs, answer, strict=True))) for answer in answers
    ]
    tested = [
        sum(1 << position for position, axis in enumerate(axes) if axis.name in rule.when)
        for rule in table.rules
    ]
    return CompiledTable(
        table=table,
        full=full,
        columns=columns,
        links=tuple(_links(table, earlier)),
        sources=tuple(
            source
            for source, other in enumerate(earlier)
            if not set(table.columns).isdisjoint(other.table.outputs)
        ),
        class_of_rule=class_of_rule,
        answers=tuple(outputs),
        hits=tuple(
            Hit(table.name, rule.id, outputs[answer], rule.because, rule.source)
            for rule, answer in zip(table.rules, class_of_rule, strict=True)
        ),
        used=tuple(tested),
    )


def _links(table: Table, earlier: list[CompiledTable]) -> list[Link]:
    links: list[Link] = []
    for source, other in enumerate(earlier):
        masks = tuple(
            sum(_accepts(rule, answer) << place for place, rule in enumerate(table.rules))
            for answer in other.answers
        )
        full = (1 << len(table.rules)) - 1
        tested = 0
        for mask in masks:
            tested |= full & ~mask
        if tested:
            links.append(Link(source, masks, tested))
    return links


def _accepts(rule: Rule, outputs: Mapping[str, Value]) -> bool:
    return all(
        value in rule.when[name].side for name, value in outputs.items() if name in rule.when
    )

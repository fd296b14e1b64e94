"""The boxes of a policy's rules as bits: what every way of deciding starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lamplighter.policy.answers import Answers, Masks, by_weight
from lamplighter.policy.axes import Axis, build_axis
from lamplighter.policy.decision import Hit
from lamplighter.policy.model import Policy, Table


@dataclass(frozen=True, slots=True)
class Link:
    """How a table depends on an earlier one.

    `masks[c]` has the rules, as bits, that accept the answer c of table `source`; `tested` has
    the rules that tell some of its answers apart.
    """

    source: int
    masks: Masks
    tested: int


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table whose rules are bits, the first rule the lowest.

    The rules of `table` stand in the order of their weight: as written, but with the hit
    policies "priority" and "output order" by their outputs. Then "priority" is "first".

    `answers` has the different answers of the table, `class_of_rule` which of them a rule gives
    where it alone decides, and `rules_of_class` the rules, as bits, that give an answer so.
    `columns` has the inputs that some rule tests: their position, and the rules that accept each
    class of facts. `sources` are the earlier tables whose outputs some rule tests. `used[r]` are
    the positions of the inputs that rule r looks at.
    """

    table: Table
    full: int
    columns: tuple[tuple[int, tuple[int, ...]], ...]
    links: tuple[Link, ...]
    sources: tuple[int, ...]
    class_of_rule: tuple[int, ...]
    rules_of_class: Mapping[int, int]
    answers: Answers
    hits: tuple[Hit, ...]
    used: tuple[int, ...]

    @property
    def takes_first(self) -> bool:
        """Whether the lowest rule that matches decides."""
        return self.table.hit in ("first", "priority")

    @property
    def unique(self) -> bool:
        """Whether no two rules may match one call."""
        return self.table.hit == "unique"

    @property
    def any(self) -> bool:
        """Whether rules that match one call must give the same."""
        return self.table.hit == "any"

    def members(self, answer: int) -> int:
        """The rules, as bits, that give this answer where they alone decide."""
        return self.rules_of_class.get(answer, 0)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy's axes and tables, ready for decisions and for proofs."""

    policy: Policy
    axes: tuple[Axis, ...]
    tables: tuple[CompiledTable, ...]

    def anew(self) -> Compiled:
        """The same, as if no answers had come up but those where one rule counts alone.

        Lists and sums come up without end. Whoever numbers them has tables of its own, which it
        drops when they have become many.
        """
        answers = [table.answers.anew() for table in self.tables]
        tables = tuple(
            replace(
                table,
                answers=own,
                links=tuple(
                    [
                        replace(link, masks=link.masks.anew(answers[link.source]))
                        for link in table.links
                    ]
                ),
            )
            for table, own in zip(self.tables, answers, strict=True)
        )
        return replace(self, tables=tables)


def compile_policy(policy: Policy) -> Compiled:
    """Turn the rules' boxes into bits over classes of facts."""
    in_order = [by_weight(table) for table in policy.tables]
    axes = tuple(build_axis(declared, in_order) for declared in policy.inputs.values())
    tables: list[CompiledTable] = []
    for place, table in enumerate(in_order):
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
    answers = Answers(table)
    class_of_rule = answers.of_rule
    rules_of_class: dict[int, int] = {}
    for rule, answer in enumerate(class_of_rule):
        rules_of_class[answer] = rules_of_class.get(answer, 0) | 1 << rule
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
        rules_of_class=rules_of_class,
        answers=answers,
        hits=tuple(
            Hit(table.name, rule.id, rule.then, rule.because, rule.source) for rule in table.rules
        ),
        used=tuple(tested),
    )


def _links(table: Table, earlier: list[CompiledTable]) -> list[Link]:
    links: list[Link] = []
    for source, other in enumerate(earlier):
        masks = Masks(table, other.table, other.answers)
        if other.table.aggregate is None:
            tested = 0
            for answer in range(len(other.answers)):
                tested |= masks.full & ~masks[answer]
        else:
            # The sums that can come are too many to list: whatever looks at them tells them apart.
            tested = masks.looking
        if tested:
            links.append(Link(source, masks, tested))
    return links

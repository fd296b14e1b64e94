"""The classes of facts that neither a cell nor a promise tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lamplighter.policy.axes import Axis, build_axis
from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import UNKNOWN, Fact, Side
from lamplighter.policy.model import Cell, Input, Policy, Rule, Table, Words
from lamplighter.policy.promises import Actual, Asked, Atom, Known, lies_in

_NONE = Words("")


def axes_for(compiled: Compiled, tests: Iterable[Atom]) -> tuple[Axis, ...]:
    """The axes of a policy, cut so that no class is divided by a test of a promise.

    Number ranges are never counted through: whatever their size, their classes are as many as
    the ends of intervals that the policy names. Unknown has a class of its own everywhere.
    """
    inputs = compiled.policy.inputs
    cells = [
        (test.name, test.side)
        for test in tests
        if isinstance(test, Known | Actual) and test.name in inputs
    ]
    cells += [(name, Side(unknown=True)) for name in inputs]
    # The rules of the compiled tables stand in the order in which they count.
    tables = (*(table.table for table in compiled.tables), _table(cells))
    return tuple(build_axis(declared, tables) for declared in inputs.values())


def axis_of_output(policy: Policy, name: str, tests: Iterable[Atom]) -> Axis:
    """The values of an output in classes that no test of a promise tells apart."""
    output = policy.output(name)
    declared = Input(name, output.domain, output.label, always_known=True)
    cells = [
        (name, test.side) for test in tests if not isinstance(test, Asked) and test.name == name
    ]
    return build_axis(declared, (_table(cells),))


def _table(cells: Sequence[tuple[str, Side]]) -> Table:
    """A table that is never run: its cells only cut the facts."""
    rules = tuple(Rule("", {name: Cell("", side)}, {}, _NONE, "", 0) for name, side in cells)
    return Table("", _NONE, "first", {}, rules, (), 0)


def accepted(axis: Axis, side: Side) -> int:
    """The classes, as bits, whose facts lie in a side that the axis was cut for."""
    domain = axis.declared.domain
    return sum(lies_in(fact, side, domain) << code for code, fact in enumerate(axis.examples))


def unknown_code(axis: Axis) -> int | None:
    """The class of unknown; None where the input is always known."""
    return axis.codes.get(UNKNOWN)


def quiet_order(axis: Axis) -> list[int]:
    """The classes as an example should try them: unknown, what calms, the rest.

    What calms is whatever unknown is not taken for.
    """
    feared: Fact = UNKNOWN
    if axis.declared.when_unknown is not None:
        feared = axis.declared.when_unknown
    codes = range(len(axis.examples))
    feared_code = axis.code(feared) if feared is not UNKNOWN else -1
    return sorted(
        codes, key=lambda code: (axis.examples[code] is not UNKNOWN, code == feared_code, code)
    )

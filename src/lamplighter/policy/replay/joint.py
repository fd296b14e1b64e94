"""Two policies as one that gives both outcomes: what can happen to a call under both at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from lamplighter.policy.domains import Domain, Result
from lamplighter.policy.model import Input, Policy, Rule, Table
from lamplighter.policy.replay.result import ReplayError

_SIDES = ("old", "new")


@dataclass(frozen=True)
class Joint:
    """`policy` has the inputs and the tables of both; its outcome is that of the old policy,
    then that of the new one. Facts are those that both policies can take."""

    old: Policy
    new: Policy
    policy: Policy

    def split(
        self, outcome: Mapping[str, Result]
    ) -> tuple[Mapping[str, Result], Mapping[str, Result]]:
        """The outcome of the old policy and that of the new one."""
        values = list(outcome.values())
        middle = len(self.old.outcome)
        return (
            dict(zip(self.old.outcome, values[:middle], strict=True)),
            dict(zip(self.new.outcome, values[middle:], strict=True)),
        )


def join(old: Policy, new: Policy) -> Joint:
    """Put two policies side by side.

    An input of only one of them is an input of both together, which the other does not look at.
    Of an input of both, the facts are those that both take; what is always known in one may be
    unknown only if it may be so in both.

    Raises `ReplayError` where an input of both has no value in common.
    """
    inputs: dict[str, Input] = dict(old.inputs)
    for name, declared in new.inputs.items():
        inputs[name] = _common(inputs[name], declared) if name in inputs else declared
    tables = (*_tables(old, "old"), *_tables(new, "new"))
    outcome = tuple(
        _inner(side, name)
        for side, policy in zip(_SIDES, (old, new), strict=True)
        for name in policy.outcome
    )
    policy = replace(
        new,
        name=f"{old.name} and {new.name}",
        version=f"{old.version} and {new.version}",
        inputs=inputs,
        tables=tables,
        outcome=outcome,
        promises=(),
        text="",
    )
    return Joint(old, new, policy)


def _common(old: Input, new: Input) -> Input:
    domain = _common_domain(old, new)
    values = tuple(value for value in new.values if value.value in domain.values)
    known = old.always_known or new.always_known
    # What unknown is taken for is already in the cells of each policy.
    return replace(new, domain=domain, values=values, always_known=known, when_unknown=None)


def _common_domain(old: Input, new: Input) -> Domain:
    one, other = old.domain, new.domain
    if one.kind == other.kind == "choice":
        values = tuple(value for value in other.values if value in one.values)
        if values:
            return replace(other, values=values)
    elif one.kind == other.kind == "boolean":
        return other
    elif one.kind == other.kind and one.range is not None and other.range is not None:
        common = one.range.meets(other.range)
        if not common.is_empty():
            return replace(other, range=common, integer=one.integer or other.integer)
    raise ReplayError(
        f"the input {old.name} is {one} in the old policy and {other} in the new one, so no call "
        "can be put to both: give the new one another name."
    )


def _inner(side: str, name: str) -> str:
    """Names of the two policies may be the same; no name of a policy has a dot."""
    return f"{side}.{name}"


def _tables(policy: Policy, side: str) -> Iterable[Table]:
    outputs = {name for table in policy.tables for name in table.outputs}

    def renamed(name: str) -> str:
        return _inner(side, name) if name in outputs else name

    for table in policy.tables:
        yield replace(
            table,
            name=_inner(side, table.name),
            outputs={
                renamed(name): replace(output, name=renamed(name))
                for name, output in table.outputs.items()
            },
            columns=tuple(renamed(name) for name in table.columns),
            rules=tuple(_rule(rule, renamed) for rule in table.rules),
        )


def _rule(rule: Rule, renamed: Callable[[str], str]) -> Rule:
    return replace(
        rule,
        when={renamed(name): cell for name, cell in rule.when.items()},
        then={renamed(name): value for name, value in rule.then.items()},
    )

"""A policy as it was read: inputs, tables of rules, promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from lamplighter.policy.domains import Domain, Interval, Kind, Side, Value, added

if TYPE_CHECKING:
    from lamplighter.policy.engine import Engine

HitPolicy: TypeAlias = Literal[
    "unique", "any", "priority", "first", "rule order", "output order", "collect"
]
Aggregate: TypeAlias = Literal["sum", "min", "max", "count"]


@dataclass(frozen=True, slots=True)
class Words:
    """What people read, in English and, where it was written, in Spanish."""

    en: str
    es: str = ""

    def in_language(self, language: str) -> str:
        """The words in `language` ("es", "es-MX", "en"), else in English."""
        if language.lower().startswith("es") and self.es:
            return self.es
        return self.en

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True)
class ChoiceValue:
    """One value of a choice and its label."""

    value: str
    label: Words


@dataclass(frozen=True)
class Input:
    """A fact that the policy may use, and how it is asked.

    A `safety` question is asked before all others as long as it can change the outcome.
    """

    name: str
    domain: Domain
    label: Words
    ask: Words | None = None
    help: Words | None = None
    values: tuple[ChoiceValue, ...] = ()
    when_unknown: Value | None = None
    always_known: bool = False
    safety: bool = False

    @property
    def type(self) -> Kind:
        return self.domain.kind

    @property
    def range(self) -> Interval | None:
        return self.domain.range


@dataclass(frozen=True)
class Output:
    """Something that a table decides."""

    name: str
    domain: Domain
    label: Words
    values: tuple[ChoiceValue, ...] = ()

    @property
    def type(self) -> Kind:
        return self.domain.kind

    @property
    def range(self) -> Interval | None:
        return self.domain.range


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as written, and the values that it accepts."""

    text: str
    side: Side


@dataclass(frozen=True)
class Rule:
    """A row of a table. `when` has only the columns that the rule looks at."""

    id: str
    when: Mapping[str, Cell]
    then: Mapping[str, Value]
    because: Words
    source: str
    line: int


@dataclass(frozen=True)
class Table:
    """A decision table. `columns` are the inputs and earlier outputs that its rules look at.

    `outputs` declare what a rule gives. What the table gives is the same, but for a list
    (`gathers`) or for a number made of it (`aggregate`): `results` declare that.
    """

    name: str
    title: Words
    hit: HitPolicy
    outputs: Mapping[str, Output]
    rules: tuple[Rule, ...]
    columns: tuple[str, ...]
    line: int
    aggregate: Aggregate | None = None

    @property
    def gathers(self) -> bool:
        """Whether the table gives a list: what each of the rules that match gives."""
        return self.aggregate is None and self.hit in ("rule order", "output order", "collect")

    @cached_property
    def results(self) -> Mapping[str, Output]:
        """What the table gives; of a list, what stands in it."""
        if self.aggregate is None or self.aggregate in ("min", "max"):
            return self.outputs
        return {
            name: replace(output, domain=_added_up(name, self), values=())
            for name, output in self.outputs.items()
        }


def _added_up(name: str, table: Table) -> Domain:
    """Everything between the least and the most that the rules together can give."""
    if table.aggregate == "count":
        return Domain("number", range=Interval(0, len(table.rules)), integer=True)
    domain = table.outputs[name].domain
    # A rule whose output could not be read has none.
    thens = [rule.then[name] for rule in table.rules if name in rule.then]
    numbers = [domain.number(then) or 0 for then in thens]
    least = added(number for number in numbers if number < 0)
    most = added(number for number in numbers if number > 0)
    return replace(domain, range=Interval(least, most))


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must hold for every call."""

    id: str
    says: Words
    never: str
    source: str
    line: int


@dataclass(frozen=True, eq=False)
class Policy:
    """Inputs, tables in order, and promises; two policies are the same when their hashes are."""

    name: str
    version: str
    title: Words
    about: Words
    inputs: Mapping[str, Input]
    tables: tuple[Table, ...]
    outcome: tuple[str, ...]
    promises: tuple[Promise, ...]
    text: str

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) over what the policy says; comments and layout do not count."""
        from lamplighter.policy.canonical import content_hash

        return content_hash(self)

    @cached_property
    def engine(self) -> Engine:
        """The tables, compiled once for decisions."""
        from lamplighter.policy.engine import Engine

        return Engine(self)

    def output(self, name: str) -> Output:
        """What the policy gives under `name`, in whichever table; of a list, what is in it."""
        return next(t.results[name] for t in self.tables if name in t.outputs)

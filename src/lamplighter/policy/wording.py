"""A policy in the words of its readers: conditions instead of cells, labels instead of codes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lamplighter.policy.decision import Decision
from lamplighter.policy.domains import UNKNOWN, Domain, Interval, Unknown, Value, format_value
from lamplighter.policy.domains import Result as Gathered
from lamplighter.policy.hit_words import how_it_decides
from lamplighter.policy.model import Cell, Input, Output, Policy, Rule, Table, Words

YES, NO = Words("Yes", "Sí"), Words("No", "No")
NOT_KNOWN = Words("not known", "no se sabe")
NONE = Words("none", "ninguno")
_BETWEEN = {
    (True, True): Words("from {} to {}", "de {} a {}"),
    (True, False): Words("from {} to under {}", "de {} a menos de {}"),
    (False, True): Words("over {}, up to {}", "más de {}, hasta {}"),
    (False, False): Words("over {} and under {}", "más de {} y menos de {}"),
}
_AT_LEAST, _OVER = Words("{} or more", "{} o más"), Words("over {}", "más de {}")
_AT_MOST, _UNDER = Words("{} or less", "{} o menos"), Words("under {}", "menos de {}")

_WHATEVER_IS_KNOWN = Words("anything that is known", "lo que sea, si se sabe")


@dataclass(frozen=True)
class Condition:
    """One column of a rule in words: it is met by any of `alternatives`, or by anything but them.

    `or_unknown`: it is met, too, when nobody knows.
    """

    name: str
    label: str
    alternatives: tuple[str, ...]
    anything_but: bool
    or_unknown: bool


@dataclass(frozen=True)
class Result:
    """One output with its value, in words; `value` is the policy's code."""

    name: str
    label: str
    value: Gathered
    words: str


@dataclass(frozen=True)
class RuleInWords:
    id: str
    number: int
    conditions: tuple[Condition, ...]
    results: tuple[Result, ...]
    because: str
    source: str


@dataclass(frozen=True)
class TableInWords:
    name: str
    title: str
    decides: str
    first_hit: bool
    rules: tuple[RuleInWords, ...]


@dataclass(frozen=True)
class Reason:
    """Why one table gave what it gave: the rule that hit, its reason and its source."""

    table: str
    rule: str
    results: tuple[Result, ...]
    because: str
    source: str


@dataclass(frozen=True)
class Explained:
    """A decision as people read it; `unknown` are the facts that mattered and nobody knew."""

    results: Mapping[str, Result]
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


class PolicyWords:
    """The words of one policy in one language."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.language = language
        self._columns: dict[str, Input | Output] = {
            **policy.inputs,
            **{name: output for table in policy.tables for name, output in table.outputs.items()},
        }

    def say(self, words: Words) -> str:
        return words.in_language(self.language)

    def knows(self, name: str) -> bool:
        """Whether this is an input or an output of the policy."""
        return name in self._columns

    def label(self, name: str) -> str:
        """What an input or an output is called."""
        return self.say(self._columns[name].label)

    def value(self, name: str, value: Gathered | Unknown) -> str:
        """A value of an input or an output: its label, yes or no, or the number; or a list."""
        if isinstance(value, tuple):
            return ", ".join(self.value(name, one) for one in value) or self.say(NONE)
        if value is UNKNOWN or value == "unknown":
            return self.say(NOT_KNOWN)
        if isinstance(value, bool):
            return self.say(YES if value else NO)
        for declared in self._columns[name].values:
            if declared.value == value:
                return self.say(declared.label)
        return format_value(value)

    def table(self, table: Table) -> TableInWords:
        rules = tuple(self.rule(rule, number) for number, rule in enumerate(table.rules, 1))
        return TableInWords(
            name=table.name,
            title=self.say(table.title),
            decides=self.say(how_it_decides(table)),
            first_hit=table.hit == "first",
            rules=rules,
        )

    def rule(self, rule: Rule, number: int) -> RuleInWords:
        return RuleInWords(
            rule.id,
            number,
            tuple(self.condition(name, cell) for name, cell in rule.when.items()),
            self._results(rule.then),
            self.say(rule.because),
            rule.source,
        )

    def condition(self, name: str, cell: Cell) -> Condition:
        """A cell in words, taken from what it accepts rather than from how it is written."""
        given = self.policy.inputs.get(name)
        domain = given.domain if given else self.policy.output(name).domain
        negated = cell.text.replace(" ", "").startswith(("not(", "!="))
        anything_but = False
        if domain.is_line:
            parts = _inside(domain, cell.side.intervals)
            everything = negated and parts == (domain.range,)
            alternatives = tuple(self._interval(part, domain) for part in parts)
        else:
            declared: tuple[Value, ...] = domain.values or (True, False)
            accepted = [value for value in declared if value in cell.side.values]
            everything = negated and len(accepted) == len(declared)
            # "Anything but a fight or not known" could be read in two ways.
            anything_but = negated and not everything and not cell.side.unknown
            if anything_but:
                accepted = [value for value in declared if value not in cell.side.values]
            alternatives = tuple(self.value(name, value) for value in accepted)
        if everything:
            alternatives = (self.say(_WHATEVER_IS_KNOWN),)
        return Condition(name, self.label(name), alternatives, anything_but, cell.side.unknown)

    def explain(self, decision: Decision) -> Explained:
        """A decision of this policy in words."""
        titles = {table.name: self.say(table.title) for table in self.policy.tables}
        given: dict[str, Gathered] = {}
        for hit in decision.hits:
            given |= hit.outputs
        given |= decision.outcome
        return Explained(
            {result.name: result for result in self._results(given)},
            tuple(
                Reason(
                    titles.get(hit.table, hit.table),
                    hit.rule,
                    self._results(hit.outputs),
                    self.say(hit.because),
                    hit.source,
                )
                for hit in decision.hits
            ),
            tuple(self.label(name) for name in decision.unknown),
        )

    def _results(self, outputs: Mapping[str, Gathered]) -> tuple[Result, ...]:
        return tuple(
            Result(name, self.label(name), value, self.value(name, value))
            for name, value in outputs.items()
        )

    def _interval(self, interval: Interval, domain: Domain) -> str:
        low, high = (
            "" if math.isinf(end) else format_value(domain.value(end))
            for end in (interval.low, interval.high)
        )
        if interval.low == interval.high:
            return low
        limits = domain.range
        no_low = math.isinf(interval.low) or (limits and interval.low <= limits.low)
        no_high = math.isinf(interval.high) or (limits and interval.high >= limits.high)
        if no_low and not no_high:
            return self.say(_AT_MOST if interval.high_closed else _UNDER).format(high)
        if no_high and not no_low:
            return self.say(_AT_LEAST if interval.low_closed else _OVER).format(low)
        return self.say(_BETWEEN[interval.low_closed, interval.high_closed]).format(low, high)


def _inside(domain: Domain, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What of the intervals lies in the range that the domain declares."""
    limits = domain.range
    if limits is None:
        return intervals
    common = (interval.meets(limits) for interval in intervals)
    return tuple(part for part in common if not part.is_empty())

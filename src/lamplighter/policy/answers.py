"""What a table answers once it is known which of its rules match, by its hit policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from threading import Lock
from types import MappingProxyType

from lamplighter.policy.domains import Domain, Number, Result, Value, added
from lamplighter.policy.model import Aggregate, Rule, Table


def by_weight(table: Table) -> Table:
    """The table with its rules in the order in which they count.

    With "priority" and "output order" that is the declared order of the values of the first
    output, then of the second, and so on (DMN 1.5, 8.2.11); rules that give the same stay in
    their order.
    """
    if table.hit not in ("priority", "output order"):
        return table
    ranks = {name: output.domain.values for name, output in table.outputs.items()}

    def weight(rule: Rule) -> list[int]:
        return [ranks[name].index(str(value)) for name, value in rule.then.items()]

    return replace(table, rules=tuple(sorted(table.rules, key=weight)))


class Answers:
    """The different answers of a table, each with a number.

    First come those where one rule counts alone: `of_rule` has their numbers. Others, as lists and
    sums have them, are numbered as they come up.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._gathers = table.gathers
        # What each rule gives, at hand: lists and sums are made up by the thousand.
        self._given = [
            (name, output.domain, [rule.then[name] for rule in table.rules])
            for name, output in table.outputs.items()
        ]
        self._found: list[Mapping[str, Result]] = []
        self._numbers: dict[tuple[Result, ...], int] = {}
        self._of_rules: dict[int, int | None] = {}
        self._numbering = Lock()
        self.of_rule = tuple([self._of_one(rule) for rule in range(len(table.rules))])
        self._alone = tuple(self._found), dict(self._numbers)

    def anew(self) -> Answers:
        """The same, as if no others had come up than those of one rule."""
        new = copy(self)
        found, numbers = self._alone
        new._found, new._numbers, new._of_rules = list(found), numbers.copy(), {}
        new._numbering = Lock()
        return new

    def __len__(self) -> int:
        return len(self._found)

    def __getitem__(self, answer: int) -> Mapping[str, Result]:
        return self._found[answer]

    def _of_one(self, rule: int) -> int:
        answer = self.of(1 << rule)
        assert answer is not None
        return answer

    @property
    def kept(self) -> int:
        """Of how many sets of rules the answer is kept."""
        return len(self._of_rules)

    def of(self, rules: int, places: Sequence[int] | None = None) -> int | None:
        """The answer where these rules (bits) count; None where the table then has none.

        Who has the places of the bits at hand saves that they are looked for.
        """
        if rules not in self._of_rules:
            self._of_rules[rules] = self._number(_places(rules) if places is None else places)
        return self._of_rules[rules]

    def _number(self, places: Iterable[int]) -> int | None:
        matching = [*places]
        aggregate = self._table.aggregate
        outputs: dict[str, Result] = {}
        for name, domain, given in self._given:
            values = [given[place] for place in matching]
            if self._gathers:
                outputs[name] = tuple(values)
            elif aggregate is not None:
                total = _added_up(values, aggregate, domain)
                if total is None:
                    return None
                outputs[name] = total
            elif values:
                outputs[name] = values[0]
            else:
                return None
        key = tuple(outputs.values())
        with self._numbering:
            if key not in self._numbers:
                self._found.append(MappingProxyType(outputs))
                self._numbers[key] = len(self._numbers)
            return self._numbers[key]


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _added_up(values: Sequence[Value], aggregate: Aggregate, domain: Domain) -> Value | None:
    """The values as one; None for the least or the most of nothing."""
    if aggregate == "count":
        return len(values)
    numbers: list[Number] = [number for v in values if (number := domain.number(v)) is not None]
    if aggregate == "sum":
        return domain.value(added(numbers))
    if not numbers:
        return None
    return domain.value(min(numbers) if aggregate == "min" else max(numbers))


class Masks(Mapping[int, int]):
    """For each answer of an earlier table the rules, as bits, that accept it."""

    def __init__(self, table: Table, source: Table, answers: Answers) -> None:
        self._rules = table.rules
        self._answers = answers
        self._results = source.results
        self._known: dict[int, int] = {}
        self.full = (1 << len(table.rules)) - 1
        self.looking = sum(
            (not source.outputs.keys().isdisjoint(rule.when)) << place
            for place, rule in enumerate(table.rules)
        )

    def anew(self, answers: Answers) -> Masks:
        """The same for answers that are numbered anew."""
        new = copy(self)
        alone = range(len(answers))
        new._known = {answer: self._known[answer] for answer in alone if answer in self._known}
        new._answers = answers
        return new

    def __getitem__(self, answer: int) -> int:
        mask = self._known.get(answer)
        if mask is None:
            outputs = self._answers[answer]
            mask = sum(self._accepts(r, outputs) << n for n, r in enumerate(self._rules))
            self._known[answer] = mask
        return mask

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._answers)))

    def __len__(self) -> int:
        return len(self._answers)

    def _accepts(self, rule: Rule, outputs: Mapping[str, Result]) -> bool:
        """A list cannot be tested (the reader sees to it), so every tested result is a value."""
        return all(
            not isinstance(value, tuple)
            and self._results[name].domain.accepts(rule.when[name].side, value)
            for name, value in outputs.items()
            if name in rule.when
        )

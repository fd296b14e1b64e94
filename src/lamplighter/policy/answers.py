"""What a table answers once it is known which of its rules match, by its hit policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from threading import Lock

from lamplighter.policy.domains import Result, added
from lamplighter.policy.model import Rule, Table


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
        self._names = tuple(table.outputs)
        # How each output is made up: lists and sums are by the thousand.
        self._made = [_maker(table, name) for name in self._names]
        # Values alone: a thousand mappings are what the collector of garbage goes through.
        self._found: list[tuple[Result, ...]] = []
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

    def __getitem__(self, answer: int) -> dict[str, Result]:
        return dict(zip(self._names, self._found[answer], strict=True))

    def _of_one(self, rule: int) -> int:
        answer = self.of(1 << rule)
        assert answer is not None
        return answer

    @property
    def kept(self) -> int:
        """Of how many sets of rules the answer is kept."""
        return len(self._of_rules)

    def of(self, rules: int) -> int | None:
        """The answer where these rules (bits) count; None where the table then has none."""
        try:
            return self._of_rules[rules]
        except KeyError:
            found = self._of_rules[rules] = self.of_places(places_of(rules))
            return found

    def of_places(self, places: Sequence[int]) -> int | None:
        """The same, from the places of the rules, and not remembered by them."""
        found = [result for make in self._made if (result := make(places)) is not None]
        if len(found) < len(self._made):
            return None
        key = tuple(found)
        with self._numbering:
            number = self._numbers.setdefault(key, len(self._found))
            if number == len(self._found):
                self._found.append(key)
            return number


def places_of(bits: int) -> list[int]:
    """The places of the bits that are set, lowest first.

    >>> places_of(0b1010010)
    [1, 4, 6]
    """
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found


def _maker(table: Table, name: str) -> Callable[[Sequence[int]], Result | None]:
    """What makes up an output where the rules at some places count; None where it has no value."""
    given = [rule.then[name] for rule in table.rules]
    if table.gathers:
        return lambda places: tuple([given[place] for place in places])
    if table.aggregate == "count":
        return len
    if table.aggregate is None:
        return lambda places: given[places[0]] if places else None
    domain = table.outputs[name].domain
    # The reader sees to it that all of them are numbers.
    numbers = [number for value in given if (number := domain.number(value)) is not None]
    whole = all(number.__class__ is int for number in numbers)
    if table.aggregate == "sum":
        total = sum if whole else added
        return lambda places: domain.value(total([numbers[place] for place in places]))
    most = min if table.aggregate == "min" else max
    return lambda places: domain.value(most([numbers[p] for p in places])) if places else None


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

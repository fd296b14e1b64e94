"""Tries one call on the tables: what matches, what is answered, whether a promise is broken.

It says of one call what the formula says of all, in microseconds, so that the solver is asked
only about calls that are not found by trying.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

from lamplighter.policy.axes import Axis
from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Result
from lamplighter.policy.promises import (
    Actual,
    AllOf,
    AnyOf,
    Asked,
    Atom,
    Condition,
    Contains,
    Known,
    Not,
    atoms,
    holds,
    lies_in,
)
from lamplighter.policy.prove.classes import accepted, unknown_code

Codes = Sequence[int]
Test = Callable[[Codes], bool]
# What is quick to tell of a call comes first.
_ORDER = (Known, Actual, Contains, Asked)
# What is answered where a table gathers or adds up, and no other table looks at it.
_SOMETHING = -1


class Trial:
    """The tables of a policy over the classes of some axes."""

    def __init__(self, compiled: Compiled, axes: Sequence[Axis]) -> None:
        self.compiled = compiled
        self.axes = axes
        self._columns = [
            [
                (position, axis.masks[place])
                for position, axis in enumerate(axes)
                if any(mask != table.full for mask in axis.masks[place])
            ]
            for place, table in enumerate(compiled.tables)
        ]
        self._looked_at = {link.source for table in compiled.tables for link in table.links}
        self._members: dict[tuple[int, int], int] = {}

    def run(self, codes: Codes) -> tuple[list[int], list[int | None]]:
        """Of each table the rules, as bits, that match, and the number of its answer.

        The answer is None where the table has none or one that it depends on has none.
        """
        matching: list[int] = []
        answers: list[int | None] = []
        for place, table in enumerate(self.compiled.tables):
            left = table.full
            for position, masks in self._columns[place]:
                left &= masks[codes[position]]
            reached = all(answers[source] is not None for source in table.sources)
            for link in table.links:
                answer = answers[link.source]
                left &= 0 if answer is None else link.masks[answer]
            matching.append(left)
            answers.append(self._answer(place, left) if reached else None)
        return matching, answers

    def _answer(self, place: int, rules: int) -> int | None:
        table = self.compiled.tables[place]
        if table.takes_first or table.unique or table.any:
            if not rules:
                return None
            low = rules & -rules
            answer = table.class_of_rule[low.bit_length() - 1]
            if table.unique and rules != low:
                return None
            return None if table.any and rules & ~self.members(place, answer) else answer
        adds = table.table.gathers or table.table.aggregate in ("sum", "count")
        return _SOMETHING if adds and place not in self._looked_at else table.answers.of(rules)

    def members(self, place: int, answer: int) -> int:
        """The rules of a table, as bits, that give an answer where they alone decide."""
        key = (place, answer)
        if key not in self._members:
            self._members[key] = self.compiled.tables[place].members(answer)
        return self._members[key]

    def output(self, place: int, rules: int, answer: int, name: str) -> Result:
        """What a table gives under a name where these rules match."""
        table = self.compiled.tables[place]
        if answer == _SOMETHING:
            found = table.answers.of(rules)
            assert found is not None
            answer = found
        return table.answers[answer][name]


class Breaking:
    """Whether a call of given classes gets an answer and does what must never happen."""

    def __init__(self, trial: Trial, condition: Condition) -> None:
        self._trial = trial
        self._condition = _quick_first(condition)
        self._places = {axis.name: place for place, axis in enumerate(trial.axes)}
        tables = trial.compiled.tables
        self._table_of = {name: p for p, table in enumerate(tables) for name in table.table.outputs}
        tests = list(atoms(condition))
        self._codes: dict[Atom, int] = {
            test: accepted(trial.axes[self._places[test.name]], test.side)
            for test in tests
            if isinstance(test, Known | Actual) and test.name in self._places
        }
        self._actual: dict[str, list[Atom]] = {}
        for test in tests:
            if isinstance(test, Actual):
                self._actual.setdefault(test.name, []).append(test)

    def __call__(self, codes: Codes) -> bool:
        matching, answers = self._trial.run(codes)
        if any(answer is None for answer in answers):
            return False
        for true in self._true_facts(codes):
            truth = partial(self._true, codes, matching, answers, true)
            if holds(self._condition, truth):
                return True
        return False

    def _true_facts(self, codes: Codes) -> Iterator[dict[str, int]]:
        """True facts that may be behind a call, one for each way to meet the tests of them."""
        choices: list[list[int]] = []
        for name, tests in self._actual.items():
            place = self._places[name]
            unknown = unknown_code(self._trial.axes[place])
            if codes[place] != unknown:
                choices.append([codes[place]])
                continue
            kinds: dict[tuple[int, ...], int] = {}
            for code in range(len(self._trial.axes[place].examples)):
                if code != unknown:
                    kinds[tuple(self._codes[test] >> code & 1 for test in tests)] = code
            choices.append(list(kinds.values()))
        for chosen in product(*choices):
            yield dict(zip(self._actual, chosen, strict=True))

    def _true(
        self,
        codes: Codes,
        matching: Sequence[int],
        answers: Sequence[int | None],
        true: dict[str, int],
        test: Atom,
    ) -> bool:
        match test:
            case Known(name) if name in self._places:
                return bool(self._codes[test] >> codes[self._places[name]] & 1)
            case Actual(name):
                return bool(self._codes[test] >> true[name] & 1)
            case Asked(name):
                return self._asked(self._places[name], codes, matching, answers)
            case Known(name, side) | Contains(name, side):
                place = self._table_of[name]
                answer = answers[place]
                assert answer is not None
                given = self._trial.output(place, matching[place], answer, name)
                values = given if isinstance(given, tuple) else (given,)
                domain = self._trial.compiled.policy.output(name).domain
                return any(lies_in(value, side, domain) for value in values)

    def _asked(
        self, place: int, codes: Codes, matching: Sequence[int], answers: Sequence[int | None]
    ) -> bool:
        axis = self._trial.axes[place]
        if axis.declared.always_known:
            return True
        here = self._outcome(matching, answers)
        tables = range(len(self._trial.compiled.tables))
        # Classes that only promises tell apart lead to the same outcome.
        kinds = {tuple(axis.masks[t][c] for t in tables): c for c in range(len(axis.examples))}
        for code in kinds.values():
            other = list(codes)
            other[place] = code
            if self._outcome(*self._trial.run(other)) != here:
                return True
        return False

    def _outcome(
        self, matching: Sequence[int], answers: Sequence[int | None]
    ) -> list[Result] | None:
        found: list[Result] = []
        for name in self._trial.compiled.policy.outcome:
            place = self._table_of[name]
            answer = answers[place]
            if answer is None:
                return None
            found.append(self._trial.output(place, matching[place], answer, name))
        return None if any(answer is None for answer in answers) else found


def _quick_first(condition: Condition) -> Condition:
    """The condition with the parts of `and` and `or` in an order that is told sooner."""
    match condition:
        case Not(part):
            return Not(_quick_first(part))
        case AllOf(parts):
            return AllOf(tuple(sorted(map(_quick_first, parts), key=_slowness)))
        case AnyOf(parts):
            return AnyOf(tuple(sorted(map(_quick_first, parts), key=_slowness)))
        case _:
            return condition


def _slowness(condition: Condition) -> int:
    return max(_ORDER.index(type(test)) for test in atoms(condition))

"""What is wrong with the tables: gaps, overlaps, rules without calls, outputs nobody gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import z3

from lamplighter.policy.compiled import Compiled, CompiledTable
from lamplighter.policy.domains import UNKNOWN, Fact, Value, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.prove.boxes import numbers
from lamplighter.policy.prove.formula import Codes, Formula
from lamplighter.policy.prove.logic import either, negated
from lamplighter.policy.prove.tables import TableTruths
from lamplighter.policy.report import Finding
from lamplighter.policy.sentences import Said, both, say

# So many overlaps behind other tables get a call with few known facts, the others just one.
_READABLE = 10
# So many pairs of rules that overlap are listed for each table.
_LISTED = 100


class Findings:
    """The findings about one table, in the light of the tables that it depends on."""

    def __init__(self, formula: Formula, place: int) -> None:
        self.formula = formula
        self.place = place
        self.table: CompiledTable = formula.compiled.tables[place]
        self.name = self.table.table.name
        self.search = formula.search
        self.space = self.search.spaces[place]
        self.sources = self.search.before[place]
        self.looked_at = {
            p for t in (*self.sources, place) for p, _ in formula.compiled.tables[t].columns
        }

    @property
    def truths(self) -> TableTruths:
        """The table as formulas."""
        return self.formula.tables[self.place]

    @property
    def reach(self) -> list[z3.BoolRef]:
        """What reaches the table: calls to which the tables that it depends on have an answer."""
        return [self.formula.tables[source].answered for source in self.sources]

    def all(self) -> Iterator[Finding]:
        """Everything that is wrong with the table."""
        yield from self.gaps()
        yield from self.overlaps()
        lost = list(self.lost())
        yield from lost
        yield from self.unreached({rule for finding in lost for rule in finding.rules[:1]})

    def _call(self, codes: Codes) -> dict[str, Fact]:
        facts = self.formula.call(codes)
        names = {self.formula.axes[place].name for place in self.looked_at}
        return {name: fact for name, fact in facts.items() if name in names}

    def _matching(self, codes: Sequence[int]) -> int | None:
        """The rules, as bits, that a call matches; None where it does not reach the table."""
        matching, answers = self.search.trial.run(codes)
        return matching[self.place] if self.search.reaches(self.place, answers) else None

    def gaps(self) -> Iterator[Finding]:
        """A call that no rule covers, where there is one."""
        if self.table.answers.of(0) is not None:  # nothing that matches is an answer too
            return
        found = self.search.call(self.place, self.space.axes.everything(), self.table.full)
        if found.codes is None and found.sure:
            return
        goals = [*self.reach, *(negated(match) for match in self.truths.matches)]
        codes = found.codes or self.formula.solve(*goals)
        if codes is not None:
            codes = self.formula.readable(codes, lambda other: self._matching(other) == 0, goals)
            call = self._call(codes)
            said = say("found.gap", table=self.name, call=facts_said(call))
            yield Finding("gap", said, self.name, (), self.table.table.line, call)

    def overlaps(self) -> Iterator[Finding]:
        """Pairs of rules that must not match the same call, and do; of very many, some."""
        if not self.table.unique and not self.table.any:
            return
        rules = self.table.table.rules
        pairs = self._overlapping()
        listed = sorted(pairs, key=lambda pair: pair[::-1])[:_LISTED]
        for place, (first, second) in enumerate(listed):
            codes = pairs[first, second]
            if self.sources and place < _READABLE:
                codes = self._readable_overlap(codes, first, second)
            call = self._call(codes)
            pair = (rules[first].id, rules[second].id)
            said = say(
                "found.overlap" if self.table.unique else "found.disagree",
                table=self.name,
                hit=self.table.table.hit,
                one=pair[0],
                other=pair[1],
                call=facts_said(call),
            )
            yield Finding("overlap", said, self.name, pair, rules[second].line, call)
        if len(listed) < len(pairs):
            said = say("found.overlap-more", table=self.name)
            yield Finding("overlap", said, self.name, (), self.table.table.line)

    def _readable_overlap(self, codes: Codes, first: int, second: int) -> Codes:
        both = 1 << first | 1 << second
        matches = self.truths.matches
        return self.formula.readable(
            codes,
            lambda other: (self._matching(other) or 0) & both == both,
            [*self.reach, matches[first], matches[second]],
        )

    def _overlapping(self) -> dict[tuple[int, int], Codes]:
        """Pairs of rules that overlap, each with a call: all, or more than are listed.

        Where no table comes before, two boxes that meet are a pair. Else a call often shows many
        pairs, so for each rule only those are sought that are not found yet.
        """
        found: dict[tuple[int, int], Codes] = {}
        for second, box in enumerate(self.space.boxes):
            rivals = self.space.axes.meeting(box) & (1 << second) - 1
            left = []
            for first in numbers(rivals):
                if self._clash(first, second) and (first, second) not in found:
                    common = [a & b for a, b in zip(self.space.boxes[first], box, strict=True)]
                    if not self.sources:
                        codes = self.formula.quietest(common, self.space.positions)
                        found[first, second] = codes
                    else:
                        tried = self.search.call(
                            self.place, common, 0, must=1 << first | 1 << second
                        )
                        if tried.codes is not None:
                            self._keep_clashes(tried.codes, found)
                        elif not tried.sure:
                            left.append(first)
                    if len(found) > _LISTED:
                        return found
            self._ask_for(second, left, found)
            if len(found) > _LISTED:
                return found
        return found

    def _ask_for(self, second: int, firsts: list[int], found: dict[tuple[int, int], Codes]) -> None:
        """Find which of some rules overlap with one, where trying found no call."""
        formula = self.formula
        left = [first for first in firsts if (first, second) not in found]
        while left and len(found) <= _LISTED:
            matches = self.truths.matches
            some = formula.name(either([matches[first] for first in left]))
            codes = formula.solve(*self.reach, matches[second], some)
            if codes is None:
                return
            self._keep_clashes(codes, found)
            left = [first for first in left if (first, second) not in found]

    def _keep_clashes(self, codes: Codes, found: dict[tuple[int, int], Codes]) -> None:
        """Keep a call for the pairs of rules that match it and must not."""
        for pair in combinations(numbers(self._matching(codes) or 0), 2):
            if self._clash(*pair):
                found.setdefault(pair, codes)

    def _clash(self, first: int, second: int) -> bool:
        """Whether two rules must not match the same call."""
        classes = self.table.class_of_rule
        return self.table.unique or classes[first] != classes[second]

    def lost(self) -> Iterator[Finding]:
        """Rules that match no call, and rules whose calls are all taken by others."""
        for number, rule in enumerate(self.table.table.rules):
            stronger = self.space.stronger(number)
            box, one = self.space.boxes[number], 1 << number
            found = self.search.call(self.place, box, stronger, must=one)
            if found.codes is not None:
                continue
            if not found.sure and self.formula.possible(self.truths.hits[number], *self.reach):
                continue
            if not self._is_matched(number):
                said = say("found.dead", rule=rule.id, table=self.name)
                yield Finding("dead", said, self.name, (rule.id,), rule.line)
                continue
            guilty = self._shadowing(number, found.used)
            others = [self.table.table.rules[n].id for n in guilty]
            said = say(
                "found.shadowed" if len(others) == 1 else "found.shadowed-by-many",
                rule=rule.id,
                table=self.name,
                others=both(others),
                where=say("ahead-of-it" if self.table.table.hit == "priority" else "above-it"),
            )
            yield Finding("shadowed", said, self.name, (rule.id, *others), rule.line)

    def _is_matched(self, rule: int) -> bool:
        """Whether some call matches a rule."""
        found = self.search.call(self.place, self.space.boxes[rule], 0, must=1 << rule)
        if found.sure:
            return found.codes is not None
        return self.formula.possible(self.truths.matches[rule], *self.reach)

    def _shadowing(self, rule: int, taking: int) -> list[int]:
        """As few of the stronger rules as take all calls of this one (none can be left out).

        `taking` are some that do; where none are known, the solver says.
        """
        guilty = taking or self._core(rule)
        for number in reversed(numbers(guilty)):
            rest = guilty & ~(1 << number)
            if rest and guilty >> number & 1:
                guilty = self._taking(rule, rest) or guilty
        return numbers(guilty)

    def _taking(self, rule: int, rivals: int) -> int:
        """Some of the rivals (bits) that take all calls of a rule; none where they do not."""
        found = self.search.call(self.place, self.space.boxes[rule], rivals, must=1 << rule)
        if found.sure:
            return found.used
        matches = self.truths.matches
        fails = [negated(matches[n]) for n in numbers(rivals)]
        return 0 if self.formula.possible(matches[rule], *self.reach, *fails) else rivals

    def _core(self, rule: int) -> int:
        """Some stronger rules (bits) that take all calls of this one, as the solver has it."""
        formula, matches = self.formula, self.truths.matches
        rivals = self.space.stronger(rule) & self.space.axes.meeting(self.space.boxes[rule])
        fails = {n: negated(matches[n]) for n in numbers(rivals)}
        formula.possible(matches[rule], *self.reach, *fails.values())
        core = {part.get_id() for part in formula.solver.unsat_core()}
        return sum(1 << n for n, fail in fails.items() if fail.get_id() in core)

    def unreached(self, lost: set[str]) -> Iterator[Finding]:
        """Declared outputs that no call gets, where the rules in `lost` have no calls."""
        table = self.table.table
        reached: dict[str, set[Value]] = {name: set() for name in table.outputs}
        for rule in table.rules:
            if rule.id not in lost:
                for name, value in rule.then.items():
                    reached[name].add(value)
        for name, output in table.outputs.items():
            values: tuple[Value, ...] = output.domain.values
            if output.type == "boolean":
                values = (True, False)
            for value in values:
                if value not in reached[name]:
                    shown = format_value(value)
                    said = say("found.unreached", name=name, value=shown, table=self.name)
                    yield Finding("unreached", said, self.name, (), table.line)


def idle_inputs(policy: Policy, compiled: Compiled) -> Iterator[Finding]:
    """Inputs that no rule looks at."""
    for axis in compiled.axes:
        if len(axis.examples) == 1:
            yield Finding("idle", say("found.idle", name=axis.name))


def told(call: Mapping[str, Fact]) -> str:
    """The known facts of a call, in an English sentence."""
    return str(facts_said(call))


def facts_said(call: Mapping[str, Fact]) -> Said:
    """The known facts of a call, in a sentence."""
    known = [f"{name}={format_value(fact)}" for name, fact in call.items() if fact is not UNKNOWN]
    if not call:
        return say("facts.any")
    if not known:
        return say("facts.none")
    return say("facts" if len(known) == len(call) else "facts.only", known=", ".join(known))

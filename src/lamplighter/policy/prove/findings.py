"""What is wrong with the tables: gaps, overlaps, rules without calls, outputs nobody gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import z3

from lamplighter.policy.compiled import Compiled, CompiledTable
from lamplighter.policy.domains import UNKNOWN, Fact, Value, format_value
from lamplighter.policy.model import Policy
from lamplighter.policy.prove.formula import Codes, Formula
from lamplighter.policy.prove.logic import assert_in, either, negated
from lamplighter.policy.report import Finding

# So many findings of one kind in a table get a call with few known facts, the others just one.
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
        self.truths = formula.tables[place]
        sources = {place}
        for earlier in range(place, -1, -1):
            if earlier in sources:
                sources |= set(formula.compiled.tables[earlier].sources)
        # What reaches the table: calls to which the tables that it depends on have an answer.
        self.reach = [formula.tables[source].answered for source in sorted(sources - {place})]
        self.looked_at = {p for t in sources for p, _ in formula.compiled.tables[t].columns}
        self.boxes = self._boxes()

    def all(self) -> Iterator[Finding]:
        """Everything that is wrong with the table."""
        yield from self.gaps()
        yield from self.overlaps()
        lost = list(self.lost())
        yield from lost
        yield from self.unreached({rule for finding in lost for rule in finding.rules[:1]})

    def _boxes(self) -> list[tuple[tuple[int, ...], int]]:
        """For each column the rules that accept its classes, and those that look at it.

        Of what a sum may come to only the rules that look at it are told.
        """
        boxes = [(axis.masks[self.place], self.table.full) for axis in self.formula.axes]
        for link in self.table.links:
            source = self.formula.compiled.tables[link.source].table
            listed = source.aggregate in (None, "min", "max")
            boxes.append((tuple(link.masks.values()) if listed else (), link.tested))
        return [(masks, tested) for masks, tested in boxes if set(masks) != {self.table.full}]

    def _meeting(self, rule: int) -> int:
        """The rules, as bits, whose cells leave room for a call that this rule matches too.

        There may still be none, where the tables before never give such outputs.
        """
        meeting = self.table.full
        for masks, _ in self.boxes:
            together = 0 if masks else -1
            for mask in masks:
                if mask >> rule & 1:
                    together |= mask
            meeting &= together
        return meeting

    def _covering(self, rule: int) -> int:
        """The rules, as bits, each of which accepts whatever this rule accepts."""
        covering = self.table.full
        for masks, tested in self.boxes:
            if not masks:
                covering &= ~tested
            for mask in masks:
                if mask >> rule & 1:
                    covering &= mask
        return covering

    def _call(self, codes: Codes, goals: Sequence[z3.BoolRef], readable: bool) -> dict[str, Fact]:
        if readable:
            codes = self.formula.readable(codes, goals)
        facts = self.formula.call(codes)
        names = {self.formula.axes[place].name for place in self.looked_at}
        return {name: fact for name, fact in facts.items() if name in names}

    def gaps(self) -> Iterator[Finding]:
        """A call that no rule covers, where there is one."""
        if self.table.answers.of(0) is not None:  # nothing that matches is an answer too
            return
        goals = [*self.reach, *(negated(match) for match in self.truths.matches)]
        codes = self.formula.solve(*goals)
        if codes is not None:
            call = self._call(codes, goals, readable=True)
            message = (
                f"table {self.name} has no rule for a call with {told(call)}; "
                "add a rule that covers it"
            )
            yield Finding("gap", message, self.name, (), self.table.table.line, call)

    def overlaps(self) -> Iterator[Finding]:
        """Pairs of rules that must not match the same call, and do; of very many, some."""
        if not self.table.unique and not self.table.any:
            return
        rules = self.table.table.rules
        pairs, all_found = self._overlapping()
        listed = sorted(pairs, key=lambda pair: pair[::-1])[:_LISTED]
        for place, (first, second) in enumerate(listed):
            goals = [*self.reach, self.truths.matches[first], self.truths.matches[second]]
            call = self._call(pairs[first, second], goals, place < _READABLE)
            pair = (rules[first].id, rules[second].id)
            message = (
                f"table {self.name} is {self.table.table.hit}, but its rules {pair[0]} and "
                f"{pair[1]} {'both match' if self.table.unique else 'disagree about'} a call "
                f"with {told(call)}; narrow one of them"
            )
            yield Finding("overlap", message, self.name, pair, rules[second].line, call)
        if not all_found or len(listed) < len(pairs):
            message = (
                f"table {self.name} has more rules that overlap than are listed; "
                "mend these first, or choose another hit policy"
            )
            yield Finding("overlap", message, self.name, (), self.table.table.line)

    def _overlapping(self) -> tuple[dict[tuple[int, int], Codes], bool]:
        """Pairs of rules that overlap, each with a call, and whether these are all.

        One call often shows many pairs, so each rule asks only for one that is not found yet.
        """
        formula = self.formula
        found: dict[tuple[int, int], Codes] = {}
        matching = self.truths.matches if self.table.unique else self.truths.answers
        if len(matching) < 2 or not formula.possible(
            *self.reach, formula.name(z3.AtLeast(*matching, 2))
        ):
            return found, True
        for second in range(len(self.truths.matches)):
            rivals = _numbers(self._meeting(second) & (1 << second) - 1)
            while True:
                left = [n for n in rivals if self._clash(n, second) and (n, second) not in found]
                if not left:
                    break
                if len(found) >= _LISTED:
                    return found, False
                formula.solver.push()
                assert_in(formula.solver, either([self.truths.matches[n] for n in left]))
                codes = formula.solve(*self.reach, self.truths.matches[second])
                if codes is not None:
                    for pair in self._clashes(formula.solver.model()):
                        found.setdefault(pair, codes)
                formula.solver.pop()
                if codes is None:
                    break
        return found, True

    def _clashes(self, model: z3.ModelRef) -> list[tuple[int, int]]:
        """The pairs of rules that match one call and must not."""
        hits = [n for n, match in enumerate(self.truths.matches) if z3.is_true(model[match])]
        return [pair for pair in combinations(hits, 2) if self._clash(*pair)]

    def _clash(self, first: int, second: int) -> bool:
        """Whether two rules must not match the same call."""
        classes = self.table.class_of_rule
        return self.table.unique or classes[first] != classes[second]

    def lost(self) -> Iterator[Finding]:
        """Rules that match no call, and rules whose calls are all taken by others."""
        for number, rule in enumerate(self.table.table.rules):
            covering = self._covering(number) & self._stronger(number)
            if not covering and self.formula.possible(self.truths.hits[number], *self.reach):
                continue
            if not self.formula.possible(self.truths.matches[number], *self.reach):
                message = f"rule {rule.id} of table {self.name} matches no call; mend or remove it"
                yield Finding("dead", message, self.name, (rule.id,), rule.line)
                continue
            guilty = _numbers(covering)[:1] or self._shadowing(number)
            others = [self.table.table.rules[n].id for n in guilty]
            where = "ahead of" if self.table.table.hit == "priority" else "above"
            message = (
                f"rule {rule.id} of table {self.name} is never reached, because "
                f"{' and '.join(others)} {where} it {'takes' if len(others) == 1 else 'take'} "
                "all its calls; move, mend or remove it"
            )
            yield Finding("shadowed", message, self.name, (rule.id, *others), rule.line)

    def _stronger(self, rule: int) -> int:
        """The rules, as bits, that are taken in place of this one where both match."""
        return (1 << rule) - 1 if self.table.takes_first else 0

    def _shadowing(self, rule: int) -> list[int]:
        """As few of the stronger rules as take all calls of this one (none can be left out)."""
        formula = self.formula
        rivals = _numbers(self._stronger(rule) & self._meeting(rule))
        fails = {n: negated(self.truths.matches[n]) for n in rivals}
        goals = [self.truths.matches[rule], *self.reach]
        formula.possible(*goals, *fails.values())
        core = {part.get_id() for part in formula.solver.unsat_core()}
        guilty = [n for n, fail in fails.items() if fail.get_id() in core]
        for number in list(guilty):
            rest = [fails[n] for n in guilty if n != number]
            if not formula.possible(*goals, *rest):
                guilty.remove(number)
        return guilty

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
                    message = (
                        f"no call gets {name} {format_value(value)} from table {self.name}; "
                        "add a rule that gives it or remove the value"
                    )
                    yield Finding("unreached", message, self.name, (), table.line)


def _numbers(rules: int) -> list[int]:
    return [number for number in range(rules.bit_length()) if rules >> number & 1]


def idle_inputs(policy: Policy, compiled: Compiled) -> Iterator[Finding]:
    """Inputs that no rule looks at."""
    for axis in compiled.axes:
        if len(axis.examples) == 1:
            message = f"no rule looks at the input {axis.name}; remove it or use it"
            yield Finding("idle", message)


def told(call: Mapping[str, Fact]) -> str:
    """The known facts of a call, in a sentence."""
    known = [f"{name}={format_value(fact)}" for name, fact in call.items() if fact is not UNKNOWN]
    if not call:
        return "any facts"
    if not known:
        return "no known fact"
    return ", ".join(known) + (" and nothing else known" if len(known) < len(call) else "")

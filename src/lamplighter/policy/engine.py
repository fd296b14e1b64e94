"""Decides: facts in, a decision or the open questions out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from lamplighter.policy.compiled import CompiledTable, compile_policy
from lamplighter.policy.decision import Decision, Hit, Open
from lamplighter.policy.diagram import Diagram
from lamplighter.policy.domains import UNKNOWN, Fact, Value, format_value
from lamplighter.policy.errors import DecisionError, FactError, did_you_mean
from lamplighter.policy.model import Policy

_KEPT = 10_000
# An input that must be known has no class for unknown.
_NO_CLASS = -1


class Engine:
    """One policy, compiled. Safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self.compiled = compile_policy(policy)
        self._policy = policy
        self._signature = (policy.name, policy.version, policy.content_hash)
        self._axes = {
            axis.name: (position, axis, axis.codes)
            for position, axis in enumerate(self.compiled.axes)
        }
        self._names = tuple(policy.inputs)
        self._all = (1 << len(self._names)) - 1
        self._required = _bits(declared.always_known for declared in policy.inputs.values())
        self._asked = _bits(declared.ask is not None for declared in policy.inputs.values())
        self._unknown = [axis.codes.get(UNKNOWN, _NO_CLASS) for axis in self.compiled.axes]
        self._steps = tuple(
            (table.full, table.columns, tuple((link.source, link.masks) for link in table.links))
            for table in self.compiled.tables
        )
        # These only remember what can be worked out again; each is emptied when it grows long.
        self._answers: dict[tuple[int, ...], tuple[Mapping[str, Value], tuple[Hit, ...]]] = {}
        self._opens: dict[tuple[int, int], Open] = {}
        self._named_before: dict[int, tuple[str, ...]] = {}

    @cached_property
    def diagram(self) -> Diagram:
        return Diagram(self.compiled)

    def decide(self, facts: Mapping[str, Fact], final: bool) -> Decision | Open:
        """See `lamplighter.policy.decide`."""
        unknown = self._unknown
        codes = unknown.copy()
        settled: dict[str, Fact] = {}
        given = 0
        axes = self._axes
        for name, fact in facts.items():
            try:
                position, axis, known = axes[name]
            except KeyError:
                hint = did_you_mean(str(name), self._names)
                raise FactError(f"the policy has no input {name}; {hint}") from None
            kind = fact.__class__
            if fact is UNKNOWN:
                code: int | None = unknown[position]
            elif kind is str or kind is bool:
                code = known.get(fact)
            else:
                code = None
            if code is None or code == _NO_CLASS:
                # The slow way: numbers, the word "unknown", and whatever is to be refused.
                code = axis.code(fact)
                fact = UNKNOWN if fact == "unknown" else fact
            codes[position] = code
            settled[name] = fact
            given |= 1 << position
        missing = self._required & ~given
        if final:
            if missing:
                name = self._named(missing)[0]
                raise FactError(f"{name} must be known before a decision is final; give its value")
        elif given != self._all:
            node = self.diagram.restricted(codes, given)
            if missing or node.support:
                return self._open(node.support | missing, node.ends)
        rules, used_bits = self._hits(codes, settled)
        outcome, hits = self._answer(rules)
        used = self._named(used_bits)
        return Decision(
            outcome,
            hits,
            MappingProxyType(settled),
            used,
            tuple([name for name in used if settled.get(name, UNKNOWN) is UNKNOWN]),
            *self._signature,
        )

    def _hits(self, codes: Sequence[int], facts: Mapping[str, Fact]) -> tuple[tuple[int, ...], int]:
        """The rule that hits in each table, and as bits the inputs that explain it.

        Those are the inputs that the rule looks at and, for each rule that would have come
        before it or contradicted it, the first input in the policy's order that ruled it out.
        Whatever the other inputs were, the same rules would have hit.
        """
        tables = self.compiled.tables
        rules: list[int] = []
        classes: list[int] = []
        used = 0
        for place, (full, columns, links) in enumerate(self._steps):
            reached = full
            for source, accepted in links:
                reached &= accepted[classes[source]]
            left = reached
            for position, masks in columns:
                left &= masks[codes[position]]
            if not left:
                raise self._failed(place, facts, "no rule covers")
            low = left & -left
            rule = low.bit_length() - 1
            table = tables[place]
            answer = table.class_of_rule[rule]
            used |= table.used[rule]
            if table.unique:
                if left != low and left & ~table.members(answer):
                    raise self._failed(place, facts, _disagreement(table, left))
                rivals = reached & ~left
            else:
                rivals = reached & (low - 1)
            if rivals:
                for position, masks in columns:
                    if used >> position & 1:
                        rivals &= masks[codes[position]]
                if rivals:
                    for position, masks in columns:
                        survivors = rivals & masks[codes[position]]
                        if survivors != rivals:
                            used |= 1 << position
                            rivals = survivors
            rules.append(rule)
            classes.append(answer)
        return tuple(rules), used

    def _answer(self, rules: tuple[int, ...]) -> tuple[Mapping[str, Value], tuple[Hit, ...]]:
        found = self._answers.get(rules)
        if found is None:
            if len(self._answers) > _KEPT:
                self._answers.clear()
            tables = self.compiled.tables
            hits = tuple(table.hits[rule] for table, rule in zip(tables, rules, strict=True))
            outputs = {name: value for hit in hits for name, value in hit.outputs.items()}
            outcome = {name: outputs[name] for name in self._policy.outcome}
            found = self._answers[rules] = (MappingProxyType(outcome), hits)
        return found

    def _failed(self, place: int, facts: Mapping[str, Fact], what: str) -> DecisionError:
        table = self.compiled.tables[place]
        positions = {position for position, _ in table.columns}
        for link in table.links:
            positions |= {position for position, _ in self.compiled.tables[link.source].columns}
        told = ", ".join(
            f"{name}={format_value(facts.get(name, UNKNOWN))}"
            for position, name in enumerate(self._names)
            if position in positions
        )
        call = told or "any call"
        return DecisionError(
            f"table {table.table.name}: {what} {call}; run `lamplighter policy check` and mend it"
        )

    def _open(self, can_matter: int, ends: int) -> Open:
        key = (can_matter, ends)
        found = self._opens.get(key)
        if found is None:
            if len(self._opens) > _KEPT:
                self._opens.clear()
            outcomes = self.diagram.outcomes
            possible = [o for end, o in enumerate(outcomes) if end and ends >> end & 1]
            possible.sort(key=self._rank)
            names = self._named(can_matter)
            asked = self._named(can_matter & self._asked) or names
            found = Open(tuple(possible), asked[0], names, *self._signature)
            self._opens[key] = found
        return found

    def _rank(self, outcome: Mapping[str, Value]) -> list[int | float]:
        """Outcomes stand in the order in which the policy declares their values."""
        rank: list[int | float] = []
        for name, value in outcome.items():
            values = self._policy.output(name).domain.values
            if isinstance(value, str):
                rank.append(values.index(value))
            else:
                rank.append(value)
        return rank

    def _named(self, positions: int) -> tuple[str, ...]:
        found = self._named_before.get(positions)
        if found is None:
            if len(self._named_before) > _KEPT:
                self._named_before.clear()
            found = tuple([n for p, n in enumerate(self._names) if positions >> p & 1])
            self._named_before[positions] = found
        return found


def _disagreement(table: CompiledTable, rules: int) -> str:
    names = [hit.rule for rule, hit in enumerate(table.hits) if rules >> rule & 1]
    return f"the rules {', '.join(names[:-1])} and {names[-1]} disagree about"


def _bits(flags: Iterable[bool]) -> int:
    return sum(flag << place for place, flag in enumerate(flags))


def decide(policy: Policy, facts: Mapping[str, Fact], *, final: bool = False) -> Decision | Open:
    """Decide a call by a policy.

    A fact is a value, `UNKNOWN` (somebody was asked, and nobody knows), or absent (not asked
    yet). While absent facts can change the outcome, the answer is `Open`; `final` ends the
    questions: what is absent counts as unknown, and the answer is a `Decision`.

    Raises `FactError` for an input that the policy does not have, for a value outside its
    domain, and for a final decision without an input that must always be known; and
    `DecisionError` where a table has no answer for these facts, or more than one.
    """
    return policy.engine.decide(facts, final)

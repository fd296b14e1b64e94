"""Decides: facts in, a decision or the open questions out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from lamplighter.policy.answers import places_of
from lamplighter.policy.compiled import Compiled, CompiledTable, compile_policy
from lamplighter.policy.decision import Decision, Hit, Open
from lamplighter.policy.diagram import Diagram, Piece
from lamplighter.policy.domains import UNKNOWN, Fact, Result, format_value
from lamplighter.policy.errors import DecisionError, FactError, did_you_mean
from lamplighter.policy.model import Policy

if TYPE_CHECKING:
    from lamplighter.policy.replay.possible import Possible

_KEPT = 10_000
# Open questions of policies that are too large: each may have a thousand outcomes of its own.
_KEPT_LARGE = 64
# Lists and sums that came up while such questions were followed: some 2 KB each.
_KEPT_FOLLOWED = 5_000
# An input that must be known has no class for unknown.
_NO_CLASS = -1
# Natures of calls whose questions are laid out ahead: some milliseconds, and some memory, each.
_MADE_READY = 200

_Step: TypeAlias = tuple[
    CompiledTable,
    int,
    tuple[tuple[int, tuple[int, ...]], ...],
    tuple[tuple[int, Mapping[int, int]], ...],
    tuple[tuple[int, int], ...],
    bool,
]


class Engine:
    """One policy, compiled. Safe to share between threads."""

    def __init__(self, policy: Policy) -> None:
        self.compiled = compile_policy(policy)
        # There is one: its outcomes have numbers, and what is remembered here goes by them.
        self.diagram = Diagram(self.compiled)
        self._policy = policy
        self._signature = (policy.name, policy.version, policy.content_hash)
        self._axes = {
            axis.name: (position, axis, axis.codes, axis.declared.domain.is_line)
            for position, axis in enumerate(self.compiled.axes)
        }
        self._names = tuple(policy.inputs)
        self._all = (1 << len(self._names)) - 1
        self._required = _bits(declared.always_known for declared in policy.inputs.values())
        self._asked = _bits(declared.ask is not None for declared in policy.inputs.values())
        self._unknown = [axis.codes.get(UNKNOWN, _NO_CLASS) for axis in self.compiled.axes]
        self._steps = _steps(self.compiled)
        self._followed: Possible | None = None
        # These only remember what can be worked out again, and what was asked for last.
        self._answer = lru_cache(_KEPT)(self._made_up)
        self._open = lru_cache(_KEPT)(self._opened)
        self._named = lru_cache(_KEPT)(self._in_order)
        self._too_large = lru_cache(_KEPT_LARGE)(self._opened_alone)
        self._ranks = [(name, _ranking(policy, name)) for name in policy.outcome]

    @property
    def _all_count(self) -> bool:
        """Whether all rules that match count in some table."""
        tables = [table.table for table in self.compiled.tables]
        return any(table.gathers or table.aggregate in ("sum", "count") for table in tables)

    @property
    def followed(self) -> Possible:
        """What is possible by another way than the diagram, for where that is too large.

        The lists and sums that come up there are dropped when they have become many.
        """
        found = self._followed
        if found is None:
            from lamplighter.policy.replay.bulk import Bulk
            from lamplighter.policy.replay.possible import Possible

            found = self._followed = Possible(Bulk(self._policy), ()).anew()
        elif found.kept > _KEPT_FOLLOWED:
            found = self._followed = found.anew()
        return found

    def make_ready(self) -> None:
        """Do ahead of time what the first questions of a process would wait for.

        Some seconds at most: pieces of the diagram are built, or found to be too large; then what
        follows questions by another way is loaded. After an installation that is compiled first.
        """
        firsts = range(min(len(self.compiled.axes[0].examples), _MADE_READY))
        fit = [self.diagram.fits([first], 1) for first in firsts]
        if not all(fit):
            codes = [fit.index(False)] + [0] * (len(self._names) - 1)
            # One call to its end: many open inputs are followed by other loops than few.
            for told in range(1, len(self._names)):
                self.followed.matter_soon(codes, (1 << told) - 1)
                self.followed.follow(codes, (1 << told) - 1)

    def decide(
        self, facts: Mapping[str, Fact], final: bool, *, quick: bool = False
    ) -> Decision | Open:
        """See `lamplighter.policy.decide`.

        `quick` leaves the outcomes out where lists and sums have too many to be listed soon; then
        what is certain may not be seen to be so yet.
        """
        unknown = self._unknown
        codes = unknown.copy()
        settled: dict[str, Fact] = {}
        given = 0
        axes = self._axes
        for name, fact in facts.items():
            try:
                position, axis, known, is_line = axes[name]
            except KeyError:
                hint = did_you_mean(str(name), self._names)
                raise FactError(f"the policy has no input {name}; {hint}") from None
            kind = fact.__class__
            if fact is UNKNOWN:
                code: int | None = unknown[position]
            elif is_line:
                code = axis.on_line(fact)
            else:
                code = known.get(fact) if kind is str or kind is bool else None
            if code is None or code == _NO_CLASS:
                # The slow way: Python's dates, the word "unknown", and whatever is to be refused.
                code = axis.code(fact)
                fact = UNKNOWN if fact == "unknown" else axis.declared.domain.settled(fact)
            codes[position] = code
            settled[name] = fact
            given |= 1 << position
        missing = self._required & ~given
        if final:
            if missing:
                name = self._named(missing)[0]
                raise FactError(f"{name} must be known before a decision is final; give its value")
        elif given != self._all:
            part = self.diagram.part(codes, given)
            if part is None:
                opened = self._too_large(tuple(codes), given, quick)
                if opened is not None:
                    return opened
            else:
                node, piece = part
                if missing or node.support:
                    return self._open(node.support | missing, node.ends, piece)
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
        """The rules that hit in each table, as bits, and as bits the inputs that explain them.

        Those are the inputs that the rules look at and, for each rule that would have counted
        had it matched, the first input in the policy's order that ruled it out.
        Whatever the other inputs were, the same rules would have hit.
        """
        rules: list[int] = []
        classes: list[int] = []
        used = 0
        for place, (table, full, columns, links, looking, first) in enumerate(self._steps):
            reached = full
            for source, accepted in links:
                reached &= accepted[classes[source]]
            left = reached
            for position, masks in columns:
                left &= masks[codes[position]]
            low = left & -left
            if first:
                if not left:
                    raise self._failed(place, facts, "no rule covers")
                rule = low.bit_length() - 1
                answer = table.class_of_rule[rule]
                used |= table.used[rule]
                rivals = reached & (low - 1)
                left = low
            else:
                left, answer = self._count(place, table, left, facts)
                for position, rules_looking in looking:
                    if left & rules_looking:
                        used |= 1 << position
                rivals = reached & ~left
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
            rules.append(left)
            classes.append(answer)
        return tuple(rules), used

    def _count(
        self, place: int, table: CompiledTable, left: int, facts: Mapping[str, Fact]
    ) -> tuple[int, int]:
        """Of the rules that match, those that count where not just the first one does."""
        if table.unique or table.any:
            low = left & -left
            if not left:
                raise self._failed(place, facts, "no rule covers")
            answer = table.class_of_rule[low.bit_length() - 1]
            if left != low and (table.unique or left & ~table.members(answer)):
                raise self._failed(place, facts, _disagreement(table, left))
            return left, answer
        if table.answers.kept > _KEPT:
            self._steps = _steps(self.compiled)
        found = table.answers.of(left)
        if found is None:
            raise self._failed(place, facts, "no rule covers")
        return left, found

    def _made_up(self, rules: tuple[int, ...]) -> tuple[Mapping[str, Result], tuple[Hit, ...]]:
        """The outcome where these rules hit in the tables, and the hits that are told."""
        hits: list[Hit] = []
        outputs: dict[str, Result] = {}
        for (table, *_), matched in zip(self._steps, rules, strict=True):
            hits += [table.hits[rule] for rule in places_of(matched)][: 1 if table.any else None]
            answer = table.answers.of(matched & -matched if table.any else matched)
            assert answer is not None
            outputs |= table.answers[answer]
        outcome = {name: outputs[name] for name in self._policy.outcome}
        return MappingProxyType(outcome), tuple(hits)

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

    def _opened_alone(self, codes: tuple[int, ...], given: int, quick: bool) -> Open | None:
        """What is open where a piece of the diagram is too large; None where nothing is."""
        missing = self._required & ~given
        alone = self.diagram.alone(codes, given)
        if alone is not None:
            node, piece = alone
            can_matter = node.support | missing
            return self._opened(can_matter, node.ends, piece) if can_matter else None
        followed = self.followed
        tested = followed.matter_soon(codes, given)
        if not tested and not missing:
            return None
        names = self._named(tested | missing)
        asked = self._named((tested | missing) & self._asked) or names
        if quick and self._all_count:
            return Open((), asked[0], names, *self._signature, False)
        found, exact = followed.follow(codes, given)
        if not missing and exact and len(found) == 1:
            return None
        possible = [outcome for number in found if (outcome := followed.bulk.outcomes[number])]
        possible.sort(key=self._rank)
        return Open(tuple(possible), asked[0], names, *self._signature, exact)

    def _opened(self, can_matter: int, ends: int, piece: Piece) -> Open:
        outcomes = piece.outcomes
        possible = [o for end, o in enumerate(outcomes) if end and ends >> end & 1]
        possible.sort(key=self._rank)
        names = self._named(can_matter)
        asked = self._named(can_matter & self._asked) or names
        return Open(tuple(possible), asked[0], names, *self._signature)

    def _rank(self, outcome: Mapping[str, Result]) -> list[Any]:
        """Outcomes stand in the order in which the policy declares their values."""
        return [rank(outcome[name]) for name, rank in self._ranks]

    def _in_order(self, positions: int) -> tuple[str, ...]:
        """The names of the inputs in these bits."""
        return tuple([name for place, name in enumerate(self._names) if positions >> place & 1])


def _steps(compiled: Compiled) -> tuple[_Step, ...]:
    """What a decision goes through, table by table, with answers that are numbered anew."""
    return tuple(
        (
            table,
            table.full,
            table.columns,
            tuple((link.source, link.masks) for link in table.links),
            _looking(table.used),
            table.takes_first,
        )
        for table in compiled.anew().tables
    )


def _looking(used: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """By input that some rule looks at, the rules that do, as bits."""
    found: dict[int, int] = {}
    for rule, inputs in enumerate(used):
        for position in places_of(inputs):
            found[position] = found.get(position, 0) | 1 << rule
    return tuple(found.items())


def _ranking(policy: Policy, name: str) -> Callable[[Any], Any]:
    """Where a result of an output stands in the policy's order; of a list, all of its values."""
    domain = policy.output(name).domain
    rank: Callable[[Any], Any] = int
    if domain.is_line:
        rank = domain.number
    elif domain.values:
        rank = {value: place for place, value in enumerate(domain.values)}.__getitem__
    table = next(table for table in policy.tables if name in table.outputs)
    return (lambda values: [*map(rank, values)]) if table.gathers else rank


def _disagreement(table: CompiledTable, rules: int) -> str:
    names = [table.hits[rule].rule for rule in places_of(rules)]
    verb = "both match" if table.unique and len(names) == 2 else "disagree about"
    verb = "all match" if table.unique and len(names) > 2 else verb
    return f"the rules {', '.join(names[:-1])} and {names[-1]} {verb}"


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

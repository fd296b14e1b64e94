"""Compares two policies over the calls of a history: what moves from whom to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.check import check
from lamplighter.policy.diagram import Node
from lamplighter.policy.domains import Domain, Fact, Result
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.model import Policy
from lamplighter.policy.replay.bulk import Bulk
from lamplighter.policy.replay.changes import changes, promise_changes
from lamplighter.policy.replay.comparison import (
    Comparison,
    Example,
    Flow,
    MovedGroup,
    OutcomeFlow,
    SetMove,
)
from lamplighter.policy.replay.ends import Ends
from lamplighter.policy.replay.facts import DIMENSIONS, Batch, Facts, Labels
from lamplighter.policy.replay.joint import Joint, join
from lamplighter.policy.replay.mapping import FactMapping, mapping_for
from lamplighter.policy.replay.ordered import rank
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.replaying import Progress, told
from lamplighter.policy.replay.residues import Residue
from lamplighter.policy.replay.tally import Tally, label_order, main_output

Array: TypeAlias = npt.NDArray[Any]
Pair: TypeAlias = tuple[Result, Result]

_EXAMPLES = 3
_MOST_SHOWN = 50


def compare(
    old: Policy,
    new: Policy,
    history_path: str | Path,
    *,
    mapping: FactMapping | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare two policies over a history: what a change would move, for certain or perhaps.

    A call moves if the same facts lead to another value of the main output: who responds, where
    both policies say so, else the first output of each outcome. What the history does not tell is
    tried both ways at once, so that a call for which both policies leave the same choice is
    counted as moving only if the same answers can lead to different ends. `mapping` is for the
    new policy, and is used for the old one too.

    Raises `HistoryError` where the history cannot be used, and `ReplayError` where the policies
    cannot be put side by side.
    """
    joint = join(old, new)
    facts = Facts(joint.policy, history_path, mapping or _mapping_for_both(old, new))
    bulk = Bulk(joint.policy)
    possible = Possible(bulk, told(facts.mapping))
    moves = _Moves(joint, possible)
    tally = Tally()
    done = 0
    for batch in facts:
        residues = possible.residues_of(batch.columns, batch.rows)
        tally.add(Ends.by_residue(possible, residues), batch.dimensions)
        moves.look_for_examples(batch, possible.residues.sets[residues], residues)
        done += batch.rows
        if progress:
            progress(done + sum(facts.left_out.values()), facts.rows)
    return _comparison(joint, facts, tally, moves)


def _mapping_for_both(old: Policy, new: Policy) -> FactMapping:
    """The mapping of the new policy, and of the old one for inputs that the new one has not."""
    mapping, earlier = mapping_for(new), mapping_for(old)
    inputs = {n: s for n, s in earlier.inputs.items() if n not in new.inputs} | dict(mapping.inputs)
    implied = tuple(one for one in earlier.implied if one.input not in new.inputs)
    return FactMapping(
        mapping.name, inputs, (*mapping.implied, *implied), mapping.leave_out, mapping.text
    )


class _Moves:
    """What the sets of the joint policy say about moving, and examples of calls that move."""

    def __init__(self, joint: Joint, possible: Possible) -> None:
        self._joint = joint
        self.possible = possible
        olds, news = joint.old, joint.new
        both = "responder" in olds.outcome and "responder" in news.outcome
        self.main = main_output(news) if both else news.outcome[0]
        self._old_main = main_output(olds) if both else olds.outcome[0]
        self._pairs: dict[int, frozenset[Pair] | None] = {}
        self._examples: dict[Pair, list[tuple[bool, Example]]] = {}
        self._looked_at: set[int] = set()

    def pairs(self, one: int) -> frozenset[Pair] | None:
        """The values before and after in a set; None where a policy may have no answer, or where
        more can happen than is listed."""
        if one not in self._pairs:
            members = self.possible.sets[one]
            told = all(self.possible.bulk.outcomes[number] for number in members)
            self._pairs[one] = frozenset(map(self._pair, members)) if told else None
        return self._pairs[one]

    def outcomes(self, one: int) -> list[tuple[Mapping[str, Result], Mapping[str, Result]]]:
        """The outcomes before and after in a set."""
        outcomes = self.possible.bulk.outcomes
        return [self._joint.split(outcomes[number]) for number in self.possible.sets[one]]

    def in_order(self, values: set[Result]) -> tuple[Result, ...]:
        """Values as the policies order them."""
        output = self._joint.new.output(self.main).domain
        old = self._joint.old.output(self._old_main).domain

        def place(value: Result) -> tuple[int, tuple[float, ...]]:
            return (0, rank(output, value)) if _has(output, value) else (1, rank(old, value))

        return tuple(sorted(values, key=place))

    def _pair(self, number: int) -> Pair:
        before, after = self._joint.split(self.possible.bulk.outcomes[number])
        return before[self._old_main], after[self.main]

    def look_for_examples(self, batch: Batch, sets: Array, residues: Array) -> None:
        """Keep a few calls for each flow, those that move for certain before others."""
        for one in np.unique(sets).tolist():
            pairs = self.pairs(one)
            wanted = [pair for pair in pairs or () if pair[0] != pair[1]]
            if not wanted or one in self._looked_at:
                continue
            # One call for each set, so that the examples differ.
            self._looked_at.add(one)
            for row in np.flatnonzero(sets == one)[:1].tolist():
                known = {
                    name: column.values[column.codes[row]] for name, column in batch.columns.items()
                }
                facts = {name: fact for name, fact in known.items() if fact is not None}
                for pair in wanted:
                    also = self._what_else(self.possible.residues[residues[row]], pair)
                    example = Example(batch.ids.array()[row].as_py(), facts, also)
                    kept = self._examples.setdefault(pair, [])
                    kept.append((len(pairs or ()) > 1, example))
                    # Sorting is stable: the first calls of the history stay first.
                    kept.sort(key=lambda e: (e[0], not e[1].facts, len(e[1].if_also)))
                    del kept[_EXAMPLES:]

    def examples(self, pair: Pair) -> tuple[Example, ...]:
        return tuple(example for _, example in self._examples.get(pair, ()))

    def _what_else(self, residue: Residue, pair: Pair) -> dict[str, Fact]:
        """As few facts as possible beside the known ones with which this move happens."""
        diagram = self.possible.bulk.policy.engine.diagram
        try:
            node, piece = diagram.restricted(residue.codes, residue.known)
        except DecisionError:
            return self._what_else_by_trial(residue, pair)
        numbers = self.possible.numbers_of(piece)
        ends = sum((self._pair(n) == pair) << end for end, n in enumerate(numbers) if n)
        steps = _shortest(node, ends, {})
        assert steps is not None
        axes = self.possible.bulk.compiled.axes
        return {axes[place].name: axes[place].examples[code] for place, code in steps}

    def _what_else_by_trial(self, residue: Residue, pair: Pair) -> dict[str, Fact]:
        """Facts with which this move happens, one input after the other."""
        codes, known, also = list(residue.codes), residue.known, dict[str, Fact]()
        for place, axis in enumerate(self.possible.bulk.compiled.axes):
            if not self.possible.still_tested(codes, known) >> place & 1:
                continue
            found = self.possible.follow(codes, known)[0]
            if all(self._pair(number) == pair for number in found if number):
                break
            for code in range(len(axis.examples)):
                codes[place] = code
                found = self.possible.follow(codes, known | 1 << place)[0]
                if any(number and self._pair(number) == pair for number in found):
                    break
            known |= 1 << place
            also[axis.name] = axis.examples[codes[place]]
        return also


def _has(domain: Domain, value: Result) -> bool:
    return all(one in domain for one in (value if isinstance(value, tuple) else (value,)))


Steps: TypeAlias = tuple[tuple[int, int], ...]


def _shortest(node: Node, ends: int, seen: dict[int, Steps | None]) -> Steps | None:
    """The fewest answers (input and class) from a node to one of the ends."""
    if not node.ends & ends:
        return None
    if not node.children:
        return ()
    if id(node) not in seen:
        ways = [
            ((node.position, code), *way)
            for code, child in enumerate(node.children)
            if (way := _shortest(child, ends, seen)) is not None
        ]
        seen[id(node)] = min(ways, key=len)
    return seen[id(node)]


def _comparison(joint: Joint, facts: Facts, tally: Tally, moves: _Moves) -> Comparison:
    sets = tally.sets.as_dict()
    pairs = {one: moves.pairs(one) for one in sets}
    decided = {one: found for one, found in pairs.items() if found is not None}
    kinds = {one: _kind([a != b for a, b in found]) for one, found in decided.items()}
    whole = {one: _kind([a != b for a, b in moves.outcomes(one)]) for one in decided}

    def calls(kind: str, found: Mapping[int, str]) -> int:
        return sum(count for one, count in sets.items() if found.get(one) == kind)

    return Comparison(
        old=_told(joint.old),
        new=_told(joint.new),
        history=facts.path.name,
        city=facts.info.city,
        main_output=moves.main,
        calls=tally.calls,
        stay=calls("stay", kinds),
        moves=calls("moves", kinds),
        may_move=calls("may move", kinds),
        outcome_moves=calls("moves", whole),
        outcome_may_move=calls("may move", whole),
        not_decided=sum(count for one, count in sets.items() if pairs[one] is None),
        unsure=sum(count for one, count in sets.items() if one in moves.possible.unsure),
        left_out=MappingProxyType(dict(facts.left_out)),
        not_understood=MappingProxyType(
            {
                name: MappingProxyType(dict(words.most_common()))
                for name, words in facts.not_understood.items()
            }
        ),
        flows=_flows(sets, decided, moves.examples),
        outcome_flows=tuple(_outcome_flows(sets, decided, moves)),
        set_moves=tuple(_set_moves(sets, decided, moves)),
        by=MappingProxyType(
            {name: _groups(name, facts.labels[name], tally, decided, kinds) for name in DIMENSIONS}
        ),
        changes=changes(joint.old, joint.new),
        promises=promise_changes(joint.old, joint.new, _kept(joint.old), _kept(joint.new)),
    )


def _told(policy: Policy) -> Mapping[str, str]:
    return MappingProxyType(
        {"policy": policy.name, "version": policy.version, "content_hash": policy.content_hash}
    )


def _kept(policy: Policy) -> dict[str, str]:
    """What a check says about each promise."""
    return {result.promise.id: result.status for result in check(policy).promises}


def _kind(different: Sequence[bool]) -> str:
    if all(different):
        return "moves"
    return "may move" if any(different) else "stay"


def _flows(
    sets: Mapping[int, int],
    decided: Mapping[int, frozenset[Pair]],
    examples: Callable[[Pair], tuple[Example, ...]],
) -> tuple[Flow, ...]:
    least: Counter[Pair] = Counter()
    most: Counter[Pair] = Counter()
    for one, calls in sets.items():
        for pair in decided.get(one, ()):
            if pair[0] != pair[1]:
                most[pair] += calls
                if len(decided[one]) == 1:
                    least[pair] += calls
    flows = [Flow(*pair, least[pair], most[pair], examples(pair)) for pair in most]
    return tuple(
        sorted(flows, key=lambda f: (-f.at_most, -f.at_least, str(f.before), str(f.after)))
    )


def _outcome_flows(
    sets: Mapping[int, int], decided: Mapping[int, frozenset[Pair]], moves: _Moves
) -> Iterator[OutcomeFlow]:
    """The largest flows from one whole outcome to another."""
    found: dict[str, list[Any]] = {}
    for one, calls in sets.items():
        pairs = moves.outcomes(one) if one in decided else []
        for before, after in pairs:
            if before != after:
                flow = found.setdefault(repr((before, after)), [before, after, 0, 0])
                flow[2] += calls if len(pairs) == 1 else 0
                flow[3] += calls
    largest = sorted(found.values(), key=lambda flow: (-flow[3], -flow[2], repr(flow[:2])))
    for before, after, least, most in largest[:_MOST_SHOWN]:
        yield OutcomeFlow(MappingProxyType(before), MappingProxyType(after), least, most)


def _set_moves(
    sets: Mapping[int, int], decided: Mapping[int, frozenset[Pair]], moves: _Moves
) -> Iterator[SetMove]:
    """What was possible before, and what is now, of calls that may move."""
    found: Counter[tuple[tuple[Result, ...], tuple[Result, ...]]] = Counter()
    for one, pairs in decided.items():
        if any(before != after for before, after in pairs):
            before = moves.in_order({pair[0] for pair in pairs})
            found[before, moves.in_order({pair[1] for pair in pairs})] += sets[one]
    # Sets are numbered as threads meet them: of as many calls the words decide.
    for (before, after), calls in sorted(found.items(), key=lambda one: (-one[1], str(one[0]))):
        yield SetMove(before, after, calls)


def _groups(
    name: str,
    labels: Labels,
    tally: Tally,
    decided: Mapping[int, frozenset[Pair]],
    kinds: Mapping[int, str],
) -> tuple[MovedGroup, ...]:
    by_label: dict[int, Counter[int]] = {}
    pairs = zip(*(column.tolist() for column in tally.by(name)), strict=True)
    for label, one, calls in pairs:
        by_label.setdefault(label, Counter())[one] += calls
    groups = [
        MovedGroup(
            labels.values[label],
            sum(sets.values()),
            sum(calls for one, calls in sets.items() if kinds.get(one) == "moves"),
            sum(calls for one, calls in sets.items() if kinds.get(one) == "may move"),
            _flows(sets, decided, lambda _: ()),
        )
        for label, sets in by_label.items()
    ]
    order = label_order(name, labels)
    if order:
        return tuple(sorted(groups, key=lambda group: order[group.label]))

    def place(group: MovedGroup) -> tuple[int, int, bool, str]:
        moved = group.moves + group.may_move
        return -moved, -group.calls, group.label is None, group.label or ""

    return tuple(sorted(groups, key=place))

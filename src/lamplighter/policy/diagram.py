"""All decisions of a policy as one reduced diagram: what is still possible, what can matter.

A node asks for one input; its children are the classes of facts of that input. The inputs
come in the policy's order, equal nodes are one node, and a node whose children are all equal
is left out. A diagram in this form is unique for what it decides (Bryant 1986), therefore the
inputs that occur in it are exactly those that can change the outcome, and the ends that can
be reached in it are exactly the outcomes that are possible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Result
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.residue import Residues, State

# The end for facts that leave some table without an answer, or with two.
FAILURE = 0
# What one value of the first input may take, some 3 microseconds each: a call taker waits for it.
# The shipped policy takes up to 100, random ones of 40 rules and ten inputs 200 to 2,200.
_MOST_STEPS = 2_000
# The same for one question, where that is too large.
_MOST_STEPS_ALONE = 400
# To make up a list or a sum takes as long as some steps.
_STEPS_A_SUM = 3
# So many classes of facts are as much work as a step.
_CLASSES_A_STEP = 20
_KEPT_ALONE = 256
_MOST_OUTCOMES = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`support` has the inputs that matter below, `ends` the outcomes that can be reached."""

    position: int
    children: tuple[Node, ...]
    support: int
    ends: int


class Diagram:
    """Built piece by piece, as it is asked; what was built once is kept.

    A piece is what one value of the first input leaves, mostly the nature of a call. Each is too
    large or not by itself, whatever was asked before, so that every process answers alike.
    """

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._residues = Residues(compiled)
        self._inputs = len(compiled.axes)
        self._classes = [len(axis.examples) for axis in compiled.axes]
        adds = any(table.table.gathers or table.table.aggregate for table in compiled.tables)
        self._steps_at_end = _STEPS_A_SUM if adds else 0
        self._nodes: dict[tuple[int, ...], Node] = {}
        self._ends: dict[tuple[Result, ...], Node] = {}
        self._by_state: dict[State, Node] = {}
        # The outcomes of what is being built: if that is given up, they are forgotten with it.
        self._new_outcomes: list[Mapping[str, Result]] = []
        # By the class of the first input, -1 where it is not known; None where it is too large.
        self._roots: dict[int, Node | None] = {}
        self._failure = Node(self._inputs, (), 0, 1 << FAILURE)
        # What was built for one question is mostly asked for again, by whoever plans the next one.
        self._alones: dict[tuple[int, ...], Node | None] = {}
        self._building = Lock()
        self.outcomes: list[Mapping[str, Result]] = [MappingProxyType({})]

    def restricted(self, codes: Sequence[int], given: int) -> Node:
        """The diagram of what is still open when the inputs in the bits `given` are known.

        Raises `DecisionError` where that is too large.
        """
        node = self.part(codes, given)
        if node is None and given > 1:
            node = self._alone(codes, given)
        if node is None:
            raise too_many()
        return node

    def part(self, codes: Sequence[int], given: int) -> Node | None:
        """The same, None where the piece that holds it is too large; it may not be by itself."""
        node = self._piece(codes, given)
        if node is None:
            return None
        support = node.support
        while support & given:
            position = node.position
            if not given >> position & 1:
                return self._restrict(node, codes, given, {}, {})
            node = node.children[codes[position]]
            support = node.support
        return node

    def fits(self, codes: Sequence[int], given: int) -> bool:
        """Whether the piece that holds these facts is not too large."""
        return self._piece(codes, given) is not None

    def size(self) -> int:
        """The number of nodes built so far."""
        return len(self._nodes) + len(self._ends)

    def _piece(self, codes: Sequence[int], given: int) -> Node | None:
        # The first input is mostly known: build only its part.
        first = codes[0] if given & 1 else -1
        if first in self._roots:
            return self._roots[first]
        with self._building:
            if first not in self._roots:
                found = self._built(codes, given & 1, _MOST_STEPS, self._nodes)
                self._roots[first] = found
            return self._roots[first]

    def _alone(self, codes: Sequence[int], given: int) -> Node | None:
        """The diagram of what is still open, built for this question only."""
        told = tuple([code if given >> p & 1 else -1 for p, code in enumerate(codes)])
        with self._building:
            if told not in self._alones:
                if len(self._alones) >= _KEPT_ALONE:
                    self._alones.clear()
                self._alones[told] = self._built(codes, given, _MOST_STEPS_ALONE, {})
            return self._alones[told]

    def _built(
        self, codes: Sequence[int], given: int, most: int, made: dict[tuple[int, ...], Node]
    ) -> Node | None:
        """The diagram of what these facts leave, `made` anew; None where it takes more steps."""
        residues = self._residues
        seen: dict[tuple[int, State], Node] = {}
        steps = 0

        def build(position: int, state: State | None) -> Node:
            nonlocal steps
            while state is not None and max(state) >= 0 and given >> position & 1:
                state = residues.step(state, position, codes[position])
                position += 1
            if state is None:
                return self._failure
            if max(state) < 0:
                steps += self._steps_at_end
                return self._end(state)
            node = seen.get((position, state))
            if node is None:
                # Classes that leave the same rules lead to the same; with few rules they are few.
                kinds: dict[State, Node] = {}
                children: list[Node] = []
                steps += self._classes[position] // _CLASSES_A_STEP
                for code, left in enumerate(residues.left(state, position)):
                    child = kinds.get(left)
                    if child is None:
                        steps += 1
                        if steps > most:
                            raise _TooLarge
                        child = build(position + 1, residues.step(state, position, code))
                        kinds[left] = child
                    children.append(child)
                node = seen[position, state] = _join(position, tuple(children), {}, made)
            return node

        ends, nodes = len(self._ends), len(made)
        try:
            root = build(0, residues.start())
            self.outcomes += self._new_outcomes
            return root
        except _TooLarge:
            _forget_since(ends, self._ends)
            _forget_since(nodes, made)
            self._by_state.clear()
            return None
        finally:
            self._new_outcomes.clear()

    def _end(self, state: State) -> Node:
        node = self._by_state.get(state)
        if node is None:
            if len(self._by_state) >= _MOST_OUTCOMES:
                self._by_state.clear()
            node = self._by_state[state] = self._new_end(state)
        return node

    def _new_end(self, state: State) -> Node:
        outputs: dict[str, Result] = {}
        for table, rules in zip(self._compiled.tables, state, strict=True):
            outputs.update(table.answers[-1 - rules])
        outcome = {name: outputs[name] for name in self._compiled.policy.outcome}
        key = tuple(outcome.values())
        node = self._ends.get(key)
        if node is None:
            number = len(self.outcomes) + len(self._new_outcomes)
            if number > _MOST_OUTCOMES:
                raise _TooLarge
            node = self._ends[key] = Node(self._inputs, (), 0, 1 << number)
            self._new_outcomes.append(MappingProxyType(outcome))
        return node

    def _restrict(
        self,
        node: Node,
        codes: Sequence[int],
        given: int,
        seen: dict[int, Node],
        made: dict[tuple[int, ...], Node],
    ) -> Node:
        """The node with the known inputs taken out, as a reduced diagram again."""
        while node.support & given and given >> node.position & 1:
            node = node.children[codes[node.position]]
        if not node.support & given:
            return node
        found = seen.get(id(node))
        if found is None:
            children = tuple(
                [self._restrict(child, codes, given, seen, made) for child in node.children]
            )
            # New nodes live for this question only, so that questions cost no memory.
            found = seen[id(node)] = _join(node.position, children, self._nodes, made)
        return found


class _TooLarge(Exception):
    """There are more steps than may be taken."""


def too_many() -> DecisionError:
    """What to say where a policy is too large to follow every answer."""
    return DecisionError(
        "the open questions of this policy can end in too many ways to be followed; "
        "give all facts at once (final), or let its tables look at fewer inputs together"
    )


def _forget_since(count: int, made: dict[Any, Node]) -> None:
    """Take out what was put in after the first so many."""
    while len(made) > count:
        made.popitem()


def _join(
    position: int,
    children: tuple[Node, ...],
    known: Mapping[tuple[int, ...], Node],
    new: dict[tuple[int, ...], Node],
) -> Node:
    """The one node with these children; where they are all the same, that child itself."""
    first = children[0]
    if children.count(first) == len(children):
        return first
    key = (position, *[id(child) for child in children])
    # What this question made comes first: another thread may have built its equal since.
    node = new.get(key) or known.get(key)
    if node is None:
        support, ends = 1 << position, 0
        for child in children:
            support |= child.support
            ends |= child.ends
        node = new[key] = Node(position, children, support, ends)
    return node

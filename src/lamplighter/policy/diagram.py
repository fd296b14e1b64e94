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

from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Result
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.residue import Residues, State

# The end for facts that leave some table without an answer, or with two.
FAILURE = 0
# Some hundred times what the shipped policy needs; beyond it lie minutes and gigabytes.
_MOST_STEPS = 500_000
# The same for one question, where the whole is too large: a call taker waits for it.
_MOST_STEPS_ALONE = 150
# So many classes of facts are as much work as a step.
_CLASSES_A_STEP = 50
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
    """Built piece by piece, as it is asked; what was built once is kept."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._residues = Residues(compiled)
        self._inputs = len(compiled.axes)
        self._classes = [len(axis.examples) for axis in compiled.axes]
        self._by_state: dict[tuple[int, State | None], Node] = {}
        self._steps = 0
        self._is_too_large = False
        self._nodes: dict[tuple[int, ...], Node] = {}
        self._ends: dict[tuple[Result, ...], Node] = {}
        self._roots: dict[int, Node] = {}
        self._failure = Node(self._inputs, (), 0, 1 << FAILURE)
        # What was built for one question is mostly asked for again, by whoever plans the next one.
        self._alones: dict[tuple[int, ...], Node | None] = {}
        self._building = Lock()
        self.outcomes: list[Mapping[str, Result]] = [MappingProxyType({})]

    def restricted(self, codes: Sequence[int], given: int) -> Node:
        """The diagram of what is still open when the inputs in the bits `given` are known.

        Raises `DecisionError` where that is too large, too.
        """
        # The first input is mostly known (the nature of a call): build only its part.
        first = codes[0] if given & 1 else -1
        node = self._roots.get(first)
        if node is None:
            if self._is_too_large:
                return self._alone(codes, given)
            try:
                node = self._root(first)
            except DecisionError:
                self._is_too_large = True
                return self._alone(codes, given)
        support = node.support
        while support & given:
            position = node.position
            if not given >> position & 1:
                return self._restrict(node, codes, given, {}, {})
            node = node.children[codes[position]]
            support = node.support
        return node

    @property
    def is_too_large(self) -> bool:
        """Whether the whole was found to be too large."""
        return self._is_too_large

    def follow_all(self) -> None:
        """Build the whole diagram ahead of time; a `DecisionError` where it is too large."""
        for first in range(self._classes[0]):
            self._roots.get(first) or self._root(first)

    def size(self) -> int:
        """The number of nodes built so far."""
        return len(self._nodes) + len(self._ends)

    def _root(self, first: int) -> Node:
        with self._building:
            start = self._residues.start()
            if first < 0 or start is None:
                root = self._build(0, start)
            else:
                root = self._build(1, self._residues.step(start, 0, first))
            self._roots[first] = root
            return root

    def _build(self, position: int, state: State | None) -> Node:
        if state is None:
            return self._failure
        if all(rules < 0 for rules in state):
            return self._end(state)
        key = (position, state)
        node = self._by_state.get(key)
        if node is None:
            self._steps += self._classes[position]
            if self._steps > _MOST_STEPS:
                raise too_many()
            residues = self._residues
            children = tuple(
                [
                    self._build(position + 1, residues.step(state, position, code))
                    for code in range(self._classes[position])
                ]
            )
            node = self._by_state[key] = _join(position, children, self._nodes, self._nodes)
        return node

    def _alone(self, codes: Sequence[int], given: int) -> Node:
        """The diagram of what is still open, built for this question only."""
        told = tuple([code if given >> p & 1 else -1 for p, code in enumerate(codes)])
        with self._building:
            if told not in self._alones:
                if len(self._alones) >= _KEPT_ALONE:
                    self._alones.clear()
                try:
                    self._alones[told] = self._built_alone(codes, given)
                except DecisionError:
                    self._alones[told] = None
            node = self._alones[told]
        if node is None:
            raise too_many()
        return node

    def _built_alone(self, codes: Sequence[int], given: int) -> Node:
        residues = self._residues
        seen: dict[tuple[int, State], Node] = {}
        made: dict[tuple[int, ...], Node] = {}
        steps = 0

        def build(position: int, state: State | None) -> Node:
            nonlocal steps
            while state is not None and any(rules >= 0 for rules in state):
                if not given >> position & 1:
                    break
                state = residues.step(state, position, codes[position])
                position += 1
            if state is None:
                return self._failure
            if all(rules < 0 for rules in state):
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
                        if steps > _MOST_STEPS_ALONE:
                            raise too_many()
                        child = build(position + 1, residues.step(state, position, code))
                        kinds[left] = child
                    children.append(child)
                node = seen[position, state] = _join(position, tuple(children), {}, made)
            return node

        return build(0, residues.start())

    def _end(self, state: State) -> Node:
        outputs: dict[str, Result] = {}
        for table, rules in zip(self._compiled.tables, state, strict=True):
            outputs.update(table.answers[-1 - rules])
        outcome = {name: outputs[name] for name in self._compiled.policy.outcome}
        key = tuple(outcome.values())
        if key not in self._ends:
            if len(self._ends) >= _MOST_OUTCOMES:
                raise too_many()
            self._ends[key] = Node(self._inputs, (), 0, 1 << len(self.outcomes))
            self.outcomes.append(MappingProxyType(outcome))
        return self._ends[key]

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


def too_many() -> DecisionError:
    """What to say where a policy is too large to follow every answer."""
    return DecisionError(
        "the open questions of this policy can end in too many ways to be followed; "
        "give all facts at once (final), or let its tables look at fewer inputs together"
    )


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

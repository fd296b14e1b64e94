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
from functools import lru_cache
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

from lamplighter.policy.compiled import Compiled
from lamplighter.policy.domains import Result
from lamplighter.policy.errors import DecisionError
from lamplighter.policy.residue import Residues

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
# What was built for one question is mostly asked for again by whoever plans the next one.
_KEPT_ALONE = 16
# Sets of rules whose answers are kept while lists and sums are made up: some 10 MB.
_KEPT_ANSWERS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`support` has the inputs that matter below, `ends` the outcomes that can be reached."""

    position: int
    children: tuple[Node, ...]
    support: int
    ends: int


class Piece:
    """A diagram of its own: its nodes, and its outcomes by the number of their end."""

    def __init__(self, inputs: int) -> None:
        self.outcomes: list[Mapping[str, Result]] = [MappingProxyType({})]
        self.failure = Node(inputs, (), 0, 1 << FAILURE)
        self.root = self.failure
        self.nodes: dict[tuple[int, ...], Node] = {}
        self._inputs = inputs
        self._ends: dict[tuple[Result, ...], Node] = {}

    def size(self) -> int:
        """The number of nodes."""
        return len(self.nodes) + len(self._ends)

    def end(self, outcome: Mapping[str, Result]) -> Node:
        """The one node of an outcome."""
        key = tuple(outcome.values())
        node = self._ends.get(key)
        if node is None:
            node = self._ends[key] = Node(self._inputs, (), 0, 1 << len(self.outcomes))
            self.outcomes.append(MappingProxyType(dict(outcome)))
        return node


class Diagram:
    """Built piece by piece, as it is asked; what was built once is kept.

    A piece is what one value of the first input leaves, mostly the nature of a call. Each is too
    large or not by itself, whatever was asked before, so that every process answers alike.
    """

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._residues = Residues.of(compiled.anew())
        self._inputs = len(compiled.axes)
        self._classes = [len(axis.examples) for axis in compiled.axes]
        adds = any(table.table.gathers or table.table.aggregate for table in compiled.tables)
        self._steps_at_end = _STEPS_A_SUM if adds else 0
        # By the class of the first input, -1 where it is not known; None where it is too large.
        self._pieces: dict[int, Piece | None] = {}
        self._building = Lock()
        self._alone = lru_cache(maxsize=_KEPT_ALONE)(self._built_alone)

    def restricted(self, codes: Sequence[int], given: int) -> tuple[Node, Piece]:
        """The diagram of what is still open when the inputs in the bits `given` are known.

        Raises `DecisionError` where that is too large.
        """
        found = self.part(codes, given) or self.alone(codes, given)
        if found is None:
            raise too_many()
        return found

    def part(self, codes: Sequence[int], given: int) -> tuple[Node, Piece] | None:
        """The same, None where the piece that holds it is too large; it may not be by itself."""
        piece = self._piece(codes, given)
        if piece is None:
            return None
        node = piece.root
        support = node.support
        while support & given:
            position = node.position
            if not given >> position & 1:
                return self._restrict(node, codes, given, {}, piece.nodes, {}), piece
            node = node.children[codes[position]]
            support = node.support
        return node, piece

    def alone(self, codes: Sequence[int], given: int) -> tuple[Node, Piece] | None:
        """The same, built for this question only; None where that is too large, too."""
        if given <= 1:
            return None
        piece = self._alone(tuple([c if given >> p & 1 else -1 for p, c in enumerate(codes)]))
        return None if piece is None else (piece.root, piece)

    def fits(self, codes: Sequence[int], given: int) -> bool:
        """Whether the piece that holds these facts is not too large."""
        return self._piece(codes, given) is not None

    def size(self) -> int:
        """The number of nodes that are kept of what was built so far."""
        return sum(piece.size() for piece in list(self._pieces.values()) if piece)

    def _piece(self, codes: Sequence[int], given: int) -> Piece | None:
        # The first input is mostly known: build only its part.
        first = codes[0] if given & 1 else -1
        if first in self._pieces:
            return self._pieces[first]
        with self._building:
            if first not in self._pieces:
                told = [first] + [-1] * (self._inputs - 1)
                self._pieces[first] = self._built(told, _MOST_STEPS)
            return self._pieces[first]

    def _built_alone(self, told: tuple[int, ...]) -> Piece | None:
        with self._building:
            return self._built(told, _MOST_STEPS_ALONE)

    def _built(self, told: Sequence[int], most: int) -> Piece | None:
        """What is left by the classes that are told, -1 for none; None if it takes more steps."""
        if any(table.answers.kept > _KEPT_ANSWERS for table in self._residues.tables):
            self._residues = Residues.of(self._compiled.anew())
        residues = self._residues
        states = _States(residues, told, self._classes, self._steps_at_end, most)
        try:
            root = states.follow(0, residues.start())
        except _TooLarge:
            return None
        piece = Piece(self._inputs)
        nodes = [piece.failure]
        for found in states.found:
            if isinstance(found, _Asked):
                children = tuple([nodes[found.leads_to[left]] for left in found.by_class])
                nodes.append(_join(found.position, children, {}, piece.nodes))
            else:
                nodes.append(piece.end(residues.outcome(found.state)))
        piece.root = nodes[root]
        return piece

    def _restrict(
        self,
        node: Node,
        codes: Sequence[int],
        given: int,
        seen: dict[int, Node],
        known: Mapping[tuple[int, ...], Node],
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
                [self._restrict(child, codes, given, seen, known, made) for child in node.children]
            )
            # New nodes live for this question only, so that questions cost no memory.
            found = seen[id(node)] = _join(node.position, children, known, made)
        return found


class _Asked(NamedTuple):
    """A state in which an input is asked for: what each class of it leaves, where that leads."""

    position: int
    by_class: Sequence[Any]
    leads_to: Mapping[Any, int]


class _Ended(NamedTuple):
    """A state that tells the outcome."""

    state: Any


class _States:
    """The states that some facts lead to, each with a number: those of a diagram to be built.

    Most pieces that are tried are too large. So states are only followed and counted here;
    nodes and outcomes are made of them once it is known that all fit.
    """

    def __init__(
        self,
        residues: Residues[Any],
        told: Sequence[int],
        classes: Sequence[int],
        steps_at_end: int,
        most: int,
    ) -> None:
        self._residues = residues
        self._told = told
        self._steps_of = [count // _CLASSES_A_STEP for count in classes]
        self._steps_at_end = steps_at_end
        self._left = most
        self._asked: dict[tuple[int, Any], int] = {}
        self._ended: dict[Any, int] = {}
        # State n stands at place n - 1, behind all that it leads to; 0 is the failure.
        self.found: list[_Asked | _Ended] = []

    def follow(self, position: int, narrowed: Any) -> int:
        """The number of the state that some rules leave; `_TooLarge` beyond the steps allowed."""
        residues = self._residues
        while (state := residues.settle(position, narrowed)) is not None:
            if not residues.is_open(state):
                return self._end(state)
            code = self._told[position]
            if code < 0:
                return self._asked.get((position, state)) or self._ask(position, state)
            narrowed = residues.narrowed_by(state, position, code)
            position += 1
        return FAILURE

    def _end(self, state: Any) -> int:
        self._left -= self._steps_at_end
        number = self._ended.get(state)
        if number is None:
            self.found.append(_Ended(state))
            number = self._ended[state] = len(self.found)
        return number

    def _ask(self, position: int, state: Any) -> int:
        # Classes that leave the same rules lead to the same; with few rules they are few.
        by_class = self._residues.narrowed(state, position)
        leads_to = dict.fromkeys(by_class, FAILURE)
        self._left -= self._steps_of[position]
        for narrowed in leads_to:
            self._left -= 1
            if self._left < 0:
                raise _TooLarge
            leads_to[narrowed] = self.follow(position + 1, narrowed)
        self.found.append(_Asked(position, by_class, leads_to))
        number = self._asked[position, state] = len(self.found)
        return number


class _TooLarge(Exception):
    """There are more steps than may be taken."""


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

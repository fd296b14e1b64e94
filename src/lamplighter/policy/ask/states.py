"""Where an interview can stand: what is left of a policy's diagram, each state one node."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lamplighter.policy.diagram import Node
from lamplighter.policy.engine import Engine


@dataclass(frozen=True, slots=True)
class State:
    """`node` decides what is open; `missing` are the inputs that must be known and are not."""

    node: Node
    missing: int

    @property
    def open(self) -> int:
        """The inputs, as bits, that are still to be asked or told."""
        return self.node.support | self.missing


class TooLarge(Exception):
    """There is more to follow than was allowed."""


class States:
    """The states of one policy's interviews; equal states share one node for good.

    The engine's diagram forgets what it restricts. A plan needs it again and again, so the
    nodes are kept here, until `forget`. `allow` says how much may be looked at.
    """

    def __init__(self, engine: Engine) -> None:
        self._diagram = engine.diagram
        self.axes = engine.compiled.axes
        self.classes = tuple(len(axis.examples) for axis in self.axes)
        declared = [axis.declared for axis in self.axes]
        self.asked = sum((i.ask is not None) << p for p, i in enumerate(declared))
        self.safety = sum(i.safety << p for p, i in enumerate(declared))
        self.required = sum(i.always_known << p for p, i in enumerate(declared))
        self._nodes: dict[tuple[int, ...], Node] = {}
        self._allowed: float = math.inf

    def allow(self, children: float = math.inf) -> None:
        """From now on so many children of nodes may be looked at; beyond it comes `TooLarge`."""
        self._allowed = children

    def __len__(self) -> int:
        return len(self._nodes)

    def forget(self, first: int = 0) -> None:
        """Drop the nodes after the first so many; states with them must not be used any more."""
        while len(self._nodes) > first:
            self._nodes.popitem()

    def at(self, codes: Sequence[int], given: int) -> State:
        """The state when the inputs in the bits `given` are in the classes `codes`."""
        node, _ = self._diagram.restricted(codes, given)
        return State(self._kept(node, {}), self.required & ~given)

    def after(self, state: State, position: int, code: int) -> State:
        """The state after an answer."""
        node = self._without(state.node, position, code, {})
        return State(node, state.missing & ~(1 << position))

    def candidates(self, open_: int) -> int:
        """The inputs, as bits, from which a plan may choose the next question.

        What has a question comes before what has none; then what must be known, for without it
        there is no decision, and then what is about safety: one by one, in the policy's order.
        """
        may = open_ & self.asked or open_
        for first in (may & self.required, may & self.safety):
            if first:
                return first & -first
        return may

    def _kept(self, node: Node, seen: dict[int, Node]) -> Node:
        if not node.children:
            return node
        found = seen.get(id(node))
        if found is None:
            children = tuple([self._kept(child, seen) for child in node.children])
            found = seen[id(node)] = self._join(node.position, children)
        return found

    def _without(self, node: Node, position: int, code: int, seen: dict[int, Node]) -> Node:
        if not node.support >> position & 1:
            return node
        if node.position == position:
            return node.children[code]
        found = seen.get(id(node))
        if found is None:
            children = tuple([self._without(c, position, code, seen) for c in node.children])
            found = seen[id(node)] = self._join(node.position, children)
        return found

    def _join(self, position: int, children: tuple[Node, ...]) -> Node:
        """The one node with these children; where they are all the same, that child itself."""
        self._allowed -= len(children)
        if self._allowed < 0:
            raise TooLarge
        first = children[0]
        if all(child is first for child in children):
            return first
        key = (position, *[id(child) for child in children])
        node = self._nodes.get(key)
        if node is None:
            support, ends = 1 << position, 0
            for child in children:
                support |= child.support
                ends |= child.ends
            node = self._nodes[key] = Node(position, children, support, ends)
        return node


def positions(bits: int) -> list[int]:
    """The places of the bits that are set, lowest first."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found

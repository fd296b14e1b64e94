"""Reads the smallest parts of an expression: literals, names, lists, contexts, functions."""

from __future__ import annotations

from lamplighter.policy.feel.calendar import CalendarError
from lamplighter.policy.feel.cursor import KEYWORDS, Cursor
from lamplighter.policy.feel.kinds import ANY, FeelType
from lamplighter.policy.feel.lexer import normal_name, unescaped
from lamplighter.policy.feel.literals import temporal
from lamplighter.policy.feel.syntax import (
    Broken,
    ContextOf,
    External,
    FunctionOf,
    ListOf,
    Literal,
    Name,
    Node,
    RangeOf,
)
from lamplighter.policy.feel.values import FeelError, number

_RAYS = ("=", "<=", ">=", "<", ">")
COMPARISONS = ("!=", *_RAYS)
LEVELS: tuple[tuple[str, ...], ...] = (("or",), ("and",), COMPARISONS, ("+", "-"), ("*", "/"))
COMPARED, SUMMED = 2, 3


class Primaries(Cursor):
    """Reads what stands between the operators."""

    def primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            self.next += 1
            try:
                return Literal(number(token.text))
            except FeelError as error:
                return Broken(str(error))
        if token.kind == "string":
            self.next += 1
            return Literal(unescaped(token.text))
        if token.kind == "name":
            return self.named()
        if token.text == "@":
            return self.temporal()
        if token.text == "(":
            return self.parenthesis()
        if token.text in ("[", "]"):
            return self.brackets()
        if token.text == "{":
            return self.context()
        if self.at(*COMPARISONS):
            return self.ray()
        raise self.unexpected("a value")

    def temporal(self) -> Node:
        self.expect("@")
        if self.token.kind != "string":
            raise self.unexpected("a text in quotes")
        self.next += 1
        text = unescaped(self.tokens[self.next - 1].text)
        try:
            return Literal(temporal(text))
        except CalendarError as error:
            return Broken(str(error))

    def named(self) -> Node:
        found = self.known()
        word = self.token.text
        if found is None and word == "function" and self.tokens[self.next + 1].text == "(":
            return self.function()
        if found is None and word in ("true", "false", "null"):
            self.next += 1
            return Literal({"true": True, "false": False, "null": None}[word])
        if found is None and word in KEYWORDS:
            raise self.unexpected("a value")
        name, self.next = found or (word, self.next + 1)
        if name == "?":
            self.asks = True
        return Name(name)

    def parenthesis(self) -> Node:
        self.expect("(")
        if self.accept(".."):
            return self.interval_end(None, low_closed=False)
        if self.at(*COMPARISONS):
            node = self.ray()
        else:
            node = self.expression()
            if self.accept(".."):
                return self.interval_end(node, low_closed=False)
        self.expect(")")
        return node

    def ray(self) -> Node:
        operator = self.expect(*COMPARISONS).text
        end = self.binary(SUMMED)
        closed = operator.endswith("=")
        if operator in ("=", "!="):
            # What is not equal lies at neither side of a point that is left out.
            return RangeOf(end, end, operator == "=", operator == "=", point=True)
        if operator.startswith("<"):
            return RangeOf(None, end, False, closed)
        return RangeOf(end, None, closed, False)

    def interval_end(self, low: Node | None, low_closed: bool) -> RangeOf:
        """The upper end of an interval; where there is none, the interval is open there."""
        if low is not None and (self.at(")") or self.at_end_bracket()):
            self.next += 1
            return RangeOf(low, None, low_closed, False)
        high = self.binary(SUMMED)
        right = self.expect("]", ")", "[")
        return RangeOf(low, high, low_closed, right.text == "]")

    def brackets(self) -> Node:
        """A list, or an interval: `[1..5)` or `]1..5]`."""
        if self.accept("]"):
            if self.accept(".."):
                return self.interval_end(None, low_closed=False)
            low = self.binary(SUMMED)
            self.expect("..")
            return self.interval_end(low, low_closed=False)
        self.expect("[")
        if self.accept("]"):
            return ListOf(())
        items = [self.list_item()]
        if self.accept(".."):
            return self.interval_end(items[0], low_closed=True)
        while self.accept(","):
            items.append(self.list_item())
        self.expect("]")
        return ListOf(tuple(items))

    def list_item(self) -> Node:
        return self.ray() if self.at(*_RAYS) else self.expression()

    def context(self) -> ContextOf:
        self.expect("{")
        self.names.enter()
        entries: list[tuple[str, Node]] = []
        while not self.at("}"):
            if entries:
                self.expect(",")
            if self.token.kind == "string":
                name = unescaped(self.token.text)
                self.next += 1
            else:
                name = normal_name(self.new_name(":", "}", ","))
            self.expect(":")
            entries.append((name, self.expression()))
            self.names.add([name])
            self.members.add([name])
        self.expect("}")
        self.names.leave()
        for name, _ in entries:
            # Filters over lists of such contexts see the names with spaces, too.
            if " " in name:
                self.names.add([name])
        return ContextOf(tuple(entries))

    def function(self) -> Node:
        self.expect("function")
        self.expect("(")
        self.names.enter()
        parameters: list[tuple[str, FeelType]] = []
        while not self.at(")"):
            if parameters:
                self.expect(",")
            name = self.new_name(":", ",", ")")
            kind = self.type() if self.accept(":") else ANY
            parameters.append((name, kind))
        self.expect(")")
        self.names.add(name for name, _ in parameters)
        if self.accept("external"):
            self.expression()
            body: Node = External()
        else:
            body = self.expression()
        self.names.leave()
        return FunctionOf(tuple(parameters), body)

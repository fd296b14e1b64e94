"""Walks through the tokens of an expression: what stands here, which name it is, which type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lamplighter.policy.feel.kinds import BUILT_IN, FeelType
from lamplighter.policy.feel.lexer import FeelSyntaxError, Token, normal_name, tokens
from lamplighter.policy.feel.names import Names
from lamplighter.policy.feel.syntax import Node

KEYWORDS = frozenset(
    [
        *("for", "return", "in", "if", "then", "else", "some", "every", "satisfies", "or", "and"),
        *("between", "instance", "of", "function", "external", "true", "false", "null"),
    ]
)
# Words that follow an expression, and marks that begin one.
_FOLLOWING = ("and", "or", "in", "between", "then", "else", "return", "satisfies", "instance")
_OPENING = ("(", "[", "]", "{", "@", "-", "<", "<=", ">", ">=")
# Deeper than any person writes, and well within what Python's own stack holds.
MAX_DEPTH = 60
_MAX_LENGTH = 100_000
# Properties of dates and ranges with a space in them.
_PROPERTIES = ("time offset", "start included", "end included")


class Cursor:
    """A text that is being read, token by token."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, FeelType]) -> None:
        if len(text) > _MAX_LENGTH:
            raise FeelSyntaxError(f"the expression has more than {_MAX_LENGTH} characters")
        from lamplighter.policy.feel.functions import function_names

        self.tokens = tokens(text)
        self.next = 0
        self.depth = 0
        self.types = types
        self.names = Names([*names, *function_names()])
        self.members = Names([*_PROPERTIES])
        self.type_names = Names([*BUILT_IN, *types])
        self.asks = False

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def at(self, *texts: str) -> bool:
        return self.token.kind in ("mark", "name") and self.token.text in texts

    def at_end_bracket(self) -> bool:
        """Whether `[` closes an interval, as in `[1..5[`: nothing begins behind it."""
        token = self.tokens[self.next + 1] if self.at("[") else self.token
        if token.kind == "name":
            return self.at("[") and token.text in _FOLLOWING
        begins = token.kind in ("number", "string") or token.text in _OPENING
        return self.at("[") and not begins

    def accept(self, *texts: str) -> bool:
        if self.at(*texts):
            self.next += 1
            return True
        return False

    def expect(self, *texts: str) -> Token:
        if not self.at(*texts):
            raise self.unexpected(" or ".join(texts))
        self.next += 1
        return self.tokens[self.next - 1]

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        if self.token.kind == "end":
            return FeelSyntaxError(f"the expression ends where {wanted} should be")
        return FeelSyntaxError(
            f"{self.token.text} at character {self.token.place} stands where {wanted} should be"
        )

    def end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("the end of the expression")

    def known(self) -> tuple[str, int] | None:
        found = self.names.longest(self.tokens, self.next)
        return found if found and found[0] not in KEYWORDS else None

    def new_name(self, *ends: str) -> str:
        """A name that is being made: all tokens up to one of the ends."""
        words: list[str] = []
        while not self.at(*ends) and self.token.kind in ("name", "number", "mark"):
            if words and self.token.spaced:
                words.append(" ")
            words.append(self.token.text)
            self.next += 1
        if not words:
            raise self.unexpected("a name")
        return "".join(words)

    def type(self) -> FeelType:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelSyntaxError(f"the type is nested more than {MAX_DEPTH} levels deep")
        kind = self.inner_type()
        self.depth -= 1
        return kind

    def inner_type(self) -> FeelType:
        if self.at("function") and self.tokens[self.next + 1].text == "<":
            self.next += 2
            parameters: list[FeelType] = []
            while not self.at(">"):
                if parameters:
                    self.expect(",")
                parameters.append(self.type())
            self.expect(">")
            self.expect("->")
            return FeelType("function", self.type(), parameters=tuple(parameters))
        if self.at("list", "range") and self.tokens[self.next + 1].text == "<":
            kind = self.token.text
            self.next += 2
            inner = self.type()
            self.expect(">")
            return FeelType(kind, inner)
        if self.at("context") and self.tokens[self.next + 1].text == "<":
            self.next += 2
            fields: list[tuple[str, FeelType]] = []
            while not self.at(">"):
                if fields:
                    self.expect(",")
                name = normal_name(self.new_name(":"))
                self.expect(":")
                fields.append((name, self.type()))
            self.expect(">")
            return FeelType("context", fields=tuple(fields))
        found = self.type_names.longest(self.tokens, self.next)
        if found is None:
            raise self.unexpected("the name of a type")
        name, self.next = found
        return self.types.get(name) or BUILT_IN[name]

    def expression(self) -> Node:
        """What a whole expression is, the parser knows."""
        raise NotImplementedError

    def binary(self, level: int) -> Node:
        """An expression whose operators bind at least so tightly."""
        raise NotImplementedError

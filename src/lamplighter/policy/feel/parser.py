"""Reads FEEL expressions and the unary tests of decision tables into their syntax trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lamplighter.policy.feel.calendar import CalendarError
from lamplighter.policy.feel.kinds import ANY, BUILT_IN, FeelType
from lamplighter.policy.feel.lexer import FeelSyntaxError, Token, normal_name, tokens, unescaped
from lamplighter.policy.feel.literals import temporal
from lamplighter.policy.feel.names import Names
from lamplighter.policy.feel.syntax import (
    Between,
    Binary,
    Broken,
    Call,
    Compare,
    ContextOf,
    External,
    Filter,
    Fits,
    For,
    FunctionOf,
    If,
    In,
    InstanceOf,
    Iteration,
    ListOf,
    Literal,
    Name,
    Node,
    Path,
    Quantified,
    RangeOf,
    Test,
    Unary,
    UnaryTests,
)
from lamplighter.policy.feel.values import FeelError, number

_KEYWORDS = frozenset(
    ["for", "return", "in", "if", "then", "else", "some", "every", "satisfies", "or", "and"]
    + ["between", "instance", "of", "function", "external", "true", "false", "null"]
)
_COMPARISONS = ("=", "!=", "<=", ">=", "<", ">")
_LEVELS: tuple[tuple[str, ...], ...] = (("or",), ("and",), _COMPARISONS, ("+", "-"), ("*", "/"))
_COMPARED, _SUMMED = 2, 3
# Deeper than any person writes, and well within what Python's own stack holds.
_MAX_DEPTH = 60
_MAX_LENGTH = 100_000
# Properties of dates and durations with a space in them.
_PROPERTIES = ("time offset", "start included", "end included")


def parse_expression(
    text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> Node:
    """The syntax tree of an expression; `names` are those in scope, which may have spaces.

    >>> parse_expression("age of child + 1", ["age of child"])
    Binary(operator='+', left=Name(name='age of child'), right=Literal(value=Decimal('1')))
    """
    parser = _Parser(text, names, types or {})
    node = parser.expression()
    parser.end()
    return node


def parse_tests(
    text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """The tests of a cell of a decision table, `?` being the value that is tested."""
    parser = _Parser(text, names, types or {})
    tests = parser.cell()
    parser.end()
    return tests


class _Parser:
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

    # Tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def at(self, *texts: str) -> bool:
        return self.token.kind in ("mark", "name") and self.token.text in texts

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

    # Tests

    def cell(self) -> UnaryTests:
        if self.at("-") and self.tokens[self.next + 1].kind == "end":
            self.next += 1
            return UnaryTests(())
        if self.at("not") and self.tokens[self.next + 1].text == "(":
            start = self.next
            self.next += 2
            tests = self.tests()
            self.expect(")")
            if self.token.kind == "end":
                return UnaryTests(tests, negated=True)
            # `not(a) and b`: an expression that begins with not.
            self.next = start
        return UnaryTests(self.tests())

    def tests(self) -> tuple[Test, ...]:
        found = [self.test()]
        while self.accept(","):
            found.append(self.test())
        return tuple(found)

    def test(self) -> Test:
        if self.at(*_COMPARISONS):
            operator = self.expect(*_COMPARISONS).text
            return Compare(operator, self.binary(_SUMMED))
        asked, self.asks = self.asks, False
        value = self.expression()
        asks, self.asks = self.asks, asked or self.asks
        return Fits(value, asks)

    # Expressions

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise FeelSyntaxError(f"the expression is nested more than {_MAX_DEPTH} levels deep")
        if self.at("if") and self.known() is None:
            node: Node = self.conditional()
        elif self.at("for") and self.known() is None:
            node = self.loop()
        elif self.at("some", "every") and self.known() is None:
            node = self.quantified()
        else:
            node = self.binary(0)
        self.depth -= 1
        return node

    def known(self) -> tuple[str, int] | None:
        found = self.names.longest(self.tokens, self.next)
        return found if found and found[0] not in _KEYWORDS else None

    def conditional(self) -> If:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(condition, then, self.expression())

    def iterations(self) -> tuple[Iteration, ...]:
        """The names of all iterations stay known until the caller leaves their layer."""
        self.names.enter()
        found: list[Iteration] = []
        while True:
            name = self.new_name("in")
            self.expect("in")
            source = self.expression()
            last = self.expression() if self.accept("..") else None
            found.append(Iteration(name, source, last))
            self.names.add([name])
            if not self.accept(","):
                return tuple(found)

    def loop(self) -> For:
        self.expect("for")
        iterations = self.iterations()
        self.names.add(["partial"])
        self.expect("return")
        result = self.expression()
        self.names.leave()
        return For(iterations, result)

    def quantified(self) -> Quantified:
        every = self.expect("some", "every").text == "every"
        iterations = self.iterations()
        self.expect("satisfies")
        condition = self.expression()
        self.names.leave()
        return Quantified(every, iterations, condition)

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

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.power()
        self.depth += 1
        left = self.binary(level + 1)
        while True:
            if self.at(*_LEVELS[level]):
                operator = self.expect(*_LEVELS[level]).text
                left = Binary(operator, left, self.binary(level + 1))
            elif level == _COMPARED and self.at("between"):
                self.next += 1
                low = self.binary(_SUMMED)
                self.expect("and")
                left = Between(left, low, self.binary(_SUMMED))
            elif level == _COMPARED and self.at("in"):
                self.next += 1
                left = In(left, self.in_tests())
            else:
                self.depth -= 1
                return left

    def in_tests(self) -> tuple[Test, ...]:
        """What stands behind `in`: one test, or several in parentheses."""
        if self.at("("):
            start = self.next
            self.next += 1
            if not self.at(")"):
                tests = self.tests()
                if self.accept(")"):
                    return tests
            # An interval that is open at its lower end, or an expression in parentheses.
            self.next = start
        if self.at(*_COMPARISONS):
            return (self.test(),)
        # `?` in here is that of the whole, not of the value that `in` tests.
        return (Fits(self.binary(_SUMMED), asks=False),)

    def power(self) -> Node:
        left = self.negation()
        while self.accept("**"):
            left = Binary("**", left, self.negation())
        return left

    def negation(self) -> Node:
        signs = 0
        while self.accept("-"):
            signs += 1
        node = self.instance()
        for _ in range(min(signs, _MAX_DEPTH)):
            node = Unary(node)
        return node

    def instance(self) -> Node:
        node = self.postfix()
        while self.at("instance") and self.tokens[self.next + 1].text == "of":
            self.next += 2
            node = InstanceOf(node, self.type())
        return node

    def postfix(self) -> Node:
        node = self.primary()
        links = 0
        while True:
            if self.at("."):
                self.next += 1
                node = Path(node, self.member())
            elif self.at("["):
                self.next += 1
                self.names.enter(["item"])
                node = Filter(node, self.expression())
                self.names.leave()
                self.expect("]")
            elif self.at("("):
                node = self.call(node)
            else:
                return node
            links += 1
            if links > _MAX_DEPTH:
                raise FeelSyntaxError(f"more than {_MAX_DEPTH} steps follow each other")

    def member(self) -> str:
        for names in (self.members, self.names):
            found = names.longest(self.tokens, self.next)
            if found is not None:
                name, self.next = found
                return name
        if self.token.kind != "name":
            raise self.unexpected("a name")
        self.next += 1
        return self.tokens[self.next - 1].text

    def call(self, function: Node) -> Call:
        self.expect("(")
        if self.accept(")"):
            return Call(function, ())
        names: list[str] = []
        arguments: list[Node] = []
        named = self.is_named()
        while True:
            if named:
                names.append(self.new_name(":"))
                self.expect(":")
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")")
        return Call(function, tuple(arguments), tuple(names) if named else None)

    def is_named(self) -> bool:
        """Whether the arguments are given as `name: value`."""
        ahead = self.next
        while self.tokens[ahead].kind == "name":
            ahead += 1
        return ahead > self.next and self.tokens[ahead].text == ":"

    # The smallest parts

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
        if found is None and word in _KEYWORDS:
            raise self.unexpected("a value")
        name, self.next = found or (word, self.next + 1)
        if name == "?":
            self.asks = True
        return Name(name)

    def parenthesis(self) -> Node:
        self.expect("(")
        if self.at(*_COMPARISONS):
            node = self.ray()
        else:
            node = self.expression()
            if self.accept(".."):
                return self.interval_end(node, low_closed=False)
        self.expect(")")
        return node

    def ray(self) -> Node:
        operator = self.expect(*_COMPARISONS).text
        end = self.binary(_SUMMED)
        closed = operator.endswith("=")
        if operator in ("=", "!="):
            if operator == "!=":
                raise FeelSyntaxError("(!= …) is not a range")
            return RangeOf(end, end, True, True)
        if operator.startswith("<"):
            return RangeOf(None, end, False, closed)
        return RangeOf(end, None, closed, False)

    def interval_end(self, low: Node, low_closed: bool) -> RangeOf:
        high = self.binary(_SUMMED)
        right = self.expect("]", ")", "[")
        return RangeOf(low, high, low_closed, right.text == "]")

    def brackets(self) -> Node:
        """A list, or an interval: `[1..5)` or `]1..5]`."""
        if self.accept("]"):
            low = self.binary(_SUMMED)
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
        return self.ray() if self.at(*_COMPARISONS) else self.expression()

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

    # Types

    def type(self) -> FeelType:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise FeelSyntaxError(f"the type is nested more than {_MAX_DEPTH} levels deep")
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

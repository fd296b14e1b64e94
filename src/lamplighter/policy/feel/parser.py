"""Reads FEEL expressions and the unary tests of decision tables into their syntax trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lamplighter.policy.feel.cursor import MAX_DEPTH
from lamplighter.policy.feel.kinds import FeelType
from lamplighter.policy.feel.lexer import FeelSyntaxError
from lamplighter.policy.feel.primaries import COMPARED, COMPARISONS, LEVELS, SUMMED, Primaries
from lamplighter.policy.feel.syntax import (
    Between,
    Binary,
    Call,
    Compare,
    Filter,
    Fits,
    For,
    If,
    In,
    InstanceOf,
    Iteration,
    Node,
    Path,
    Quantified,
    Test,
    Unary,
    UnaryTests,
)


def parse_expression(
    text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> Node:
    """The syntax tree of an expression; `names` are those in scope, which may have spaces.

    >>> parse_expression("age of child + 1", ["age of child"])
    Binary(operator='+', left=Name(name='age of child'), right=Literal(value=Decimal('1')))
    """
    parser = Parser(text, names, types or {})
    node = parser.expression()
    parser.end()
    return node


def parse_tests(
    text: str, names: Iterable[str] = (), types: Mapping[str, FeelType] | None = None
) -> UnaryTests:
    """The tests of a cell of a decision table, `?` being the value that is tested."""
    parser = Parser(text, names, types or {})
    tests = parser.cell()
    parser.end()
    return tests


_NAME_SIGNS = (".", "-", "+", "*", "/", "'")


class Parser(Primaries):
    """Reads operators, conditions, loops, calls and tests."""

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
        if self.at(*COMPARISONS):
            operator = self.expect(*COMPARISONS).text
            return Compare(operator, self.binary(SUMMED))
        asked, self.asks = self.asks, False
        value = self.expression()
        asks, self.asks = self.asks, asked or self.asks
        return Fits(value, asks)

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelSyntaxError(f"the expression is nested more than {MAX_DEPTH} levels deep")
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
        start = self.next
        result = self.expression()
        self.names.leave()
        partial = any(token.text == "partial" for token in self.tokens[start : self.next])
        return For(iterations, result, partial)

    def quantified(self) -> Quantified:
        every = self.expect("some", "every").text == "every"
        iterations = self.iterations()
        self.expect("satisfies")
        condition = self.expression()
        self.names.leave()
        return Quantified(every, iterations, condition)

    def binary(self, level: int) -> Node:
        if level == len(LEVELS):
            return self.power()
        self.depth += 1
        left = self.binary(level + 1)
        while True:
            if self.at(*LEVELS[level]):
                operator = self.expect(*LEVELS[level]).text
                left = Binary(operator, left, self.binary(level + 1))
            elif level == COMPARED and self.at("between"):
                self.next += 1
                low = self.binary(SUMMED)
                self.expect("and")
                left = Between(left, low, self.binary(SUMMED))
            elif level == COMPARED and self.at("in"):
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
        if self.at(*COMPARISONS):
            return (self.test(),)
        # `?` in here is that of the whole, not of the value that `in` tests.
        return (Fits(self.binary(SUMMED), asks=False),)

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
        for _ in range(min(signs, MAX_DEPTH)):
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
            elif self.at("[") and not self.at_end_bracket():
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
            if links > MAX_DEPTH:
                raise FeelSyntaxError(f"more than {MAX_DEPTH} steps follow each other")

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
        # A name may have signs in it, and that of an imported model stands before a dot.
        while self.tokens[ahead].kind == "name" or self.tokens[ahead].text in _NAME_SIGNS:
            ahead += 1
        return ahead > self.next and self.tokens[ahead].text == ":"

"""FEEL, the expression language of DMN 1.5: read, typed, and evaluated within limits."""

from lamplighter.policy.feel.evaluator import EMPTY, Evaluator, Scope
from lamplighter.policy.feel.lexer import FeelSyntaxError
from lamplighter.policy.feel.parser import parse_expression, parse_tests
from lamplighter.policy.feel.values import FeelError, Function, Range, Value, show

__all__ = [
    "EMPTY",
    "Evaluator",
    "FeelError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Scope",
    "Value",
    "evaluate",
    "parse_expression",
    "parse_tests",
    "show",
]


def evaluate(text: str, values: dict[str, Value] | None = None) -> Value:
    """The value of an expression, null where it fails; a text that is not FEEL is an error.

    >>> show(evaluate("sum(for x in 1..3 return x ** 2) + bonus", {"bonus": evaluate("0.5")}))
    '14.5'
    """
    values = values or {}
    return Evaluator().run(parse_expression(text, values), Scope(values))

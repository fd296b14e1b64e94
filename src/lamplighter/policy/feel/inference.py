"""What type an expression has by its form, for functions that do not say what they give."""

from __future__ import annotations

from collections.abc import Mapping

from lamplighter.policy.feel.kinds import ANY, BOOLEAN, BUILT_IN, NULL, NUMBER, STRING, FeelType
from lamplighter.policy.feel.syntax import (
    Between,
    Binary,
    ContextOf,
    FunctionOf,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Node,
    Quantified,
    RangeOf,
    Unary,
)
from lamplighter.policy.feel.values import kind_of

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=", "and", "or")


def type_of(node: Node, names: Mapping[str, FeelType]) -> FeelType:
    """The type of what the expression gives, Any where its form does not say it.

    `names` are the types of the parameters that it sees.
    """
    if isinstance(node, Literal):
        return BUILT_IN[kind_of(node.value)]
    if isinstance(node, Name):
        return names.get(node.name, ANY)
    if isinstance(node, ContextOf):
        return FeelType(
            "context", fields=tuple((name, type_of(one, names)) for name, one in node.entries)
        )
    if isinstance(node, ListOf):
        return FeelType("list", _common([type_of(one, names) for one in node.items]))
    if isinstance(node, RangeOf):
        ends = [type_of(one, names) for one in (node.low, node.high) if one is not None]
        return FeelType("range", _common(ends))
    if isinstance(node, If):
        return _common([type_of(node.then, names), type_of(node.otherwise, names)])
    if isinstance(node, FunctionOf):
        result = type_of(node.body, {**names, **dict(node.parameters)})
        return FeelType("function", result, None, tuple(kind for _, kind in node.parameters))
    if isinstance(node, Between | In | InstanceOf | Quantified):
        return BOOLEAN
    if isinstance(node, Unary):
        return type_of(node.operand, names)
    return _operation(node, names) if isinstance(node, Binary) else ANY


def _operation(node: Binary, names: Mapping[str, FeelType]) -> FeelType:
    if node.operator in _COMPARISONS:
        return BOOLEAN
    sides = [type_of(one, names) for one in (node.left, node.right)]
    if all(side == NUMBER for side in sides):
        return NUMBER
    return STRING if node.operator == "+" and all(side == STRING for side in sides) else ANY


def _common(kinds: list[FeelType]) -> FeelType:
    """The one type that all are of; null is of every type."""
    found = [kind for kind in kinds if kind != NULL]
    if not found:
        return NULL if kinds else ANY
    return found[0] if all(kind == found[0] for kind in found) else ANY

"""Reads the `never` of a promise, so that examples can be held against it."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from lamplighter.policy import UNKNOWN

Answer = Mapping[str, Any]
Test = Callable[[Answer], Any]

WORDS = {"true": True, "false": False, "unknown": UNKNOWN}
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda value, options: value in options,
    ast.NotIn: lambda value, options: value not in options,
}


def broken_by(never: str) -> Test:
    """A function that says whether a call, with its answer, does what must never happen.

    >>> broken = broken_by('weapon = true and responder in ("mediation", "self_service")')
    >>> broken({"weapon": True, "responder": "mediation"})
    True
    >>> broken({"weapon": True, "responder": "police"})
    False
    """
    return _test(_tree(never))


def pinned(never: str) -> dict[str, tuple[Any, ...]]:
    """What the parts that all must hold say about each name: the values it would need.

    >>> pinned('nature in ("fire", "hazard") and responder != "fire"')
    {'nature': ('fire', 'hazard')}
    """
    tree = _tree(never)
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    pins: dict[str, tuple[Any, ...]] = {}
    for part in parts:
        if isinstance(part, ast.Compare) and isinstance(part.left, ast.Name):
            value = _test(part.comparators[0])({})
            if isinstance(part.ops[0], ast.Eq):
                pins[part.left.id] = (value,)
            elif isinstance(part.ops[0], ast.In):
                pins[part.left.id] = value
    return pins


def _tree(never: str) -> ast.expr:
    doubled = re.sub(r"(?<![!<>=])=(?!=)", "==", " ".join(never.split()))
    return ast.parse(doubled, mode="eval").body


def _test(tree: ast.expr) -> Test:
    match tree:
        case ast.Constant(value=value):
            return lambda _: value
        case ast.Name(id=name) if name in WORDS:
            return lambda _: WORDS[name]
        case ast.Name(id=name):
            return lambda answer: answer[name]
        case ast.Tuple(elts=parts):
            options = tuple(_test(part)({}) for part in parts)
            return lambda _: options
        case ast.Compare(left=left, ops=[kind], comparators=[right]):
            compare = COMPARISONS[type(kind)]
            one, other = _test(left), _test(right)
            return lambda answer: compare(one(answer), other(answer))
        case ast.BoolOp(op=ast.And(), values=parts):
            tests = [_test(part) for part in parts]
            return lambda answer: all(test(answer) for test in tests)
        case ast.BoolOp(op=ast.Or(), values=parts):
            tests = [_test(part) for part in parts]
            return lambda answer: any(test(answer) for test in tests)
    raise ValueError(f"a promise cannot say {ast.unparse(tree)}")

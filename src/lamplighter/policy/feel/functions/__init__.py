"""The functions that DMN builds into FEEL."""

from __future__ import annotations

from functools import cache

from lamplighter.policy.feel.values import Function


@cache
def _functions() -> dict[str, Function]:
    from lamplighter.policy.feel.functions import (
        contexts,
        conversion,
        dates,
        lists,
        numbers,
        ranges,
        statistics,
        strings,
    )

    modules = (contexts, conversion, dates, lists, numbers, ranges, statistics, strings)
    return {
        name: Function(name, tuple(overloads))
        for module in modules
        for name, overloads in module.FUNCTIONS.overloads.items()
    }


def built_in(name: str) -> Function | None:
    """The built-in function of that name."""
    return _functions().get(name)


def function_names() -> tuple[str, ...]:
    """The names of all built-in functions, many of them with spaces."""
    return tuple(_functions())

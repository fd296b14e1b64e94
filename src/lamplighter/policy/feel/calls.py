"""Binds the arguments of a call to the parameters of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamplighter.policy.feel.kinds import coerce
from lamplighter.policy.feel.values import FeelError, Function, Overload, Parameter, Value

if TYPE_CHECKING:
    from lamplighter.policy.feel.evaluator import Evaluator


def bind(
    evaluator: Evaluator,
    function: Function,
    arguments: tuple[Value, ...],
    names: tuple[str, ...] | None,
) -> Value:
    """The result of the first overload that takes the arguments."""
    refusal = FeelError(f"{function.name} cannot be called with {len(arguments)} arguments")
    overloads = function.overloads
    if names is not None and len(overloads) > 1:
        # Of two that have the same names, the one that has them in this order.
        overloads = tuple(sorted(overloads, key=lambda one: _names_of(one) != names))
    for overload in overloads:
        if overload.named and names is None:
            continue
        given = (
            _in_order(overload, arguments)
            if names is None
            else _by_name(overload, arguments, names)
        )
        if given is None:
            continue
        try:
            bound = [_argument(function, one, value) for one, value in given]
        except FeelError as error:
            refusal = error
            continue
        result = overload.run(evaluator, *bound)
        return result if overload.result is None else coerce(result, overload.result)
    raise refusal


_MISSING = object()


def _names_of(overload: Overload) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in overload.parameters)


def _in_order(
    overload: Overload, arguments: tuple[Value, ...]
) -> list[tuple[Parameter, object]] | None:
    given: list[tuple[Parameter, object]] = []
    for place, parameter in enumerate(overload.parameters):
        if parameter.many:
            rest = arguments[place:]
            return None if not rest else [*given, (parameter, rest)]
        if place < len(arguments):
            given.append((parameter, arguments[place]))
        elif parameter.optional:
            given.append((parameter, _MISSING))
        else:
            return None
    return given if len(arguments) <= len(overload.parameters) else None


def _by_name(
    overload: Overload, arguments: tuple[Value, ...], names: tuple[str, ...]
) -> list[tuple[Parameter, object]] | None:
    by_name = dict(zip(names, arguments, strict=True))
    if len(by_name) < len(names) or not set(by_name) <= {one.name for one in overload.parameters}:
        return None
    given: list[tuple[Parameter, object]] = []
    for parameter in overload.parameters:
        if parameter.name in by_name:
            value: object = by_name[parameter.name]
            if parameter.many:
                value = value if isinstance(value, tuple) else (value,)
            given.append((parameter, value))
        elif parameter.optional:
            given.append((parameter, _MISSING))
        else:
            return None
    return given


def _argument(function: Function, parameter: Parameter, value: object) -> Value:
    if value is _MISSING:
        return None
    if parameter.many:
        assert isinstance(value, tuple)
        return tuple(_one(function, parameter, item) for item in value)
    return _one(function, parameter, value)  # type: ignore[arg-type]


def _one(function: Function, parameter: Parameter, value: Value) -> Value:
    try:
        coerced = coerce(value, parameter.type)
    except FeelError as error:
        raise FeelError(f"{parameter.name} of {function.name}: {error}") from None
    if coerced is None and not parameter.nullable:
        raise FeelError(f"{function.name} does not take null for {parameter.name}")
    return coerced

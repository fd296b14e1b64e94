"""The types of FEEL: whether a value conforms to one, and what it is coerced to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from lamplighter.policy.feel.calendar import Date, DateTime, Time
from lamplighter.policy.feel.values import (
    FeelError,
    Function,
    Overload,
    Range,
    Value,
    kind_of,
    show,
)


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type: its kind, and what a list, a range, a context or a function is made of."""

    kind: str
    of: FeelType | None = None
    fields: tuple[tuple[str, FeelType], ...] | None = None
    parameters: tuple[FeelType, ...] | None = None
    # Allowed values of an item definition, as a test of one value (of the whole for a list).
    allowed: Callable[[Value], bool] | None = None
    all_allowed: Callable[[Value], bool] | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.name:
            return self.name
        if self.of is not None:
            return f"{self.kind}<{self.of}>"
        return self.kind


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
LIST = FeelType("list", ANY)
CONTEXT = FeelType("context")
BUILT_IN = {
    "Any": ANY,
    "Null": NULL,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": FeelType("date"),
    "time": FeelType("time"),
    "date and time": FeelType("date and time"),
    "days and time duration": FeelType("days and time duration"),
    "years and months duration": FeelType("years and months duration"),
    "list": LIST,
    "context": CONTEXT,
    "function": FeelType("function"),
    "range": FeelType("range"),
    # As they are spelled in models.
    "dateTime": FeelType("date and time"),
    "dayTimeDuration": FeelType("days and time duration"),
    "yearMonthDuration": FeelType("years and months duration"),
}


def conforms(value: Value, wanted: FeelType, *, allowed: bool = True) -> bool:
    """Whether the value is of the type; null is of every type.

    With `allowed=False` it may be any value of the type, not only those that the type allows.
    """
    if not allowed:
        wanted = without_allowed(wanted)
    if value is None or wanted.kind == "Any":
        return value is None or _is_allowed(value, wanted)
    if wanted.kind == "list":
        item = wanted.of or ANY
        return (
            isinstance(value, tuple)
            and all(conforms(one, item) for one in value)
            and _is_allowed(value, wanted)
        )
    if wanted.kind == "context":
        if not isinstance(value, Mapping):
            return False
        fields = wanted.fields or ()
        return all(name in value and conforms(value[name], kind) for name, kind in fields) and (
            _is_allowed(value, wanted)
        )
    if kind_of(value) != wanted.kind:
        return False
    if isinstance(value, Range) and wanted.of is not None:
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(conforms(end, wanted.of) for end in ends)
    if isinstance(value, Function) and wanted.parameters is not None:
        return _is_function_of(value, wanted)
    return _is_allowed(value, wanted)


def without_allowed(wanted: FeelType) -> FeelType:
    """The type that says nothing about which of its values are allowed."""
    return replace(
        wanted,
        of=None if wanted.of is None else without_allowed(wanted.of),
        fields=None
        if wanted.fields is None
        else tuple((name, without_allowed(kind)) for name, kind in wanted.fields),
        allowed=None,
        all_allowed=None,
    )


def _is_function_of(value: Function, wanted: FeelType) -> bool:
    """Parameters may be wider than wanted, the result narrower."""
    parameters = wanted.parameters or ()
    return any(
        len(overload.parameters) == len(parameters)
        and all(
            is_subtype(needed, given.type)
            for needed, given in zip(parameters, overload.parameters, strict=True)
        )
        and is_subtype(_result_of(overload), wanted.of or ANY)
        for overload in value.overloads
    )


def _result_of(overload: Overload) -> FeelType:
    return overload.result or (ANY if overload.infer is None else overload.infer())


def is_subtype(narrow: FeelType, wide: FeelType) -> bool:
    """Whether every value of `narrow` is one of `wide`."""
    if wide.kind == "Any" or narrow.kind == "Null":
        return True
    if narrow.kind != wide.kind:
        return False
    if wide.kind in ("list", "range"):
        return is_subtype(narrow.of or ANY, wide.of or ANY)
    if wide.kind == "context":
        have = dict(narrow.fields or ())
        return all(
            name in have and is_subtype(have[name], kind) for name, kind in wide.fields or ()
        )
    if wide.kind == "function" and wide.parameters is not None:
        return (
            narrow.parameters is not None
            and len(narrow.parameters) == len(wide.parameters)
            and all(
                is_subtype(needed, given)
                for needed, given in zip(wide.parameters, narrow.parameters, strict=True)
            )
            and is_subtype(narrow.of or ANY, wide.of or ANY)
        )
    return True


def _is_allowed(value: Value, wanted: FeelType) -> bool:
    return (wanted.allowed is None or wanted.allowed(value)) and (
        wanted.all_allowed is None or wanted.all_allowed(value)
    )


def coerce(value: Value, wanted: FeelType) -> Value:
    """The value as one of the type: a list of one for its item and back, a date as midnight."""
    if conforms(value, wanted):
        return value
    if isinstance(value, tuple) and len(value) == 1 and conforms(value[0], wanted):
        return value[0]
    if wanted.kind == "list" and not isinstance(value, tuple) and conforms((value,), wanted):
        return (value,)
    if isinstance(value, Date) and wanted.kind == "date and time":
        return DateTime(value, Time(0, 0, 0, offset=0))
    raise FeelError(f"{_short(value)} is not {_article(str(wanted))}")


def _short(value: Value) -> str:
    text = show(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"

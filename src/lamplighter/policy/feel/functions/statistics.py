"""Functions of FEEL that count and measure a list, and that combine truth values."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from lamplighter.policy.feel.arithmetic import calculate
from lamplighter.policy.feel.comparison import compare
from lamplighter.policy.feel.functions.registry import F, Registry
from lamplighter.policy.feel.values import NUMBERS, FeelError, Value, kind_of, number

FUNCTIONS = Registry()
Items = tuple[Value, ...]


def _over_list(name: str) -> Callable[[F], F]:
    """Both ways of calling: with one list, and with the items themselves."""

    def register(function: F) -> F:
        FUNCTIONS.add(name, "list: list")(function)
        FUNCTIONS.add(name, "c: Any*")(function)
        return function

    return register


def _numbers(items: Items, name: str) -> list[Decimal]:
    found: list[Decimal] = []
    for item in items:
        if not isinstance(item, Decimal):
            raise FeelError(f"{name} takes numbers, not a {kind_of(item)}")
        found.append(item)
    return found


def _some(items: Items, name: str) -> list[Decimal]:
    if not items:
        raise FeelError(f"{name} of an empty list is null")
    return _numbers(items, name)


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for one in numbers:
        total = NUMBERS.add(total, one)
    return total


@FUNCTIONS.add("count", "list: list")
def count(items: Items) -> Value:
    return number(len(items))


@_over_list("min")
def minimum(items: Items) -> Value:
    return _extreme(items, -1, "min")


@_over_list("max")
def maximum(items: Items) -> Value:
    return _extreme(items, 1, "max")


def _extreme(items: Items, sign: int, name: str) -> Value:
    if not items:
        raise FeelError(f"{name} of an empty list is null")
    best = items[0]
    compare(best, best)
    for item in items[1:]:
        if compare(item, best) == sign:
            best = item
    return best


@_over_list("sum")
def total(items: Items) -> Value:
    if not items:
        raise FeelError("sum of an empty list is null")
    if isinstance(items[0], Decimal):
        return _total(_numbers(items, "sum"))
    found: Value = items[0]
    for item in items[1:]:
        found = calculate("+", found, item)
    if isinstance(found, str) or kind_of(found) not in (
        "days and time duration",
        "years and months duration",
    ):
        raise FeelError(f"sum takes numbers, not a {kind_of(found)}")
    return found


@_over_list("mean")
def mean(items: Items) -> Value:
    numbers = _some(items, "mean")
    return NUMBERS.divide(_total(numbers), Decimal(len(numbers)))


@_over_list("product")
def product(items: Items) -> Value:
    found: Value = Decimal(1)
    for one in _some(items, "product"):
        found = calculate("*", found, one)
    return found


@_over_list("median")
def median(items: Items) -> Value:
    numbers = sorted(_some(items, "median"))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return NUMBERS.divide(NUMBERS.add(numbers[middle - 1], numbers[middle]), Decimal(2))


@_over_list("stddev")
def standard_deviation(items: Items) -> Value:
    numbers = _some(items, "stddev")
    if len(numbers) < 2:
        raise FeelError("stddev takes at least two numbers")
    middle = NUMBERS.divide(_total(numbers), Decimal(len(numbers)))
    squares = [NUMBERS.power(NUMBERS.subtract(one, middle), Decimal(2)) for one in numbers]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(numbers) - 1)))


@_over_list("mode")
def mode(items: Items) -> Value:
    numbers = _numbers(items, "mode")
    often = {one: numbers.count(one) for one in set(numbers)} if len(numbers) <= 2000 else {}
    if numbers and not often:
        raise FeelError("mode takes at most 2000 numbers")
    most = max(often.values(), default=0)
    return tuple(sorted(one for one, times in often.items() if times == most))


def _truths(items: Items, decisive: bool, name: str) -> bool:
    if any(item is decisive for item in items):
        return decisive
    if all(isinstance(item, bool) for item in items):
        return not decisive
    raise FeelError(f"{name} takes truth values only")


@_over_list("all")
def every(items: Items) -> Value:
    return _truths(items, False, "all")


@_over_list("any")
def some(items: Items) -> Value:
    return _truths(items, True, "any")


@FUNCTIONS.add("not", "negand: boolean")
def negation(negand: bool) -> Value:
    return not negand

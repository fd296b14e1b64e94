"""List functions of FEEL, but for those that count and measure."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import TYPE_CHECKING

from lamplighter.policy.feel.comparison import equal
from lamplighter.policy.feel.functions.numbers import whole
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import FeelError, Function, Runaway, Value, kind_of, number

if TYPE_CHECKING:
    from lamplighter.policy.feel.evaluator import Evaluator

FUNCTIONS = Registry()
_MAX_ITEMS = 100_000
Items = tuple[Value, ...]


def _bounded(items: Items) -> Items:
    if len(items) > _MAX_ITEMS:
        raise Runaway(f"a list has at most {_MAX_ITEMS} items")
    return items


def same(left: Value, right: Value) -> bool:
    return equal(left, right) is True


@FUNCTIONS.add("list contains", "list: list, element: Any")
def list_contains(items: Items, element: Value) -> Value:
    return any(same(item, element) for item in items)


@FUNCTIONS.add("sublist", "list: list, start position: number, length: number?")
def sublist(items: Items, start: Decimal, length: Decimal | None) -> Value:
    begin = _index(items, start)
    if length is None:
        return items[begin:]
    count = whole(length, "the length")
    if count < 0 or begin + count > len(items):
        raise FeelError(f"from there the list has no {count} items")
    return items[begin : begin + count]


def _index(items: Items, position: Decimal) -> int:
    place = whole(position, "the position")
    if place == 0 or abs(place) > len(items):
        raise FeelError(f"the list has no item {place}")
    return place - 1 if place > 0 else len(items) + place


@FUNCTIONS.add("append", "list: list, item: Any*")
def append(items: Items, added: Items) -> Value:
    return _bounded((*items, *added))


@FUNCTIONS.add("concatenate", "list: list*")
def concatenate(lists: tuple[Items, ...]) -> Value:
    return _bounded(tuple(item for items in lists for item in items))


@FUNCTIONS.add("union", "list: list*")
def union(lists: tuple[Items, ...]) -> Value:
    return distinct(_bounded(tuple(item for items in lists for item in items)))


@FUNCTIONS.add("distinct values", "list: list")
def distinct_values(items: Items) -> Value:
    return distinct(items)


def distinct(items: Items) -> Items:
    """Each value once, in the order of its first appearance."""
    if len(items) > 2000:
        raise Runaway("values of a list of more than 2000 items are not compared with each other")
    kept: list[Value] = []
    for item in items:
        if not any(same(item, one) for one in kept):
            kept.append(item)
    return tuple(kept)


@FUNCTIONS.add("insert before", "list: list, position: number, newItem: Any")
def insert_before(items: Items, position: Decimal, new_item: Value) -> Value:
    begin = _index(items, position)
    return (*items[:begin], new_item, *items[begin:])


@FUNCTIONS.add("remove", "list: list, position: number")
def remove(items: Items, position: Decimal) -> Value:
    begin = _index(items, position)
    return (*items[:begin], *items[begin + 1 :])


@FUNCTIONS.add("reverse", "list: list")
def reverse(items: Items) -> Value:
    return items[::-1]


@FUNCTIONS.add("index of", "list: list, match: Any")
def index_of(items: Items, match: Value) -> Value:
    return tuple(number(n) for n, item in enumerate(items, 1) if same(item, match))


@FUNCTIONS.add("flatten", "list: list")
def flatten(items: Items) -> Value:
    flat: list[Value] = []
    waiting: list[Value] = list(reversed(items))
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend(reversed(item))
        else:
            flat.append(item)
        if len(flat) + len(waiting) > _MAX_ITEMS:
            raise Runaway(f"a list has at most {_MAX_ITEMS} items")
    return tuple(flat)


@FUNCTIONS.add("list replace", "list: list, position: number, newItem: Any")
def list_replace_at(items: Items, position: Decimal, new_item: Value) -> Value:
    if position % 1:
        raise FeelError(f"the list has no item {position}")
    begin = _index(items, position)
    return (*items[:begin], new_item, *items[begin + 1 :])


@FUNCTIONS.add("list replace", "list: list, match: function, newItem: Any", evaluator=True)
def list_replace_matching(
    evaluator: Evaluator, items: Items, match: Function, new_item: Value
) -> Value:
    replaced: list[Value] = []
    for item in items:
        found = evaluator.invoke(match, (item, new_item))
        if not isinstance(found, bool):
            raise FeelError(f"match gives a {kind_of(found)}, not true or false")
        replaced.append(new_item if found else item)
    return tuple(replaced)


@FUNCTIONS.add("sort", "list: list, precedes: function", evaluator=True)
def sort(evaluator: Evaluator, items: Items, precedes: Function) -> Value:
    def order(left: Value, right: Value) -> int:
        if evaluator.invoke(precedes, (left, right)) is True:
            return -1
        return 1 if evaluator.invoke(precedes, (right, left)) is True else 0

    return tuple(sorted(items, key=cmp_to_key(order)))

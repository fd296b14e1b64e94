"""Context functions of FEEL."""

from __future__ import annotations

from collections.abc import Mapping

from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.values import FeelError, Value, kind_of

FUNCTIONS = Registry()
Items = tuple[Value, ...]


@FUNCTIONS.add("get value", "m: context, key: string")
def get_value(context: Mapping[str, Value], key: str) -> Value:
    if key not in context:
        raise FeelError(f"the context has no entry {key}")
    return context[key]


@FUNCTIONS.add("get entries", "m: context")
def get_entries(context: Mapping[str, Value]) -> Value:
    return tuple({"key": key, "value": value} for key, value in context.items())


@FUNCTIONS.add("context", "entries: list")
def context_of(entries: Items) -> Value:
    made: dict[str, Value] = {}
    for entry in entries:
        key = entry.get("key") if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or not isinstance(key, str) or "value" not in entry:
            raise FeelError("an entry has a key, which is a text, and a value")
        if key in made:
            raise FeelError(f"the key {key} is there twice")
        made[key] = entry["value"]
    return made


@FUNCTIONS.add("context put", "context: context, key: string, value: Any")
def context_put(context: Mapping[str, Value], key: str, value: Value) -> Value:
    return {**context, key: value}


@FUNCTIONS.add("context put", "context: context, keys: list, value: Any")
def context_put_deep(context: Mapping[str, Value], keys: Items, value: Value) -> Value:
    if not keys or len(keys) > 50:
        raise FeelError("a value is put behind one key or more")
    first, rest = keys[0], keys[1:]
    if not isinstance(first, str):
        raise FeelError(f"a {kind_of(first)} is not a key")
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if inner is not None and not isinstance(inner, Mapping):
        raise FeelError(f"{first} is not a context")
    return {**context, first: context_put_deep(inner or {}, rest, value)}


@FUNCTIONS.add("context merge", "contexts: list")
def context_merge(contexts: Items) -> Value:
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            raise FeelError(f"a {kind_of(context)} is not a context")
        merged |= context
    return merged

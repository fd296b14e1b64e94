"""String functions of FEEL."""

from __future__ import annotations

from decimal import Decimal

from lamplighter.policy.feel.arithmetic import MAX_TEXT
from lamplighter.policy.feel.functions.numbers import whole
from lamplighter.policy.feel.functions.registry import Registry
from lamplighter.policy.feel.patterns import Pattern
from lamplighter.policy.feel.values import FeelError, Value, number

FUNCTIONS = Registry()


@FUNCTIONS.add("substring", "string: string, start position: number, length: number?")
def substring(string: str, start: Decimal, length: Decimal | None) -> Value:
    place = whole(start, "the start position")
    if place == 0:
        raise FeelError("the first character of a text has position 1")
    if place < 0 and -place > len(string):
        raise FeelError(f"the text has no character {place}")
    begin = place - 1 if place > 0 else len(string) + place
    if length is None:
        return string[begin:]
    count = whole(length, "the length")
    if count < 0:
        raise FeelError("a text has no negative length")
    return string[begin : begin + count]


@FUNCTIONS.add("string length", "string: string")
def string_length(string: str) -> Value:
    return number(len(string))


@FUNCTIONS.add("upper case", "string: string")
def upper_case(string: str) -> Value:
    return string.upper()


@FUNCTIONS.add("lower case", "string: string")
def lower_case(string: str) -> Value:
    return string.lower()


@FUNCTIONS.add("substring before", "string: string, match: string")
def substring_before(string: str, match: str) -> Value:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@FUNCTIONS.add("substring after", "string: string, match: string")
def substring_after(string: str, match: str) -> Value:
    return string.partition(match)[2] if match else string


@FUNCTIONS.add("contains", "string: string, match: string")
def contains(string: str, match: str) -> Value:
    return match in string


@FUNCTIONS.add("starts with", "string: string, match: string")
def starts_with(string: str, match: str) -> Value:
    return string.startswith(match)


@FUNCTIONS.add("ends with", "string: string, match: string")
def ends_with(string: str, match: str) -> Value:
    return string.endswith(match)


@FUNCTIONS.add("matches", "input: string, pattern: string, flags: string?")
def matches(text: str, pattern: str, flags: str | None) -> Value:
    return Pattern(pattern, flags or "").find(text) is not None


@FUNCTIONS.add("replace", "input: string, pattern: string, replacement: string, flags: string?")
def replace(text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    found = Pattern(pattern, flags or "")
    return _short(found.replaced(text, replacement))


@FUNCTIONS.add("split", "string: string, delimiter: string")
def split(string: str, delimiter: str) -> Value:
    return tuple(Pattern(delimiter, "").split(string))


@FUNCTIONS.add("string join", "list: list, delimiter: string?")
def string_join(items: tuple[Value, ...], delimiter: str | None) -> Value:
    texts: list[str] = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        elif item is not None:
            raise FeelError("string join takes a list of texts")
    return _short((delimiter or "").join(texts))


def _short(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise FeelError(f"a text has at most {MAX_TEXT} characters")
    return text

"""Finding, replacing and splitting by the patterns of FEEL's text functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lamplighter.policy.feel.regex import MAX_STEPS, Compiler, Groups, Program
from lamplighter.policy.feel.values import FeelError

_MAX_PATTERN = 2_000
_MAX_TEXT = 100_000


class Pattern:
    """A pattern with its flags: s, m, i, x and q (the pattern is plain text)."""

    def __init__(self, text: str, flags: str = "") -> None:
        self.plain = "q" in flags
        self.program = _compiled(text, flags)
        self.groups = _group_count(text, flags)

    def find(self, text: str) -> Groups | None:
        """The bounds of the first match and of its groups."""
        return next(self.all(text), None)

    def all(self, text: str) -> Iterator[Groups]:
        """Matches from left to right that do not overlap."""
        if len(text) > _MAX_TEXT:
            raise FeelError(f"a text to search in has at most {_MAX_TEXT} characters")
        budget = [MAX_STEPS]
        place = 0
        while place <= len(text):
            found = self.program.match(text, place, budget)
            if found is None:
                place += 1
            else:
                yield found
                place = found[1] if found[1] > found[0] else found[1] + 1

    def _not_empty(self, what: str) -> None:
        if self.program.match("", 0, [MAX_STEPS]) is not None:
            raise FeelError(f"a pattern that matches the empty text {what} nothing")

    def replaced(self, text: str, replacement: str) -> str:
        """The text with every match replaced; `$1` in the replacement is the first group."""
        self._not_empty("replaces")
        parts = [replacement] if self.plain else list(_replacement(replacement, self.groups))
        made: list[str] = []
        place = 0
        for found in self.all(text):
            made.append(text[place : found[0]])
            for part in parts:
                if isinstance(part, str):
                    made.append(part)
                elif found[2 * part] >= 0:
                    made.append(text[found[2 * part] : found[2 * part + 1]])
            place = found[1]
        return "".join([*made, text[place:]])

    def split(self, text: str) -> list[str]:
        self._not_empty("splits")
        made: list[str] = []
        place = 0
        for found in self.all(text):
            made.append(text[place : found[0]])
            place = found[1]
        return [*made, text[place:]]


def _replacement(text: str, groups: int) -> Iterator[str | int]:
    """The plain texts and group numbers of a replacement such as `[$1]`."""
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\":
            if text[place + 1 : place + 2] not in ("\\", "$"):
                raise FeelError("in a replacement a backslash stands before $ or another backslash")
            yield text[place + 1]
            place += 2
        elif char == "$":
            digits = re.match(r"\d{1,6}", text[place + 1 :], re.ASCII)
            if digits is None:
                raise FeelError("in a replacement $ stands before the number of a group")
            # As many digits as there are groups for; the rest is text.
            size = len(digits.group())
            while size > 1 and int(digits.group()[:size]) > groups:
                size -= 1
            group = int(digits.group()[:size])
            if group <= groups:
                yield group
            place += 1 + size
        else:
            yield char
            place += 1


@lru_cache(maxsize=500)
def _compiled(text: str, flags: str) -> Program:
    return _compiler(text, flags).compile()


def _compiler(text: str, flags: str) -> Compiler:
    if set(flags) - set("smixq"):
        raise FeelError(f"{flags} are not flags of a pattern; use s, m, i, x and q")
    if len(text) > _MAX_PATTERN:
        raise FeelError(f"a pattern has at most {_MAX_PATTERN} characters")
    if "q" in flags:
        text, flags = re.sub(r"([\\|.^?*+{}()\[\]$-])", r"\\\1", text), flags.replace("x", "")
    return Compiler(_without_spaces(text) if "x" in flags else text, flags)


def _without_spaces(text: str) -> str:
    """The pattern without its white space, but for that in a class of characters."""
    kept: list[str] = []
    classes, escaped = 0, False
    for char in text:
        if not classes and char in " \t\n\r":
            continue
        kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            classes += 1
        elif char == "]" and classes:
            classes -= 1
    return "".join(kept)


@lru_cache(maxsize=500)
def _group_count(text: str, flags: str) -> int:
    compiler = _compiler(text, flags)
    compiler.compile()
    return compiler.groups

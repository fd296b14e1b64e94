"""Which characters an escape or a bracket of a regular expression stands for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from lamplighter.policy.feel.values import FeelError

CharTest: TypeAlias = Callable[[str], bool]
MAX_DEPTH = 40

_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "\\|.-^?*+{}()[]$"}


def _is_name_start(c: str) -> bool:
    return c.isalpha() or c in "_:"


_CLASS_ESCAPES: dict[str, CharTest] = {
    "s": lambda c: c in " \t\n\r",
    "d": lambda c: unicodedata.category(c) == "Nd",
    "w": lambda c: unicodedata.category(c)[0] not in "PZC",
    "i": _is_name_start,
    "c": lambda c: _is_name_start(c) or c in "-.·" or unicodedata.category(c) in ("Nd", "Mn", "Mc"),
}
_BLOCKS = {
    "BasicLatin": (0x00, 0x7F),
    "Latin-1Supplement": (0x80, 0xFF),
    "LatinExtended-A": (0x100, 0x17F),
    "LatinExtended-B": (0x180, 0x24F),
    "Greek": (0x370, 0x3FF),
    "GreekandCoptic": (0x370, 0x3FF),
    "Cyrillic": (0x400, 0x4FF),
    "Hebrew": (0x590, 0x5FF),
    "Arabic": (0x600, 0x6FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}


class CharClasses:
    """A pattern that is being read; what it says about single characters."""

    def __init__(self, pattern: str, ignore_case: bool) -> None:
        self.text = pattern
        self.next = 0
        self.depth = 0
        self.ignore_case = ignore_case

    def wrong(self, what: str) -> FeelError:
        return FeelError(f"{self.text} is not a pattern: {what}")

    def escaped(self) -> CharTest:
        """The characters that an escape stands for, the backslash being read."""
        char = self.text[self.next : self.next + 1]
        self.next += 1
        if char in _PLAIN_ESCAPES:
            wanted = _PLAIN_ESCAPES[char]
            return lambda c: c == wanted
        if char.lower() in _CLASS_ESCAPES:
            test = _CLASS_ESCAPES[char.lower()]
            return test if char.islower() else (lambda c: not test(c))
        if char in ("p", "P"):
            end = self.text.find("}", self.next)
            if self.text[self.next : self.next + 1] != "{" or end < 0:
                raise self.wrong(f"\\{char} wants a category such as \\{char}{{L}}")
            name = self.text[self.next + 1 : end]
            self.next = end + 1
            category = self.category(name)
            return category if char == "p" else (lambda c: not category(c))
        raise self.wrong(f"\\{char} is not an escape")

    def category(self, name: str) -> CharTest:
        if name.startswith("Is"):
            block = _BLOCKS.get(name[2:])
            if block is None:
                raise self.wrong(f"the block {name} is not known")
            return lambda c: block[0] <= ord(c) <= block[1]
        if name[:1] not in set("LMNPZSC") or len(name) > 2:
            raise self.wrong(f"there is no category {name}")
        return lambda c: unicodedata.category(c).startswith(name)

    def char_class(self) -> CharTest:
        """`[…]`, the opening bracket being read."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong("it is nested too deeply")
        negated = self.text.startswith("^", self.next)
        self.next += negated
        tests: list[CharTest] = []
        without: CharTest | None = None
        first = True
        while True:
            if self.next >= len(self.text):
                raise self.wrong("a [ is not closed")
            char = self.text[self.next]
            if char == "]" and not first:
                self.next += 1
                break
            if char == "-" and self.text.startswith("-[", self.next) and not first:
                self.next += 2
                without = self.char_class()
                if not self.text.startswith("]", self.next):
                    raise self.wrong("behind what is taken out of a class it must end")
                self.next += 1
                break
            tests.append(self.cased(self.class_part()))
            first = False
        self.depth -= 1
        taken_out = without

        def test(c: str) -> bool:
            inside = any(one(c) for one in tests) != negated
            return inside and not (taken_out is not None and taken_out(c))

        return test

    def class_part(self) -> CharTest:
        low = self.class_char()
        if not isinstance(low, str):
            return low
        ranged = self.text.startswith("-", self.next) and self.text[
            self.next + 1 : self.next + 2
        ] not in ("]", "[", "")
        if not ranged:
            return lambda c: c == low
        self.next += 1
        high = self.class_char()
        if not isinstance(high, str) or high < low:
            raise self.wrong("a span of characters ends before it begins")
        return lambda c: low <= c <= high

    def class_char(self) -> str | CharTest:
        char = self.text[self.next]
        self.next += 1
        if char == "[":
            raise self.wrong("a [ inside a class is written \\[")
        if char != "\\":
            return char
        code = self.text[self.next : self.next + 1]
        if code in _PLAIN_ESCAPES:
            self.next += 1
            return _PLAIN_ESCAPES[code]
        return self.escaped()

    def cased(self, test: CharTest) -> CharTest:
        if not self.ignore_case:
            return test
        return lambda c: test(c) or test(c.lower()) or test(c.upper())

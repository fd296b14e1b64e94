"""Regular expressions as XPath has them, matched within a bounded number of steps.

Python's own engine may take exponential time, and a model that somebody else wrote must not be
able to stop the house. Here a pattern becomes a small program that is run over the text; a place
of the program that failed at a place of the text is not tried again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lamplighter.policy.feel.values import FeelError, Runaway

MAX_STEPS = 2_000_000
_MAX_PROGRAM = 20_000
_MAX_DEPTH = 40

CharTest: TypeAlias = Callable[[str], bool]
Groups: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction: `char`, `split`, `jump`, `save`, `start`, `end`, `back`, `moved`, `match`."""

    kind: str
    test: CharTest | None = None
    one: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Program:
    steps: tuple[Step, ...]
    groups: int
    multiline: bool
    ignore_case: bool
    has_back: bool

    def match(self, text: str, start: int, budget: list[int]) -> Groups | None:
        """The bounds of the whole and of each group of a match that begins at `start`."""
        seen: set[tuple[int, int]] = set()
        waiting: list[tuple[int, int, Groups]] = [(0, start, (-1,) * (2 * self.groups + 2))]
        while waiting:
            at, place, saved = waiting.pop()
            while True:
                budget[0] -= 1
                if budget[0] < 0:
                    raise Runaway("a pattern takes too many steps on this text")
                if not self.has_back and self.steps[at].kind in ("split", "char"):
                    if (at, place) in seen:
                        break
                    seen.add((at, place))
                step = self.steps[at]
                if step.kind == "char":
                    if place >= len(text) or not (step.test and step.test(text[place])):
                        break
                    at, place = at + 1, place + 1
                elif step.kind == "split":
                    waiting.append((step.other, place, saved))
                    at = step.one
                elif step.kind == "jump":
                    at = step.one
                elif step.kind == "save":
                    saved = (*saved[: step.one], place, *saved[step.one + 1 :])
                    at += 1
                elif step.kind == "moved":
                    # A loop whose body matched nothing ends.
                    if saved[step.one] == place:
                        break
                    at += 1
                elif step.kind == "back":
                    size = self._back(text, place, saved, step.one)
                    if size is None:
                        break
                    at, place = at + 1, place + size
                elif step.kind == "match":
                    return saved
                elif not self._holds(step.kind, text, place):
                    break
                else:
                    at += 1
        return None

    def _back(self, text: str, place: int, saved: Groups, group: int) -> int | None:
        begin, end = saved[2 * group], saved[2 * group + 1]
        if begin < 0 or end < 0:
            return 0
        wanted, found = text[begin:end], text[place : place + end - begin]
        if wanted == found or (self.ignore_case and wanted.casefold() == found.casefold()):
            return end - begin
        return None

    def _holds(self, kind: str, text: str, place: int) -> bool:
        if kind == "start":
            return place == 0 or (self.multiline and text[place - 1] == "\n")
        return place == len(text) or (self.multiline and text[place] == "\n")


class Compiler:
    """A pattern that is being read into its program."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = pattern
        self.next = 0
        self.dot_all = "s" in flags
        self.multiline = "m" in flags
        self.ignore_case = "i" in flags
        self.spaced = "x" in flags
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0
        self.has_back = False
        # Places that loops remember, behind those of the groups; numbered at the end.
        self.loops = 0

    def compile(self) -> Program:
        body = self.alternatives()
        if self.next < len(self.text):
            raise self.wrong("a ) has no (")
        steps = [Step("save", one=0), *_moved(body, 1), Step("save", one=1), Step("match")]
        total = self.groups + self.loops
        placed = tuple(
            Step(step.kind, step.test, 2 * (self.groups + 1) + step.one)
            if step.kind in ("loop", "moved")
            else step
            for step in steps
        )
        placed = tuple(
            Step("save", None, step.one) if step.kind == "loop" else step for step in placed
        )
        return Program(placed, total, self.multiline, self.ignore_case, self.has_back)

    def wrong(self, what: str) -> FeelError:
        return FeelError(f"{self.text} is not a pattern: {what}")

    def peek(self) -> str:
        while self.spaced and self.text[self.next : self.next + 1] in (" ", "\t", "\n", "\r"):
            self.next += 1
        return self.text[self.next : self.next + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise self.wrong("it ends too early")
        self.next += 1
        return char

    def alternatives(self) -> list[Step]:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.wrong("it is nested too deeply")
        branch = self.sequence()
        if self.peek() == "|":
            self.next += 1
            other = self.alternatives()
            branch = [
                Step("split", one=1, other=len(branch) + 2),
                *_moved(branch, 1),
                Step("jump", one=len(branch) + len(other) + 2),
                *_moved(other, len(branch) + 2),
            ]
        self.depth -= 1
        return self.sized(branch)

    def sized(self, steps: list[Step]) -> list[Step]:
        if len(steps) > _MAX_PROGRAM:
            raise self.wrong("it is too large")
        return steps

    def sequence(self) -> list[Step]:
        steps: list[Step] = []
        while self.peek() not in ("", "|", ")"):
            steps += _moved(self.quantified(), len(steps))
            self.sized(steps)
        return steps

    def quantified(self) -> list[Step]:
        atom = self.atom()
        low, high = self.quantifier()
        if (low, high) == (1, 1):
            return atom
        lazy = self.peek() == "?"
        if lazy:
            self.next += 1
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise self.wrong("a quantifier stands behind another")
        steps: list[Step] = []
        copies = low + (high - low if high is not None else 1)
        if copies * (len(atom) + 4) > _MAX_PROGRAM:
            raise self.wrong("it is too large")
        for _ in range(low):
            steps += _moved(atom, len(steps))
        if high is None:
            mark = self.loops * 2
            self.loops += 1
            body = [Step("loop", one=mark), *_moved(atom, 1), Step("moved", one=mark)]
            loop = [Step("split", one=1, other=len(body) + 2), *_moved(body, 1), Step("jump")]
            steps += _moved([*_lazily(loop, lazy)], len(steps))
        for _ in range((high or low) - low):
            option = [Step("split", one=1, other=len(atom) + 1), *_moved(atom, 1)]
            steps += _moved(_lazily(option, lazy), len(steps))
        return steps

    def quantifier(self) -> tuple[int, int | None]:
        char = self.peek()
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if char in simple:
            self.next += 1
            return simple[char]
        if char != "{":
            return 1, 1
        end = self.text.find("}", self.next)
        low, comma, high = self.text[self.next + 1 : max(end, self.next + 1)].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()) or len(low) > 4:
            raise self.wrong("a { begins a quantifier such as {2} or {2,4}")
        self.next = end + 1
        least = int(low)
        most = (int(high[:6]) if high else None) if comma else least
        if most is not None and most < least:
            raise self.wrong("a quantifier ends before it begins")
        return least, most

    def atom(self) -> list[Step]:
        char = self.take()
        if char == "(":
            return self.group()
        if char == "[":
            return [Step("char", self.cased(self.char_class()))]
        if char == ".":
            return [Step("char", (lambda c: True) if self.dot_all else (lambda c: c not in "\n\r"))]
        if char == "^":
            return [Step("start")]
        if char == "$":
            return [Step("end")]
        if char == "\\":
            return self.escape()
        if char in "*+?{}])":
            raise self.wrong(f"{char} stands where it means nothing; write \\{char}")
        return [Step("char", self.cased(lambda c: c == char))]

    def group(self) -> list[Step]:
        if self.text.startswith("?", self.next):
            if not self.text.startswith("?:", self.next):
                raise self.wrong("(? is only the beginning of (?: … )")
            self.next += 2
            steps = self.alternatives()
        else:
            self.groups += 1
            number = self.groups
            inner = self.alternatives()
            self.closed.add(number)
            steps = [
                Step("save", one=2 * number),
                *_moved(inner, 1),
                Step("save", one=2 * number + 1),
            ]
        if self.peek() != ")":
            raise self.wrong("a ( is not closed")
        self.next += 1
        return steps

    def escape(self) -> list[Step]:
        if self.next >= len(self.text):
            raise self.wrong("it ends with a backslash")
        char = self.text[self.next]
        if char.isdecimal() and char != "0":
            group = int(char)
            self.next += 1
            while (
                self.text[self.next : self.next + 1].isdecimal()
                and int(f"{group}{self.text[self.next]}") in self.closed
            ):
                group = int(f"{group}{self.text[self.next]}")
                self.next += 1
            if group not in self.closed:
                raise self.wrong(f"there is no group {group} before \\{group}")
            self.has_back = True
            return [Step("back", one=group)]
        return [Step("char", self.cased(self.escaped()))]

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
        if self.depth > _MAX_DEPTH:
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
            tests.append(self.class_part())
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


def _moved(steps: list[Step], by: int) -> list[Step]:
    """The steps with their jumps moved, to stand `by` further on."""
    return [
        Step(step.kind, step.test, step.one + by, step.other + by)
        if step.kind in ("split", "jump")
        else step
        for step in steps
    ]


def _lazily(steps: list[Step], lazy: bool) -> list[Step]:
    """With the first split tried the other way round."""
    if not lazy:
        return steps
    first = steps[0]
    return [Step("split", one=first.other, other=first.one), *steps[1:]]


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

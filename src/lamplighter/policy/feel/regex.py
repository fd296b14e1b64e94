"""Regular expressions as XPath has them, matched within a bounded number of steps.

Python's own engine may take exponential time, and a model that somebody else wrote must not be
able to stop the house. Here a pattern becomes a small program that is run over the text; a place
of the program that failed at a place of the text is not tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from lamplighter.policy.feel.char_classes import MAX_DEPTH, CharClasses, CharTest
from lamplighter.policy.feel.values import Runaway

MAX_STEPS = 2_000_000
_MAX_PROGRAM = 20_000

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


class Compiler(CharClasses):
    """A pattern that is being read into its program."""

    def __init__(self, pattern: str, flags: str) -> None:
        super().__init__(pattern, "i" in flags)
        self.dot_all = "s" in flags
        self.multiline = "m" in flags
        self.groups = 0
        self.closed: set[int] = set()
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

    def peek(self) -> str:
        return self.text[self.next : self.next + 1]

    def take(self) -> str:
        char = self.peek()
        if not char:
            raise self.wrong("it ends too early")
        self.next += 1
        return char

    def alternatives(self) -> list[Step]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
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

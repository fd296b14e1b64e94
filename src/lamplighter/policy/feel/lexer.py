"""Cuts a FEEL text into tokens, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Characters of names by the grammar of FEEL (rules 27 to 29 of DMN 1.5, 10.3.1.2).
_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PART = _START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"

_TOKEN = re.compile(
    rf"""(?P<space>(?:[\s\u0085\u180E\u200B\u2060\uFEFF]|//[^\r\n]*|/\*.*?\*/)+)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    | (?P<name>[{_START}][{_PART}]*)
    | (?P<mark>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>(){{}}\[\],:.@’'%|&;$\#!^~`])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


class FeelSyntaxError(ValueError):
    """An expression that is not FEEL; the message is a sentence without its stop."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `place` counts characters from 1, `spaced` says that a space comes before."""

    kind: str
    text: str
    place: int
    spaced: bool = False


def tokens(text: str) -> list[Token]:
    """The tokens of a text, without its spaces and comments, and a last one that is its end."""
    found: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            rest = text[position : position + 20]
            hint = "close the quote" if rest.startswith('"') else "remove it"
            raise FeelSyntaxError(
                f"{rest} at character {position + 1} is not part of an expression; {hint}"
            )
        if match.lastgroup == "space":
            spaced = True
        else:
            found.append(Token(match.lastgroup, match.group(), position + 1, spaced))
            spaced = False
        position = match.end()
    found.append(Token("end", "", len(text) + 1))
    return found


def unescaped(text: str) -> str:
    """What a string literal says: its inside with the escapes resolved."""

    def one(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] in "uU" and len(code) > 1:
            point = int(code[1:], 16)
            return chr(point) if point < 0x110000 else match.group()
        return _ESCAPES.get(code, match.group())

    plain = _ESCAPE.sub(one, text[1:-1])
    # Two escapes may spell one character beyond the first plane, as surrogates.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normal_name(text: str) -> str:
    """A name with one space where it has several, as FEEL compares names."""
    return " ".join(text.split())

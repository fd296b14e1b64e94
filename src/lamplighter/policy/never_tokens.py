"""The words of a `never`, one by one, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lamplighter.policy.sentences import Said, say

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<moment>(?:(?:date|duration)\s*\(\s*"[^"]*"\s*\)|@"[^"]*"))
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9])|(?<!\.)\.[0-9]+))
    | (?P<dots>\.\.(?!\.))
    | (?P<compare><=|>=|!=|<|>|=)
    | (?P<mark>[()\[\],])
    | (?P<word>[^\W\d]\w*)
    )""",
    re.VERBOSE,
)
KEYWORDS = (
    "and",
    "or",
    "not",
    "in",
    "contains",
    "actual",
    "asked",
    "true",
    "false",
    "unknown",
    "null",
)


class NeverError(ValueError):
    """A `never` that cannot be read; the message is the middle of a sentence.

    `offset` counts the characters before the place. Where `silent`, the cause is reported
    elsewhere: a name whose own declaration could not be read.
    """

    def __init__(self, said: Said, offset: int, *, silent: bool = False) -> None:
        super().__init__(str(said))
        self.said = said
        self.offset = offset
        self.silent = silent


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is moment, string, number, dots, compare, mark or word; `offset` counts from 0."""

    kind: str
    text: str
    offset: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a promise; a `NeverError` where there is something that is none.

    >>> [token.text for token in tokens_of('weapon = true')]
    ['weapon', '=', 'true']
    """
    tokens: list[Token] = []
    position = 0
    end = len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            offset = position + len(text[position:]) - len(text[position:].lstrip())
            rest = text[offset:end]
            hint = say("close-the-quote") if rest.startswith('"') else say("remove-it")
            raise NeverError(say("never.not-part", text=rest[:20], hint=hint), offset)
        kind = match.lastgroup
        tokens.append(Token(kind, match.group(kind), match.start(kind)))
        position = match.end()
    return tokens

"""What the library says of call files and areas, told again in Spanish.

Proposals, reports and failures are kept as the English sentences that they are, for years. A page
in Spanish finds the sentence that it is and says that one, with the same names and numbers in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter
from typing import TypeAlias

from lamplighter.history.spanish_texts import ONCE_SAID, TEXTS

# What is longer has somebody's text in it.
_LONGEST = 2_000
# A sentence may quote another one, and that a third.
_DEEPEST = 4
# What stands in these gaps is said by us as well: a sentence is known only with what it quotes.
_SAID_BY_US = {"what", "reason", "remedy", "advice", "hint", "count", "noun"}
# In these it may be, or it is a name, a number, or a quotation. All others have names and numbers.
_PERHAPS_BY_US = {"where", "place", "why", "names", "more", "kind", "code"}
_Known: TypeAlias = dict[tuple[str, int], str | None]


class Told:
    """Finds the Spanish of sentences that are made of `texts`: English and Spanish, with gaps.

    A sentence of which a part is not known is not known at all: nobody is told half of it.

    >>> told = Told([("{file} is {what}.", "{file} es {what}."), ("a PDF", "un PDF")])
    >>> told.in_spanish("calls.pdf is a PDF.")
    'calls.pdf es un PDF.'
    >>> told.in_spanish("calls.pdf is a riddle.") is None
    True
    """

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        # Those with the most words of their own come first.
        ordered = sorted(texts, key=lambda text: -_words_of_its_own(text[0]))
        self._forms = [(_Form.of(english), spanish) for english, spanish in ordered]

    def in_spanish(self, sentence: str) -> str | None:
        """The sentence in Spanish; None where it is none of these."""
        return self._found(sentence, _DEEPEST, {}) if len(sentence) <= _LONGEST else None

    def _found(self, sentence: str, deepest: int, known: _Known) -> str | None:
        """The same; what was looked for is `known`, and is not sought again."""
        key = (sentence, deepest)
        if key not in known:
            spanish = (self._filled(*form, sentence, deepest, known) for form in self._forms)
            known[key] = next((found for found in spanish if found is not None), None)
        return known[key]

    def _filled(
        self, form: _Form, spanish: str, sentence: str, deepest: int, known: _Known
    ) -> str | None:
        parts = form.parts_of(sentence)
        if parts is None:
            return None
        told: dict[str, str] = {}
        for gap, text in parts.items():
            by_us = gap in _SAID_BY_US
            sought = deepest and (by_us or gap in _PERHAPS_BY_US)
            found = self._found(text, deepest - 1, known) if sought else None
            if found is None and by_us:
                return None
            told[gap] = text if found is None else found
        return spanish.format(**told)


def in_spanish(sentence: str) -> str | None:
    """A sentence about call files or areas in Spanish; None where it is none that is known here.

    >>> in_spanish("its name; its values fit by 85%")
    'su nombre; sus valores encajan en un 85%'
    """
    return _told().in_spanish(sentence)


@lru_cache
def _told() -> Told:
    return Told((*TEXTS, *ONCE_SAID))


@dataclass(frozen=True)
class _Form:
    """What a sentence looks like: its own words, and between them gaps with anything in them."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]

    @staticmethod
    def of(english: str) -> _Form:
        parts = [(text, gap) for text, gap, *_ in Formatter().parse(english)]
        words = [text for text, _ in parts]
        if parts[-1][1]:
            words.append("")
        return _Form(tuple(words), tuple(gap for _, gap in parts if gap))

    def parts_of(self, sentence: str) -> dict[str, str] | None:
        """What stands in the gaps, each as short as can be; None where this is another sentence.

        Its words are sought from left to right and never again, so that no text takes long.
        """
        first, *others = self.words
        if not sentence.startswith(first) or not (others or sentence == first):
            return None
        at = len(first)
        found: dict[str, str] = {}
        for gap, words in zip(self.gaps, others, strict=True):
            end = sentence.find(words, at + 1)
            if len(found) == len(self.gaps) - 1:
                end = len(sentence) - len(words) if sentence.endswith(words) else -1
            if end <= at:
                return None
            found[gap] = sentence[at:end]
            at = end + len(words)
        return found


def _words_of_its_own(english: str) -> int:
    return sum(len(text) for text, *_ in Formatter().parse(english))

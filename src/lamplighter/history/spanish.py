"""What the library says of call files and areas, told again in Spanish.

Proposals, reports and failures are kept as the English sentences that they are, for years. A page
in Spanish finds the sentence that it is and says that one, with the same names and numbers in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from string import Formatter

from lamplighter.history.spanish_texts import TEXTS

# What is longer has somebody's text in it, and would take long to be looked through.
_LONGEST = 2_000


class Told:
    """Finds the Spanish of sentences that are made of `texts`: English and Spanish, with gaps.

    >>> told = Told([("{file} is {what}.", "{file} es {what}."), ("a PDF", "un PDF")])
    >>> told.in_spanish("calls.pdf is a PDF.")
    'calls.pdf es un PDF.'
    >>> told.in_spanish("Written by somebody.") is None
    True
    """

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        # Those with the most words of their own come first.
        ordered = sorted(texts, key=lambda text: -_words_of_its_own(text[0]))
        self._forms = [(_form(english), spanish) for english, spanish in ordered]

    def in_spanish(self, sentence: str) -> str | None:
        """The sentence in Spanish; None where it is none of these."""
        if len(sentence) > _LONGEST:
            return None
        for form, spanish in self._forms:
            found = form.fullmatch(sentence)
            if found:
                parts = found.groupdict().items()
                return spanish.format(**{name: self.in_spanish(p) or p for name, p in parts})
        return None


def in_spanish(sentence: str) -> str | None:
    """A sentence about call files or areas in Spanish; None where it is none that is known here.

    >>> in_spanish("its name; its values fit by 85%")
    'su nombre; sus valores encajan en un 85%'
    """
    return _told().in_spanish(sentence)


@lru_cache
def _told() -> Told:
    return Told(TEXTS)


def _form(english: str) -> re.Pattern[str]:
    """What a sentence looks like, with anything in its gaps."""
    parts = Formatter().parse(english)
    form = "".join(re.escape(text) + (f"(?P<{gap}>.+?)" if gap else "") for text, gap, *_ in parts)
    return re.compile(form, re.DOTALL)


def _words_of_its_own(english: str) -> int:
    return sum(len(text) for text, *_ in Formatter().parse(english))

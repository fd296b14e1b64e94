"""What a reader of policies says is wrong, by code, in English and in Spanish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from lamplighter.policy.sentence_texts import TEXTS

Part: TypeAlias = "Said | str"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one, that can be said in either language.

    >>> said = say("flag", name="safety")
    >>> str(said)
    'safety must be true or false'
    >>> said.in_language("es")
    'safety tiene que ser true o false'
    """

    code: str
    values: tuple[tuple[str, Part], ...] = ()

    def in_language(self, language: str) -> str:
        """The sentence in a language (`en`, `es`); in English where there is none in another."""
        texts = TEXTS[self.code]
        told = {
            name: value.in_language(language) if isinstance(value, Said) else value
            for name, value in self.values
        }
        return texts["es" if language.startswith("es") else "en"].format(**told)

    def __str__(self) -> str:
        return self.in_language("en")


def say(code: str, **values: object) -> Said:
    """A sentence by its code; values are texts, or parts that can be said in either language."""
    parts = ((name, v if isinstance(v, Said) else str(v)) for name, v in values.items())
    return Said(code, tuple(parts))


def either(words: Sequence[str]) -> Part:
    """One word or another: `, or )`; a value, where there are none."""
    if not words:
        return say("a-value")
    found: Part = words[0]
    for word in words[1:]:
        found = say("or", one=found, other=word)
    return found


def nearest(word: str, known: Sequence[str]) -> Said:
    """The end of a sentence about a misspelt word: the nearest known one, or all of them."""
    # Among very many names the search for the nearest would take longer than reading the policy.
    near = get_close_matches(word, known[:200], n=1, cutoff=0.6)
    if near:
        return say("did-you-mean", word=near[0])
    if not known:
        return say("there-are-none")
    shown = ", ".join(known[:12])
    if len(known) > 12:
        return say("use-one-of-many", words=shown, number=len(known))
    return say("use-one-of", words=shown)

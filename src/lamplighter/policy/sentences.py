"""What a reader of files says is wrong, by code, in English and in Spanish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeAlias

from lamplighter.policy.sentence_texts import TEXTS

Part: TypeAlias = "Said | str"
Texts: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or a part of one, that can be said in either language.

    >>> said = say("flag", name="safety")
    >>> str(said)
    'safety must be true or false'
    >>> said.in_language("es")
    'safety tiene que ser true o false'

    `texts` has its words: those of policies, where nothing else is said.
    """

    code: str
    values: tuple[tuple[str, Part], ...] = ()
    texts: Texts = field(default_factory=lambda: TEXTS, repr=False, compare=False)

    def in_language(self, language: str) -> str:
        """The sentence in a language (`en`, `es`); in English where there is none in another."""
        texts = self.texts[self.code]
        told = {
            name: value.in_language(language) if isinstance(value, Said) else value
            for name, value in self.values
        }
        if not language.startswith("es"):
            return texts["en"].format(**told)
        said = texts["es"].format(**told)
        return said.replace(" de el ", " del ").replace(" a el ", " al ")

    def __str__(self) -> str:
        return self.in_language("en")


def say(code: str, **values: object) -> Said:
    """A sentence by its code; values are texts, or parts that can be said in either language."""
    return Said(code, _parts(values))


def sayer(texts: Texts) -> Callable[..., Said]:
    """As `say`, of another reader's sentences."""

    def say_of(code: str, **values: object) -> Said:
        return Said(code, _parts(values), texts)

    return say_of


def worded(english: str, spanish: str) -> Said:
    """A sentence that is worded already.

    >>> worded("a {x}", "un {x}").in_language("es")
    'un {x}'
    """
    texts = {"en": english, "es": spanish}
    braced = {
        language: one.replace("{", "{{").replace("}", "}}") for language, one in texts.items()
    }
    return Said("worded", (), {"worded": braced})


def _parts(values: Mapping[str, object]) -> tuple[tuple[str, Part], ...]:
    return tuple((name, v if isinstance(v, Said) else str(v)) for name, v in values.items())


def both(words: Sequence[str]) -> Part:
    """One word and another, and so on; there must be one."""
    if len(words) == 1:
        return words[0]
    # Halved, so that very many are not nested as deeply as they are many.
    half = len(words) // 2
    return say("and", one=both(words[:half]), other=both(words[half:]))


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

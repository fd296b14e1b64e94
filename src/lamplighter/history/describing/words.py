"""Match short texts, such as codes and column names, against a vocabulary of words."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

# A phrase that does not say how sure it is: the longer, the surer.
SURENESS_BY_LENGTH = (0.7, 0.85, 0.93)
LOST_PER_STRANGE_WORD = 0.1
MOST_LOST = 0.4
SIGNS = (("9-1-1", "911"), ("W/O ", "WITHOUT "), ("W/OUT ", "WITHOUT "))
DENIALS = frozenset({"NO", "NOT", "NON", "WITHOUT", "EXCEPT"})
SHORTEST_CUT_WORD = 4
SHORTEST_WORD_WITH_SLIP = 8
SHORTEST_FRONT = 2

_WORD = re.compile(r"[A-Z]+(?:'[A-Z]+)?|[0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean something when they stand together, in any order."""

    words: frozenset[str]
    label: str
    sureness: float


@dataclass(frozen=True, slots=True)
class Match:
    """What a text was taken to mean: `words` are those of the phrase that decided."""

    label: str
    sureness: float
    words: tuple[str, ...]
    strange: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words, their short forms, and phrases with what they mean."""

    short_forms: Mapping[str, tuple[str, ...]]
    fillers: frozenset[str]
    by_first_word: Mapping[str, tuple[Phrase, ...]]  # of the words of a phrase in order of letters
    known: frozenset[str]
    in_order: tuple[str, ...]
    # By their first letter, each with the words that it is written out as.
    long_words: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    endings: tuple[str, ...]  # words that others are written in front of without a gap

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text, short forms written out, in one form each.

        >>> natures_vocabulary().words("TRBL W/SUBJ-DV")
        ('TROUBLE', 'WITH', 'PERSON', 'DOMESTIC')
        >>> columns_vocabulary().words("NATURECODE")
        ('NATURE', 'CODE')
        """
        found: list[str] = []
        for word in split(text):
            for part in self._parts(word):
                plain = stem(part)
                found += self.short_forms.get(part) or self.short_forms.get(plain) or (plain,)
        return tuple(found)

    def _parts(self, word: str) -> tuple[str, ...]:
        """Return a word as two where it is not known and another was written in front of it."""
        if any(form in self.known or form in self.short_forms for form in (word, stem(word))):
            return (word,)
        for ending in self.endings:
            front = word.removesuffix(ending)
            if len(front) >= SHORTEST_FRONT and front != word:
                return (front, ending)
        return (word,)

    def completed(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the words with those that were cut off written out, where one only fits.

        Systems of few letters cut the last word, others each word; "INVESTIGATIO" is such a one.
        A long word with one slip in it, such as "BURGALRY", is put right.

        >>> natures_vocabulary().completed(["INVESTIGATIO", "BURGALRY", "SMITH"])
        ('INVESTIGATION', 'BURGLARY', 'SMITH')
        """
        return tuple(part for word in words for part in self._completed(word))

    def _completed(self, word: str) -> tuple[str, ...]:
        if word in self.known or len(word) < SHORTEST_CUT_WORD or not word.isalpha():
            return (word,)
        at = bisect_left(self.in_order, word)
        longer = [known for known in self.in_order[at : at + 2] if known.startswith(word)]
        if len(longer) == 1:
            return (longer[0],)
        if len(word) < SHORTEST_WORD_WITH_SLIP or word in self.fillers:
            return (word,)
        near = self.long_words.get(word[0], ())
        meant = {words for known, words in near if _is_slip_of(word, known)}
        return meant.pop() if len(meant) == 1 else (word,)

    def meanings(self, text: str) -> dict[str, float]:
        """Return every meaning that a phrase of the text has, with how sure it is."""
        found: dict[str, float] = {}
        for phrase in self._fitting(self.words(text)):
            found[phrase.label] = max(phrase.sureness, found.get(phrase.label, 0.0))
        return found

    def _fitting(self, words: Sequence[str]) -> list[Phrase]:
        """Return the phrases that stand in some words.

        A word that is denied, as in "fight no weapons", only counts with the word that denies it.
        """
        present = frozenset(words)
        denied = frozenset(word for no, word in pairwise(words) if no in DENIALS)
        return [
            phrase
            for word in present
            for phrase in self.by_first_word.get(word, ())
            if phrase.words <= present
            and (phrase.words.isdisjoint(denied) or not phrase.words.isdisjoint(DENIALS))
        ]

    def match(self, text: str) -> Match | None:
        """Return the surest meaning of a text, or None where no phrase stands in it."""
        words = self.completed(self.words(text))
        fitting = self._fitting(words)
        if not fitting:
            return None
        best = max(
            fitting,
            key=lambda phrase: (
                phrase.sureness,
                len(phrase.words),
                phrase.label,
                sorted(phrase.words),
            ),
        )
        strange = tuple(
            word for word in words if word not in self.known and word not in self.fillers
        )
        lost = min(MOST_LOST, LOST_PER_STRANGE_WORD * len(strange))
        in_order = tuple(dict.fromkeys(word for word in words if word in best.words))
        return Match(best.label, round(best.sureness * (1 - lost), 2), in_order, strange)


def _is_slip_of(word: str, known: str) -> bool:
    """Tell whether one letter was left out, put in, changed, or changed places with the next."""
    if abs(len(word) - len(known)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, known, strict=False)) if a != b), None)
    if start is None:
        return True
    rest, other = word[start:], known[start:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[1::-1] == other[:2] and rest[2:] == other[2:])
    )


def split(text: str) -> list[str]:
    """Return the words of a text in capitals, without accents.

    >>> split("Call_ReceivedAt 9-1-1"), split("Número")
    (['CALL', 'RECEIVED', 'AT', '911'], ['NUMERO'])
    """
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    capitals = _CAMEL.sub(" ", text).upper()
    for written, meant in SIGNS:
        capitals = capitals.replace(written, meant)
    return _WORD.findall(capitals)


def stem(word: str) -> str:
    """Take a plural for its singular.

    >>> [stem(word) for word in ("SHOTS", "ACCESS", "PARTIES", "GAS", "CORONER'S", "LESIONES")]
    ['SHOT', 'ACCESS', 'PARTY', 'GAS', 'CORONER', 'LESION']
    """
    word = word.removesuffix("'S")
    if len(word) > 4 and word.endswith("IES"):
        return word[:-3] + "Y"
    if word.endswith("IONES"):
        return word[:-2]
    if len(word) > 3 and word.endswith("S") and not word.endswith(("SS", "US", "IS")):
        return word[:-1]
    return word


@cache
def natures_vocabulary() -> Vocabulary:
    """Return the words that tell what a call is about, and who starts such calls."""
    return _read("nature_words.yaml", "nature_words_es.yaml")


@cache
def columns_vocabulary() -> Vocabulary:
    """Return the words that tell from its name what a column holds."""
    return _read("column_words.yaml")


def _read(*names: str) -> Vocabulary:
    """Put the vocabularies of some files together; phrases may use the words of any of them."""
    contents = [_content(name) for name in names]
    short_forms = {
        short.upper(): tuple(stem(word) for word in split(long))
        for content in contents
        for long, shorts in content["short forms"].items()
        for short in shorts
    }
    fillers = frozenset(
        stem(word) for content in contents for word in split(" ".join(content["fillers"]))
    )
    bare = Vocabulary(short_forms, fillers, {}, frozenset(), (), {}, ())
    phrases = tuple(
        _phrase(bare, entry, label)
        for content in contents
        for label, entries in content["meanings"].items()
        for entry in entries
    )
    known = {word for phrase in phrases for word in phrase.words}
    known |= {word for long in short_forms.values() for word in long}
    by_first_word: dict[str, tuple[Phrase, ...]] = {}
    for phrase in phrases:
        first = min(phrase.words)
        by_first_word[first] = (*by_first_word.get(first, ()), phrase)
    endings = tuple(word for content in contents for word in content.get("written together", ()))
    return Vocabulary(
        short_forms,
        fillers,
        by_first_word,
        frozenset(known),
        tuple(sorted(known)),
        _long_words({word: (word,) for word in known} | short_forms),
        endings,
    )


def _long_words(
    written: Mapping[str, tuple[str, ...]],
) -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the words in which a slip can be told, by their first letter."""
    found: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for word, meant in written.items():
        if len(word) >= SHORTEST_WORD_WITH_SLIP:
            found[word[0]] = (*found.get(word[0], ()), (word, meant))
    return found


def _content(name: str) -> Any:
    from lamplighter.plain_yaml import load

    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    return load(text)


def _phrase(vocabulary: Vocabulary, entry: Any, label: str) -> Phrase:
    """An entry is a phrase, or a phrase with how sure it is."""
    text, sureness = next(iter(entry.items())) if isinstance(entry, dict) else (entry, None)
    words = frozenset(vocabulary.words(str(text)))
    if sureness is None:
        sureness = SURENESS_BY_LENGTH[min(len(words), len(SURENESS_BY_LENGTH)) - 1]
    return Phrase(words, label, float(sureness))

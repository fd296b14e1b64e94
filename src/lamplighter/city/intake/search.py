"""Finding what is happening from the plain words that a call taker types, best match first."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from lamplighter.history import natures
from lamplighter.policy import Policy, Words

_WORD = re.compile(r"[a-z0-9]+")
# How well one phrase answers the whole text, best first; looser answers come after all of these.
_EQUAL, _BEGINS, _WHOLE_WORDS, _WORDS_BEGIN, _ANY_ORDER = range(5)
_ACROSS_PHRASES, _SOME_WORDS = 5, 6
# What follows is not searched: looking up misspelt words takes time for each of them.
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Found:
    """A nature that answers the text, and the words of callers that it was found by, if any."""

    code: str
    label: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    tokens: tuple[str, ...]
    language: str
    is_label: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    label: Words
    phrases: tuple[_Phrase, ...]
    tokens: frozenset[str]


def tokens_of(text: str) -> tuple[str, ...]:
    """Lower-case words without accents or apostrophes.

    >>> tokens_of("Can't breathe; convulsión")
    ('cant', 'breathe', 'convulsion')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


class NatureIndex:
    """The natures of a policy with their labels and the words that callers use, both languages."""

    def __init__(self, labels: Mapping[str, Words]) -> None:
        words = {nature.code: nature for nature in natures()}
        self._entries = []
        for code, label in labels.items():
            phrases = [
                _phrase(label.in_language(language), language, is_label=True)
                for language in ("en", "es")
            ]
            if nature := words.get(code):
                phrases += [_phrase(text, "en") for text in nature.words_en]
                phrases += [_phrase(text, "es") for text in nature.words_es]
            tokens = frozenset(token for phrase in phrases for token in phrase.tokens)
            self._entries.append(_Entry(code, label, tuple(phrases), tokens))
        self._natures_with = Counter(t for entry in self._entries for t in entry.tokens)

    def search(self, text: str, language: str) -> tuple[Found, ...]:
        """Natures that answer the text, best first; all of them, in the policy's order, for none.

        1. A label or phrase that is the text, begins with it, has it as whole words, has words that
           begin with it, or has all its words in any order: in that order, labels before phrases.
        2. Natures that have all the words, but in different phrases.
        3. If there are none of these, natures that have some of the words; rare ones count more.
        4. When nothing is found, the words are taken for misspelt: the nearest known replace them.
        """
        typed = tokens_of(text[:LONGEST_TEXT])
        if not typed:
            return tuple(Found(e.code, e.label.in_language(language)) for e in self._entries)
        found = self._ranked(typed, language)
        if not found:
            respelt = tuple(self._respelt(token) for token in typed)
            found = self._ranked(respelt, language) if respelt != typed else ()
        return found

    def _ranked(self, typed: tuple[str, ...], language: str) -> tuple[Found, ...]:
        ranked = []
        for place, entry in enumerate(self._entries):
            best = min(
                (_rank(phrase, typed, language) for phrase in entry.phrases), key=lambda r: r[:3]
            )
            rank, phrase = best[:3], best[3]
            if rank[0] > _ANY_ORDER:
                # Only the last word may be half typed.
                known = [token for token in typed[:-1] if token in entry.tokens]
                known += [token for token in typed[-1:] if _begins_any(token, entry.tokens)]
                if not known:
                    continue
                looseness = _ACROSS_PHRASES if len(known) == len(typed) else _SOME_WORDS
                weight = sum(1 / (1 + self._natures_with[token]) for token in known)
                rank, phrase = (looseness, -weight, 0), _most_alike(entry.phrases, known, language)
            label = entry.label.in_language(language)
            words = "" if phrase.is_label else phrase.text
            ranked.append((rank, place, Found(entry.code, label, words)))
        ranked.sort(key=lambda r: r[:2])
        if ranked and ranked[0][0][0] < _SOME_WORDS:
            ranked = [row for row in ranked if row[0][0] < _SOME_WORDS]
        return tuple(found for _rank, _place, found in ranked)

    def _respelt(self, token: str) -> str:
        near = get_close_matches(token, self._natures_with, n=1, cutoff=0.75)
        return near[0] if near else token


@lru_cache(maxsize=8)
def _index(policy: Policy) -> NatureIndex:
    return NatureIndex({value.value: value.label for value in policy.inputs["nature"].values})


def search_natures(policy: Policy, text: str, language: str) -> tuple[Found, ...]:
    """Search the natures that a policy declares."""
    return _index(policy).search(text, language)


def _phrase(text: str, language: str, *, is_label: bool = False) -> _Phrase:
    return _Phrase(text, tokens_of(text), language, is_label)


def _rank(
    phrase: _Phrase, typed: tuple[str, ...], language: str
) -> tuple[int, bool, bool, _Phrase]:
    return (
        _looseness(phrase.tokens, typed),
        not phrase.is_label,
        phrase.language != language[:2],
        phrase,
    )


def _looseness(tokens: tuple[str, ...], typed: tuple[str, ...]) -> int:
    """How loosely a phrase answers what was typed; the last word may be half typed."""
    if tokens == typed:
        return _EQUAL
    starts = [
        start
        for start in range(len(tokens) - len(typed) + 1)
        if tokens[start : start + len(typed) - 1] == typed[:-1]
        and tokens[start + len(typed) - 1].startswith(typed[-1])
    ]
    if 0 in starts:
        return _BEGINS
    if any(tokens[start : start + len(typed)] == typed for start in starts):
        return _WHOLE_WORDS
    if starts:
        return _WORDS_BEGIN
    if all(_begins_any(token, tokens) for token in typed):
        return _ANY_ORDER
    return _SOME_WORDS


def _begins_any(token: str, tokens: Iterable[str]) -> bool:
    return any(other.startswith(token) for other in tokens)


def _most_alike(phrases: tuple[_Phrase, ...], known: list[str], language: str) -> _Phrase:
    return max(
        phrases,
        key=lambda phrase: (
            sum(_begins_any(token, phrase.tokens) for token in known),
            phrase.language == language[:2],
            phrase.is_label,
        ),
    )

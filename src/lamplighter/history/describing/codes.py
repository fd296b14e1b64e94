"""Propose what a city's codes mean, from the city's own words for them."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamplighter.history.describing.proposal import NatureGuess, StrangeCode
from lamplighter.history.describing.words import Match, natures_vocabulary
from lamplighter.history.layout import StartedBy, as_key

if TYPE_CHECKING:
    import duckdb

LEAST = 0.5  # below this nobody can tell
SURE_OF_SUFFIX = 0.85
RARE_ROWS = 3
MOST_CODES = 5_000
LONGEST_CODE = 60
YES = frozenset({"Y", "YES", "TRUE", "T", "1"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What words were taken to mean; nature None and started_by unknown where nobody can tell."""

    nature: str | None
    started_by: StartedBy
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a code means, with one suffix or with any."""

    code: str
    suffix: str | None
    meaning: Meaning
    rows: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code, its suffix and the commonest words for it, with how many rows have it."""

    code: str
    suffix: str
    words: str
    suffix_words: str
    rows: int


def meaning_of(text: str) -> Meaning | None:
    """Return what a city's words for a call mean, or None where nobody can tell.

    >>> meaning_of("TRBL W/SUBJ").nature, meaning_of("BUSINESS CHK").started_by.value
    ('disorderly_conduct', 'officer')
    >>> meaning_of("SIGNAL 9")
    """
    match = natures_vocabulary().match(text)
    if match is None or match.sureness < LEAST:
        return None
    return _meaning(match)


def _meaning(match: Match) -> Meaning:
    label, _, starter = match.label.partition(", ")
    if label in ("officer", "unknown"):
        return Meaning(None, StartedBy(label), match.sureness, match.words)
    started_by = StartedBy(starter) if starter else StartedBy.PUBLIC
    return Meaning(label, started_by, match.sureness, match.words)


def read_codes(
    database: "duckdb.DuckDBPyConnection",
    code: int,
    suffix: int | None,
    words: int | None,
    suffix_words: int | None,
) -> list[Code]:
    """Return the codes of the sample, the commonest first, each with its commonest words."""
    texts = ", ".join(
        f"{_text_of(column)} AS {name}"
        for name, column in (("suffix", suffix), ("words", words), ("suffix_words", suffix_words))
    )
    rows = database.execute(f"""
WITH words AS (
    SELECT {_text_of(code)} AS code, {texts}, count(*) AS rows FROM sample GROUP BY ALL
)
SELECT code, suffix, {_commonest("words")}, {_commonest("suffix_words")}, sum(rows)
FROM words WHERE code <> '' GROUP BY code, suffix
ORDER BY 5 DESC, 1, 2 LIMIT {MOST_CODES}""").fetchall()
    return [Code(one, two, three, four, int(count)) for one, two, three, four, count in rows]


def _text_of(column: int | None) -> str:
    return "''" if column is None else f"coalesce(trim(f{column}), '')"


def _commonest(name: str) -> str:
    return f"first({name} ORDER BY ({name} <> '')::INTEGER * rows DESC, {name})"


def propose(
    codes: Sequence[Code], *, with_words: bool
) -> tuple[tuple[NatureGuess, ...], tuple[StrangeCode, ...], int]:
    """Return what the codes mean, those of which nobody can tell, and how many are left unsaid.

    A code that is seen once or twice and that our words do not know may be a note with a name in
    it, so it is counted and not shown. Where the words of a suffix say something surer than those
    of the code, the code with this suffix has an entry of its own, before that of the code alone.
    """
    by_code: dict[str, list[Code]] = defaultdict(list)
    for code in codes:
        by_code[as_key(code.code)].append(code)
    found: list[Told] = []
    strange: list[StrangeCode] = []
    unsaid = 0
    for variants in by_code.values():
        name = variants[0].code
        text = _commonest_words(variants) if with_words else name
        rows = sum(variant.rows for variant in variants)
        if len(name) > LONGEST_CODE or (rows < RARE_ROWS and not _well_known(name, text)):
            unsaid += 1
            continue
        meaning = meaning_of(text)
        told = [
            Told(name, variant.suffix, surer, variant.rows)
            for variant in variants
            if variant.rows >= RARE_ROWS
            and (surer := _surer_with_suffix(text, variant, meaning)) is not None
        ]
        found += told
        rest = rows - sum(one.rows for one in told)
        if meaning is not None:
            found.append(Told(name, None, meaning, rest))
        elif rest:
            strange.append(StrangeCode(name, text if with_words else "", rest))
    return _grouped(found), tuple(strange), unsaid


def _surer_with_suffix(text: str, variant: Code, meaning: Meaning | None) -> Meaning | None:
    """Return what a code with its suffix means, where that is another thing and surer."""
    if not variant.suffix_words:
        return None
    both = meaning_of(f"{text} {variant.suffix_words}")
    if both is None or both.confidence < SURE_OF_SUFFIX:
        return None
    if meaning is not None and (both.nature, both.started_by) == (
        meaning.nature,
        meaning.started_by,
    ):
        return None
    return both


def _well_known(code: str, text: str) -> bool:
    """Tell whether our vocabulary knows each word, so that no name can be among them."""
    vocabulary = natures_vocabulary()
    known = vocabulary.completed(vocabulary.words(text or code))
    return all(word in vocabulary.known or word in vocabulary.fillers for word in known)


def _commonest_words(variants: Sequence[Code]) -> str:
    rows: dict[str, int] = defaultdict(int)
    for variant in variants:
        if variant.words:
            rows[variant.words] += variant.rows
    return max(rows, key=lambda words: (rows[words], words), default="")


def _grouped(found: Sequence[Told]) -> tuple[NatureGuess, ...]:
    """Put the codes of one meaning together, those with a suffix first, then the commonest."""
    groups: dict[tuple[str | None, str | None, StartedBy, int], list[Told]] = defaultdict(list)
    for told in found:
        band = 2 if told.meaning.confidence >= 0.85 else 1 if told.meaning.confidence >= 0.7 else 0
        key = (told.suffix, told.meaning.nature, told.meaning.started_by, band)
        groups[key].append(told)
    guesses = [
        NatureGuess(
            codes=tuple(told.code for told in members),
            suffixes=None if suffix is None else (suffix,),
            sources=None,
            nature=nature,
            started_by=started_by,
            confidence=min(told.meaning.confidence for told in members),
            because=_because([told.meaning for told in members]),
            rows=sum(told.rows for told in members),
        )
        for (suffix, nature, started_by, _), members in groups.items()
    ]
    return tuple(sorted(guesses, key=lambda guess: (guess.suffixes is None, -guess.rows)))


def _because(meanings: Sequence[Meaning]) -> str:
    words = dict.fromkeys(" ".join(meaning.words).lower() for meaning in meanings)
    return f"Proposed from the words {', '.join(repr(word) for word in words)}; look at it."


def sources_of_officers(
    database: "duckdb.DuckDBPyConnection", column: int
) -> tuple[NatureGuess, ...]:
    """Return the entry for calls that came from officers, as the file itself says.

    A column that says yes or no is one about officers: "on view", "self initiated".
    """
    values = database.execute(f"""
SELECT trim(f{column}), count(*) FROM sample WHERE trim(f{column}) <> '' GROUP BY 1
ORDER BY 2 DESC LIMIT 100""").fetchall()
    yes = [value for value, _ in values if value.upper() in YES]
    said = yes if len(values) <= 3 and yes else [value for value, _ in values if _of_officer(value)]
    if not said:
        return ()
    rows = sum(count for value, count in values if value in said)
    return (
        NatureGuess(
            codes=(),
            suffixes=None,
            sources=tuple(said),
            nature=None,
            started_by=StartedBy.OFFICER,
            confidence=0.95,
            because="The file itself says that an officer started these.",
            rows=rows,
        ),
    )


def _of_officer(source: str) -> bool:
    match = natures_vocabulary().match(source)
    words = natures_vocabulary().words(source)
    return (match is not None and match.label == "officer") or words == ("OFFICER",)

"""Propose what a city's codes mean, from the city's own words for them."""

# ruff: noqa: S608 - nothing enters the SQL but our own names and numbers

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamplighter.history.describing.proposal import NatureGuess, StrangeCode
from lamplighter.history.describing.words import Match, natures_vocabulary
from lamplighter.history.layout import StartedBy, as_key

if TYPE_CHECKING:
    import duckdb

LEAST = 0.5  # below this nobody can tell
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
class Code:
    """A code, its suffix and the commonest words for it, with how many rows have it."""

    code: str
    suffix: str
    words: str
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
    database: "duckdb.DuckDBPyConnection", code: int, suffix: int | None, words: int | None
) -> list[Code]:
    """Return the codes of the sample, the commonest first, each with its commonest words."""
    suffix_text = f"coalesce(trim(f{suffix}), '')" if suffix is not None else "''"
    words_text = f"coalesce(trim(f{words}), '')" if words is not None else "''"
    rows = database.execute(f"""
WITH words AS (
    SELECT trim(f{code}) AS code, {suffix_text} AS suffix, {words_text} AS words, count(*) AS rows
    FROM sample WHERE trim(f{code}) <> '' GROUP BY ALL
)
SELECT code, suffix, first(words ORDER BY (words <> '')::INTEGER * rows DESC, words), sum(rows)
FROM words GROUP BY code, suffix ORDER BY 4 DESC, 1, 2 LIMIT {MOST_CODES}""").fetchall()
    return [Code(one, two, three, int(count)) for one, two, three, count in rows]


def propose(
    codes: Sequence[Code], *, with_words: bool
) -> tuple[tuple[NatureGuess, ...], tuple[StrangeCode, ...], int]:
    """Return what the codes mean, those of which nobody can tell, and how many are left unsaid.

    A code that is seen once or twice and that our words do not know may be a note with a name in
    it, so it is counted and not shown. Where all suffixes of a code mean the same, the code alone
    is proposed.
    """
    by_code: dict[str, list[Code]] = defaultdict(list)
    for code in codes:
        by_code[as_key(code.code)].append(code)
    found: dict[tuple[str, tuple[str, ...]], tuple[Meaning, int]] = {}
    strange: list[StrangeCode] = []
    unsaid = 0
    for key, variants in by_code.items():
        rows = sum(variant.rows for variant in variants)
        common = _commonest_words(variants)
        meaning = meaning_of(common if with_words else variants[0].code)
        if len(variants[0].code) > LONGEST_CODE or (
            rows < RARE_ROWS and not _well_known(variants[0].code, common, with_words)
        ):
            unsaid += 1
        elif meaning is None:
            strange.append(StrangeCode(variants[0].code, common, rows))
        else:
            found[key, ()] = (meaning, rows)
    return _grouped(found, by_code), tuple(strange), unsaid


def _well_known(code: str, words: str, with_words: bool) -> bool:
    """Tell whether our vocabulary knows each word, so that no name can be among them."""
    vocabulary = natures_vocabulary()
    text = words if with_words and words else code
    known = vocabulary.completed(vocabulary.words(text))
    return all(word in vocabulary.known or word in vocabulary.fillers for word in known)


def _commonest_words(variants: Sequence[Code]) -> str:
    rows: dict[str, int] = defaultdict(int)
    for variant in variants:
        if variant.words:
            rows[variant.words] += variant.rows
    return max(rows, key=lambda words: (rows[words], words), default="")


def _grouped(
    found: Mapping[tuple[str, tuple[str, ...]], tuple[Meaning, int]],
    by_code: Mapping[str, Sequence[Code]],
) -> tuple[NatureGuess, ...]:
    """Put the codes of one meaning together, the surest and commonest first."""
    groups: dict[tuple[str | None, StartedBy, int], list[tuple[str, Meaning, int]]] = defaultdict(
        list
    )
    for (key, _), (meaning, rows) in found.items():
        band = 2 if meaning.confidence >= 0.85 else 1 if meaning.confidence >= 0.7 else 0
        groups[meaning.nature, meaning.started_by, band].append((key, meaning, rows))
    guesses = [
        NatureGuess(
            codes=tuple(by_code[key][0].code for key, _, _ in members),
            suffixes=None,
            sources=None,
            nature=nature,
            started_by=started_by,
            confidence=min(meaning.confidence for _, meaning, _ in members),
            because=_because(members),
            rows=sum(rows for _, _, rows in members),
        )
        for (nature, started_by, _), members in groups.items()
    ]
    return tuple(sorted(guesses, key=lambda guess: -guess.rows))


def _because(members: Sequence[tuple[str, Meaning, int]]) -> str:
    words = dict.fromkeys(" ".join(meaning.words).lower() for _, meaning, _ in members)
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

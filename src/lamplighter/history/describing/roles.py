"""Say which column of a sample holds what, from its name, its values and its neighbours."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamplighter.history.describing.columns import Column
from lamplighter.history.describing.proposal import ColumnGuess
from lamplighter.history.describing.relations import lies_together, told_by, told_by_itself
from lamplighter.history.describing.words import natures_vocabulary
from lamplighter.history.layout import TIME_FIELDS

if TYPE_CHECKING:
    import duckdb

LEAST = 0.35  # what is less sure is left to the person who edits
WITHOUT_NAME = 0.75  # what values alone can tell at most
AGAINST_ITS_NAME = 0.5  # what they can tell of a column whose name says something else
LEAST_NATURES = 5
MOST_CODES_READ = 400
MOST_AREAS = 2_000
MOST_PRIORITIES, MOST_NAMED_PRIORITIES = 25, 60
NAMES_ANOTHER = 0.7
HIGHEST_HOUSE_NUMBER = 100_000
MOST_PARTS_OF_ADDRESS = 4
NAMES_CODES, TOLD, MOSTLY_WORDS, LONGEST_SHORT_CODE = 0.85, 0.9, 0.2, 12
OFTEN_AN_ID = 0.8  # a number that many calls do not have is that of a report
ONLY_BY_NAME = ("nature suffix", "disposition words")

# How calls end, as dispatchers write it; enough to know such a column, not to understand it.
ENDINGS = re.compile(
    r"\b(?:ADVIS|REPORT|ARREST|GOA|GONE|UTL|UNABLE|LOCATE|CLEAR|UNFOUND|CANCEL|COMPLET|WARN|CITATION"
    r"|CITED|NO ACTION|NO RESPONSE|FALSE|DISREGARD|REFERR|TRANSPORTED|ASSISTED|SETTLED|HANDLED"
    r"|SERVICE|FILED|RESOLVED|DUPLICATE|NECESSARY|SECURE|NO POLICE|CLOSED|INVESTIGATED|DONE"
    r"|INFORMATION|PEACE RESTORED)",
    re.IGNORECASE,
)
_PRIORITY = re.compile(
    r"(?:P|PRI|PRIORITY|LEVEL|CODE)?[ -]?[0-9]{1,2}[A-Z]?|[A-E]|HIGH|LOW|MEDIUM|MED|EMERGENCY"
    r"|URGENT|ROUTINE|NON[- ]?EMERGENCY|IMMEDIATE|NORMAL|CRITICAL|ALTA|MEDIA|BAJA|CR[IÍ]TICA"
    r"|ALPHA|BRAVO|CHARLIE|DELTA|ECHO|OMEGA",
    re.IGNORECASE,
)
_UNIT = re.compile(r"(?=.*\d)[A-Z]{0,4}[- ]?\d{1,4}[A-Z]{0,3}\d{0,3}", re.IGNORECASE)
_ID = re.compile(r"(?=.*\d)[A-Z0-9][A-Z0-9#_:./-]{0,39}", re.IGNORECASE)
_SOURCE = re.compile(
    r"^(?:911|9-1-1|E-?911|W911|(?:TELE)?PHONE|ON[- ]?VIEW|OFFICER|SELF|RADIO|WALK|ALARM|FIELD"
    r"|ONLINE|TEXT|NON[- ]?EMERGENCY|OTHER|IN PERSON|CALL FOR SERVICE|CITIZEN|DISPATCHED"
    r"|POLICE \(9XX\))|INITIATED",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that may hold a field."""

    field: str
    column: Column
    confidence: float
    because: str


def guess_texts(
    database: "duckdb.DuckDBPyConnection", columns: Sequence[Column], *, with_coordinates: bool
) -> tuple[ColumnGuess, ...]:
    """Return guesses for all fields but times and coordinates; each column is taken once."""

    def together(column: Column) -> float:
        return lies_together(database, column.position) if with_coordinates else 0.0

    understood = {column.position: vocabulary_share(column) for column in columns}

    judges: dict[str, Callable[[Column], float]] = {
        "id": _like_id,
        "place": _like_place,
        "area": lambda column: _like_area(column, together),
        "priority": _like_priority,
        "nature": lambda column: _like_nature(column, understood[column.position]),
        "nature words": lambda column: understood[column.position] * (column.spaces > 0.05),
        "nature suffix": _like_suffix,
        "disposition": _like_disposition,
        "disposition words": _like_ending_words,
        "unit": _like_unit,
        "source": _like_source,
    }
    claims = [
        claim
        for field, judge in judges.items()
        for column in columns
        if (claim := _claim(field, column, judge)) is not None
    ]
    chosen: dict[str, tuple[Column, ColumnGuess]] = {}
    taken: set[int] = set()
    for claim in sorted(claims, key=lambda claim: -claim.confidence):
        if claim.field in chosen or claim.column.position in taken:
            continue
        guess = ColumnGuess(claim.field, (claim.column.name,), claim.confidence, claim.because)
        chosen[claim.field] = (claim.column, guess)
        taken.add(claim.column.position)
    _settle_unnamed(chosen, columns, taken, understood)
    _settle_codes(database, chosen, columns, taken)
    _settle_words(database, chosen, "nature", "nature words")
    _settle_words(database, chosen, "disposition", "disposition words")
    if "place" in chosen:
        chosen["place"] = _with_number(chosen["place"], columns, taken)
    return tuple(guess for _, guess in chosen.values())


def _claim(field: str, column: Column, judge: Callable[[Column], float]) -> Claim | None:
    """Weigh the name of a column against what stands in it."""
    if not column.filled or column.distinct < 1:
        return None
    name = column.named(field)
    if column.named("nothing") > name or (not name and field in ONLY_BY_NAME):
        return None
    content = judge(column)
    if name:
        # A name that means something else as well is worth less; but these are no times.
        rival = max(
            (
                sure
                for meaning, sure in column.meanings.items()
                if meaning not in (field, *TIME_FIELDS)
            ),
            default=0.0,
        )
        worth = name if name >= rival else name * 0.8
        confidence = worth * (0.35 + 0.65 * content)
        because = f"its name; its values fit by {_percent(content)}"
    else:
        another = max(column.meanings.values(), default=0.0)
        # How a call came may stand under any name; all else is where its name says.
        if another >= NAMES_ANOTHER and field != "source":
            return None
        confidence = content * WITHOUT_NAME * (0.7 if another and field != "source" else 1.0)
        because = "its values alone"
    if confidence < LEAST or content == 0:
        return None
    return Claim(field, column, round(confidence, 2), because)


def _settle_unnamed(
    chosen: dict[str, tuple[Column, ColumnGuess]],
    columns: Sequence[Column],
    taken: set[int],
    understood: Mapping[int, float],
) -> None:
    """Where no name leads to the nature, take the column whose words say what calls are about."""
    free = [column for column in columns if column.position not in taken]
    if "nature" in chosen or "nature words" in chosen or not free:
        return
    best = max(free, key=lambda column: understood[column.position])
    sure = round(understood[best.position] * AGAINST_ITS_NAME, 2)
    if best.distinct >= LEAST_NATURES and sure >= LEAST:
        because = "its values, against its name"
        chosen["nature"] = best, ColumnGuess("nature", (best.name,), sure, because)
        taken.add(best.position)


def _settle_codes(
    database: "duckdb.DuckDBPyConnection",
    chosen: dict[str, tuple[Column, ColumnGuess]],
    columns: Sequence[Column],
    taken: set[int],
) -> None:
    """Where words stand for the natures, take the column of their codes and keep them as words."""
    if "nature" not in chosen or "nature words" in chosen:
        return
    words, guess = chosen["nature"]
    for column in columns:
        if (
            words.spaces > MOSTLY_WORDS
            and column.position not in taken
            and column.named("nature") >= NAMES_CODES
            and 5 <= column.distinct <= MOST_CODES_READ
            and column.longest <= LONGEST_SHORT_CODE
            and told_by(database, column.position, words.position) > TOLD
            and told_by(database, words.position, column.position) > TOLD
        ):
            because = "its name; it says the same as the words"
            chosen["nature"] = column, ColumnGuess("nature", (column.name,), 0.85, because)
            chosen["nature words"] = words, guess
            taken.add(column.position)
            return


def _settle_words(
    database: "duckdb.DuckDBPyConnection",
    chosen: dict[str, tuple[Column, ColumnGuess]],
    code: str,
    words: str,
) -> None:
    """Keep a column of words only where it explains the codes; without codes it stands for them."""
    if words not in chosen:
        return
    column, guess = chosen[words]
    if code not in chosen:
        chosen[code] = (column, ColumnGuess(code, guess.columns, guess.confidence, guess.because))
        del chosen[words]
        return
    share = told_by(database, chosen[code][0].position, column.position)
    if share < 0.8:
        if code == "nature" and vocabulary_share(column) > vocabulary_share(chosen[code][0]) + 0.3:
            chosen[code] = (
                column,
                ColumnGuess(code, guess.columns, guess.confidence, guess.because),
            )
        del chosen[words]
        return
    if told_by_itself(database, chosen[code][0].position, column.position) > TOLD:
        del chosen[words]
        return
    because = f"each {code} has the same words in {_percent(share)} of its rows"
    chosen[words] = (
        column,
        ColumnGuess(words, guess.columns, round(max(guess.confidence, share * 0.9), 2), because),
    )


def _with_number(
    chosen: tuple[Column, ColumnGuess], columns: Sequence[Column], taken: set[int]
) -> tuple[Column, ColumnGuess]:
    """Put the column of the house or block number before that, or those, of the street.

    Direction, name and kind of the street may stand in columns of their own beside the number.
    """
    street, guess = chosen
    if street.digits > 0.8 and street.letters > 0.8:
        return chosen
    free = [column for column in columns if column.position not in taken or column is street]
    numbers = [
        column
        for column in free
        if column.named("place number") >= 0.8
        and column.named("nothing") < column.named("place number")
        and column.numbers > 0.9
        and column.high < HIGHEST_HOUSE_NUMBER
    ]
    streets = [
        column
        for column in free
        if column.named("place") >= 0.8
        and column.named("nothing") < column.named("place")
        and column.letters > 0.9
    ]
    if not numbers or not streets:
        return chosen
    number = numbers[0]
    beside = [column for column in streets if column.position > number.position]
    parts = [
        column
        for place, column in enumerate(beside[:MOST_PARTS_OF_ADDRESS], start=1)
        if column.position == number.position + place
    ]
    if len(parts) < 2:
        parts = [street if street in streets else streets[0]]
    taken |= {number.position, *(part.position for part in parts)}
    because = guess.because + "; the number stands in a column of its own"
    names = tuple(part.name for part in (number, *parts))
    return parts[0], ColumnGuess("place", names, guess.confidence, because)


def vocabulary_share(column: Column) -> float:
    """Return the share of the rows whose value our words for natures understand.

    Of a long list of values the commonest are read.
    """
    if column.letters < 0.3 or (column.distinct_share > 0.8 and column.filled > 50):
        return 0.0
    vocabulary = natures_vocabulary()
    values = column.values[:MOST_CODES_READ]
    rows = sum(count for _, count in values) or 1
    return (
        sum(
            count
            for text, count in values
            if (match := vocabulary.match(text)) is not None and match.sureness >= 0.6
        )
        / rows
    )


def _like_id(column: Column) -> float:
    if column.time or column.decimals > 0.05 or column.spaces > 0.05:
        return 0.0
    if _share(column, _ID) < 0.9 or column.filled < OFTEN_AN_ID * column.rows:
        return 0.0
    share = column.distinct_share
    return 1.0 if share > 0.98 else 0.85 if share > 0.8 else 0.6 if share > 0.3 else 0.0


def _like_place(column: Column) -> float:
    if column.time or (column.numbers > 0.9 and column.decimals > 0):
        return 0.0
    if column.numbers > 0.9:
        return 0.3 if column.named("place number") >= 0.8 else 0.0
    if column.letters < 0.6 or column.distinct < min(10, column.filled / 20):
        return 0.0
    return max(column.streets, 0.3 if column.spaces > 0.5 else 0.0)


def _like_area(column: Column, together: Callable[[Column], float]) -> float:
    if column.time or column.decimals > 0.02 or not 2 <= column.distinct <= MOST_AREAS:
        return 0.0
    if column.distinct_share > 0.3 or column.longest > 60:
        return 0.0
    return max(together(column), 0.75 if column.named("area") else 0.0)


def _like_priority(column: Column) -> float:
    most = MOST_NAMED_PRIORITIES if column.named("priority") >= 0.9 else MOST_PRIORITIES
    if column.time or not 2 <= column.distinct <= most:
        return 1.0 if column.named("priority") and column.distinct == 1 else 0.0
    fits = _share(column, _PRIORITY)
    return fits if column.named("priority") else fits * (0.75 if column.distinct <= 10 else 0.4)


def _like_nature(column: Column, understood: float) -> float:
    if column.time or (column.decimals > 0.05 and column.numbers > 0.9):
        return 0.0
    if column.distinct < 2 or column.distinct > 5_000:
        return 0.0
    if column.distinct_share > 0.5 and column.filled > 100:
        return 0.0
    named = column.named("nature")
    if not column.meanings and _is_short_words(column):
        return max(understood, 0.5)  # codes of letters, where nothing else is the nature
    if column.distinct < 5 or named < max(column.meanings.values(), default=0.0):
        return understood
    # Codes, or words that are none of ours, count for what the name says.
    if column.longest <= 12 and named >= 0.6:
        return max(understood, 0.85)
    return max(understood, 0.6 if column.longest <= 60 and named >= 0.85 else 0.0)


def _is_short_words(column: Column) -> bool:
    return (
        8 <= column.distinct <= MOST_CODES_READ
        and column.longest <= LONGEST_SHORT_CODE
        and column.letters > 0.95
        and column.digits < 0.3
        and column.spaces < 0.1
    )


def _like_suffix(column: Column) -> float:
    return 0.9 if column.longest <= 6 and column.distinct <= 200 and not column.time else 0.0


def _like_disposition(column: Column) -> float:
    if column.time or not 2 <= column.distinct <= 1_000:
        return 0.0
    endings = _share(column, ENDINGS, anywhere=True)
    is_code = column.longest <= 10 and column.distinct <= 300
    if is_code and column.named("disposition") >= 0.75:
        return max(endings, 0.85)
    return max(endings, 0.6 if column.named("disposition") >= 0.8 and column.longest <= 80 else 0.0)


def _like_ending_words(column: Column) -> float:
    if column.time or column.letters < 0.8 or not 2 <= column.distinct <= 1_000:
        return 0.0
    return max(0.6, _share(column, ENDINGS, anywhere=True))


def _like_unit(column: Column) -> float:
    if column.time or column.decimals > 0.02 or column.distinct < 3:
        return 0.0
    if column.distinct_share > 0.7 and column.filled > 200 and not column.named("unit"):
        return 0.0
    fits = _share(column, _UNIT)
    mixed = min(column.letters, column.digits)
    return fits if column.named("unit") else fits * mixed * (0.9 if column.distinct >= 20 else 0.5)


def _like_source(column: Column) -> float:
    if column.time or not 1 <= column.distinct <= 60:
        return 0.0
    said = _share(column, _SOURCE, anywhere=True)
    if not column.named("source"):
        return said if said > 0.95 and column.distinct >= 2 else 0.0
    is_yes_or_no = column.distinct <= 3 and column.longest <= 5
    return 0.9 if is_yes_or_no else max(0.6, said)


def _share(column: Column, test: re.Pattern[str], *, anywhere: bool = False) -> float:
    rows = sum(count for _, count in column.values) or 1
    find = test.search if anywhere else test.fullmatch
    return sum(count for text, count in column.values if find(text)) / rows


def _percent(share: float) -> str:
    return f"{share:.0%}"

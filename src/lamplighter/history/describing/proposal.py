"""A proposed layout: what each part is, how sure that is, and what was not understood."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from lamplighter.history.layout import Bounds, FileForm, StartedBy


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """Which columns make one of our fields; `because` says what that rests on."""

    field: str
    columns: tuple[str, ...]
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class Guess:
    """How sure one part of the layout is, and what that rests on."""

    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class NatureGuess:
    """What codes of the city mean by their words; `rows` are those of the sample."""

    codes: tuple[str, ...]
    suffixes: tuple[str, ...] | None
    sources: tuple[str, ...] | None
    nature: str | None
    started_by: StartedBy
    confidence: float
    because: str
    rows: int


@dataclass(frozen=True, slots=True)
class StrangeCode:
    """A code of which nobody can tell from its words what it means."""

    code: str
    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A layout that is proposed for a file, part by part.

    A confidence is between 0 and 1: an ordering by what the part rests on, not a measured rate.
    `time_zone` is None where nothing in the file tells it. `rows` were looked at, and `whole` tells
    whether these are all that the file has.
    """

    file: str
    kind: str
    form: FileForm
    rows: int
    whole: bool
    columns: tuple[ColumnGuess, ...]
    unused: tuple[str, ...]
    time_formats: tuple[str, ...]
    time_formats_guess: Guess
    time_zone: str | None
    time_zone_guess: Guess
    city: str | None
    other_encodings: tuple[str, ...]
    never: tuple[date, ...]
    bounds: Bounds | None
    bounds_guess: Guess
    natures: tuple[NatureGuess, ...]
    strange_codes: tuple[StrangeCode, ...]
    rare_codes: int
    code_rows: int
    not_understood: tuple[str, ...]
    rows_joined: bool = False

    def column(self, field: str) -> tuple[str, ...]:
        """Return the columns proposed for one of our fields; none where there are none."""
        return next((guess.columns for guess in self.columns if guess.field == field), ())

    @property
    def explained_rows(self) -> int:
        """Rows of the sample whose code has a proposal."""
        return sum(guess.rows for guess in self.natures if guess.codes)

    def to_dict(self) -> Mapping[str, Any]:
        """Return the proposal ready for JSON."""
        content = asdict(self)
        content["never"] = [day.isoformat() for day in self.never]
        return content | {"explained_rows": self.explained_rows}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Proposal":
        """Return the proposal that `to_dict` made this of, be it through JSON."""
        bounds = content["bounds"]
        parts = {name: content[name] for name in cls.__slots__ if name in content}
        return cls(
            **parts
            | {name: tuple(content[name]) for name in _LISTS}
            | {
                "form": FileForm(**content["form"]),
                "columns": tuple(
                    ColumnGuess(**one | {"columns": tuple(one["columns"])})
                    for one in content["columns"]
                ),
                "time_formats_guess": Guess(**content["time_formats_guess"]),
                "time_zone_guess": Guess(**content["time_zone_guess"]),
                "never": tuple(date.fromisoformat(day) for day in content["never"]),
                "bounds": None if bounds is None else Bounds(**bounds),
                "bounds_guess": Guess(**content["bounds_guess"]),
                "natures": tuple(_nature_from(one) for one in content["natures"]),
                "strange_codes": tuple(StrangeCode(**one) for one in content["strange_codes"]),
            }
        )


_LISTS = ("unused", "time_formats", "other_encodings", "not_understood")


def _nature_from(content: Mapping[str, Any]) -> NatureGuess:
    lists = {
        name: None if content[name] is None else tuple(content[name])
        for name in ("codes", "suffixes", "sources")
    }
    return NatureGuess(**{**content, **lists, "started_by": StartedBy(content["started_by"])})

"""What can be wrong with a policy, with the facts of a call, or with a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lamplighter.policy.sentences import Said, nearest

# What stands before a place, in English and in Spanish.
_LINE, _COLUMN = ("line", "línea"), ("column", "columna")
_NAMED = (("table", "tabla"), ("rule", "regla"), ("cell", "celda"), ("promise", "promesa"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a policy file.

    Lines and columns count from 1; line 0 means the file as a whole, column 0 the whole line.
    `said` has the message in both languages, where there is one.
    """

    message: str
    file: str
    line: int
    column: int
    table: str | None = None
    rule: str | None = None
    cell: str | None = None
    promise: str | None = None
    said: Said | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: str) -> str:
        """The place and what is wrong there, as one sentence; English where there is no other."""
        spanish = language.startswith("es")
        places = [self.file] if self.file else []
        places += self.places(spanish)
        names = (self.table, self.rule, self.cell, self.promise)
        places += [
            f"{words[spanish]} {name}" for words, name in zip(_NAMED, names, strict=True) if name
        ]
        message = self.message if self.said is None else self.said.in_language(language)
        return sentence(f"{', '.join(places)}: {message}" if places else message)

    def places(self, spanish: bool) -> list[str]:
        """Where in the file it is, as far as that is known."""
        numbers = ((_LINE, self.line), (_COLUMN, self.column if self.line else 0))
        return [f"{words[spanish]} {number}" for words, number in numbers if number]


class PolicyError(ValueError):
    """The policy cannot be used; `problems` has everything that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FactError(ValueError):
    """A fact that the policy does not know, or a value outside its domain; one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class DecisionError(ValueError):
    """The tables give no answer for these facts, or more than one; one sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class ProofError(RuntimeError):
    """The solver gave up: nothing is proved, and nothing is refuted; one sentence, `said`."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(sentence(str(said)))


def sentence(text: str) -> str:
    """The text with the stop that ends it."""
    return text if text.endswith((".", "?", "…")) else f"{text}."


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The end of a sentence about a misspelt word: the nearest known one, or all of them."""
    return str(nearest(word, known))

"""What can be wrong with a team file."""

from __future__ import annotations

from collections.abc import Sequence

from lamplighter.policy.errors import Problem


class TeamsError(ValueError):
    """A team file that cannot be used; `problems` has one sentence for each mistake, in English."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.found = tuple(found)
        self.problems = self.in_language("en")
        super().__init__("\n".join(self.problems))

    def in_language(self, language: str) -> tuple[str, ...]:
        """The sentences in a language (`en`, `es`)."""
        return tuple(problem.in_language(language) for problem in self.found)

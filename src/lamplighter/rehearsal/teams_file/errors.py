"""What can be wrong with a team file."""

from __future__ import annotations


class TeamsError(ValueError):
    """A team file that cannot be used; `problems` has one sentence for each mistake."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

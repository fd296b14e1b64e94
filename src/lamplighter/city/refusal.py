"""The one error that people see: a code for programs, a sentence for people."""

from typing import Any


class Refusal(Exception):
    """An act that was not done, and why.

    `code` is stable and for programs; `sentence` is translated and says what was wrong, where, and
    what to do; `field` names the input it belongs to, if any. The sentence never repeats what a
    person told us.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        field: str | None = None,
        status: int = 400,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = str(sentence)
        self.field = field
        self.status = status
        self.data = data or {}

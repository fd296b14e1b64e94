"""Log lines that say what failed and where, never what a person told us."""

import logging
import traceback
from types import TracebackType


class PrivateFormatter(logging.Formatter):
    """Writes an error's type and its place in the code, and leaves out its message.

    A message may hold what somebody said: PostgreSQL puts the whole row into the text of a broken
    constraint. Our own errors carry a code, which is kept.
    """

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        error = ei[1]
        if error is None:
            return ""
        return "\n".join(_lines(error))


def _lines(error: BaseException) -> list[str]:
    """The error that came first, then those that it led to, each with its places in the code."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_lines(cause), "which led to"] if cause is not None else []
    for place in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {place.filename}, line {place.lineno}, in {place.name}")
    code = getattr(error, "code", None) or getattr(error, "sqlstate", None)
    lines.append(f"{type(error).__module__}.{type(error).__qualname__} {code or ''}".strip())
    return lines

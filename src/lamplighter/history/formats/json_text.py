"""Walk through JSON text of any length, a record at a time."""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

LONGEST_VALUE = 8 << 20
LONGEST_TEXT = 1 << 16
RECORD_KEYS = ("features", "data", "records", "results", "rows", "items", "value", "result")
SEPARATOR = re.compile(r"[\s,]*")
_BLANK = re.compile(r"\s*")
_NEXT_RECORD = re.compile(r"[,\[\n]\s*(?=[{\[])")

_decode = json.JSONDecoder().raw_decode


class JsonText:
    """JSON text that is read as far as is needed.

    `end` is set where there is no more.
    """

    def __init__(self, pieces: Iterator[bytes], errors: str = "replace") -> None:
        self._pieces = pieces
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors)
        self.text = ""
        self.position = 0
        self.end = False
        self.undecodable = 0
        self.more()

    def more(self) -> bool:
        """Read on; return whether there was more."""
        if self.end:
            return False
        found: list[str] = []
        size = 0
        while size < 1 << 20:
            piece = next(self._pieces, None)
            text = self._decoder.decode(piece or b"", final=piece is None)
            self.undecodable += text.count("\ufffd")
            found.append(text)
            size += len(text)
            if piece is None:
                self.end = True
                break
        self.text = self.text[self.position :] + "".join(found)
        self.position = 0
        return True

    def sign(self, skip: re.Pattern[str] = _BLANK) -> str:
        """Return the next sign that is no space; empty at the end."""
        while True:
            found = skip.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.more():
                return ""

    def take(self) -> None:
        """Go past one sign."""
        self.position += 1

    def value(self) -> Any:
        """Return the value that stands here and go past it; see `value_and_text`."""
        return self.value_and_text()[0]

    def value_and_text(self) -> tuple[Any, str]:
        """Return the value that stands here, and how it is written, and go past it.

        Raises JSONDecodeError where there is none; the position then stays.
        """
        self.sign()
        while True:
            try:
                value, end = _decode(self.text, self.position)
            except RecursionError as error:
                raise json.JSONDecodeError("nested too deep", "", 0) from error
            except json.JSONDecodeError as error:
                # Far from the end of what is read, more of it would not mend the value.
                is_broken = len(self.text) - error.pos > LONGEST_TEXT
                if is_broken or len(self.text) - self.position > LONGEST_VALUE or not self.more():
                    raise
                continue
            if end == len(self.text) and self.more():  # a number may go on
                continue
            text = self.text[self.position : end]
            self.position = end
            return value, text

    def to_next_record(self) -> bool:
        """Go to what looks like the start of the next record; return whether there is one."""
        self.position += 1
        while True:
            found = _NEXT_RECORD.search(self.text, self.position)
            if found:
                self.position = found.end()
                return True
            if not self.more():
                self.position = len(self.text)
                return False


def find_records(text: JsonText) -> dict[str, Any] | None:
    """Go to the first record of a JSON file; return what the file says of itself before it.

    None means that there is no list of records in it; then the object that stands there was read.
    """
    about: dict[str, Any] = {}
    if text.sign() == "[":
        text.take()
        return about
    if text.sign() != "{":
        return None
    text.take()
    while text.sign(SEPARATOR) not in ("}", ""):
        key = text.value()
        if text.sign() != ":":
            return None
        text.take()
        opening = text.sign()
        if key in RECORD_KEYS and opening == "[":
            text.take()
            return about
        if key in RECORD_KEYS and opening == "{":
            text.take()
            continue
        about[str(key)] = text.value()
    return None


def is_json_lines(start: str) -> bool:
    """Tell whether a text starts with one whole object a line.

    >>> is_json_lines('{"id": 1}\\n{"id": 2}\\n'), is_json_lines('{"data": [1,\\n2]}')
    (True, False)
    """
    try:
        value, end = _decode(start, 0)
    except (json.JSONDecodeError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    following = start[end:].lstrip()
    return following.startswith("{") or (not following and not holds_records(value))


def holds_records(value: dict[str, Any]) -> bool:
    """Tell whether an object is a wrapper of records, or of an error message."""
    return "error" in value or any(isinstance(value.get(key), list | dict) for key in RECORD_KEYS)


def records_after_a_cut(text: str, like: Sequence[str] | int) -> Iterator[tuple[Any, str]]:
    """Yield the whole records of a piece out of the middle of a file, with their text.

    What it starts with may be half a record; a record is known by its keys, or by its length where
    records are lists.
    """
    position = 0
    while found := _NEXT_RECORD.search(text, position):
        start = found.end()
        while start < len(text):
            try:
                value, end = _decode(text, start)
            except (json.JSONDecodeError, RecursionError):
                break
            if not is_like(value, like):
                break
            yield value, text[start:end]
            gap = SEPARATOR.match(text, end)
            start = gap.end() if gap else end
        position = max(start, found.end())


def is_like(value: Any, like: Sequence[str] | int) -> bool:
    """Tell whether a value is a record such as those of the file."""
    if isinstance(like, int):
        return isinstance(value, list) and len(value) == like
    return isinstance(value, dict) and 2 * len(set(value) & set(like)) >= len(like)

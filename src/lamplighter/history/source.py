"""Read any bytes as lines of UTF-8: gzip, UTF-16, odd line ends, mixed encodings."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from lamplighter.history.unpacked import Packing, Progress, Unpacked

SAMPLE_PIECES = 24
CHUNK_BYTES = 8 << 20
LONGEST_LINE_BYTES = 1 << 20

# What a byte-order mark becomes when somebody reads UTF-8 as cp1252 and saves it again.
MARKS = "\ufeffï»¿"


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines in UTF-8, each ended by a line feed, and the number of the first."""

    data: bytes
    first: int
    count: int


class CallFile:
    """A call file as lines; what had to be mended on the way is counted here.

    `undecodable` counts lines with characters that no encoding could read, `recoded` those that
    were in another encoding than UTF-8; `cut_short` tells that compressed data ended too early.
    """

    def __init__(
        self, path: Path, other_encodings: Sequence[str], progress: Progress | None = None
    ) -> None:
        self.path = path
        self.other_encodings = tuple(other_encodings)
        self.recoded = 0
        self.undecodable = 0
        self._unpacked = Unpacked(path, progress)
        self._pieces = self._unpacked.pieces

    @property
    def cut_short(self) -> bool:
        """Whether compressed data ended or broke too early."""
        return self._unpacked.cut_short

    def lines(self) -> Iterator[Lines]:
        """Yield the lines of the file, some megabytes at a time.

        A line longer than a megabyte is no call: it is broken up, so that memory stays bounded.
        """
        first = 1
        rest = b""
        pieces: list[bytes] = []
        size = 0
        for piece in self._unix_lines():
            pieces.append(piece)
            size += len(piece)
            if size < CHUNK_BYTES:
                continue
            data = b"".join([rest, *pieces])
            cut = data.rfind(b"\n") + 1
            whole, rest = data[:cut], data[cut:]
            pieces, size = [], 0
            if len(rest) > LONGEST_LINE_BYTES:
                whole, rest = data + b"\n", b""
            if whole:
                chunk = self._in_utf8(whole, first)
                first += chunk.count
                yield chunk
        data = b"".join([rest, *pieces])
        if data:
            yield self._in_utf8(data if data.endswith(b"\n") else data + b"\n", first)

    def some_lines(self, most_bytes: int) -> tuple[list[Lines], bool]:
        """Return lines of some megabytes, and whether these are all.

        Of a file that is not compressed they come from its start and from all over it, else from
        its start alone, since nobody can jump into the middle of compressed data.
        """
        size = self.path.stat().st_size
        if size <= most_bytes or self._unpacked.packing is not Packing.NONE or self._is_utf16():
            chunks, total = [], 0
            for chunk in self.lines():
                chunks.append(chunk)
                total += len(chunk.data)
                if total > most_bytes:
                    return chunks, False
            return chunks, True
        each = most_bytes // (SAMPLE_PIECES + 1)
        chunks = list(self._lines_at(0, 2 * each))
        for number in range(1, SAMPLE_PIECES):
            chunks += self._lines_at(2 * each + number * (size - 3 * each) // SAMPLE_PIECES, each)
        return chunks, False

    def _lines_at(self, start: int, length: int) -> Iterator[Lines]:
        """Yield the whole lines of a part of the file."""
        with self.path.open("rb") as file:
            file.seek(start)
            data = file.read(length)
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if start:
            data = data[data.find(b"\n") + 1 :]
        if whole := data[: data.rfind(b"\n") + 1]:
            yield self._in_utf8(whole, 1)

    def _is_utf16(self) -> bool:
        with self.path.open("rb") as file:
            return file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

    def _unix_lines(self) -> Iterator[bytes]:
        """Yield the text with every line end, also a lone carriage return, as a line feed."""
        held = b""
        for piece in self._utf8_or_unknown():
            data = held + piece
            # A carriage return at the end may be the first half of a line end.
            held = b"\r" if data.endswith(b"\r") else b""
            data = data[: len(data) - len(held)]
            if b"\r" in data:
                data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            yield data
        if held:
            yield b"\n"

    def _utf8_or_unknown(self) -> Iterator[bytes]:
        """Turn UTF-16, which its byte-order mark gives away, into UTF-8; leave all else alone."""
        pieces = self._pieces()
        start = b""
        while len(start) < 2 and (piece := next(pieces, b"")):
            start += piece
        if not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from chain([start], pieces)
            return
        decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
        for piece in chain([start], pieces):
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()

    def _in_utf8(self, data: bytes, first: int) -> Lines:
        if b"\0" in data or not _is_utf8(data):
            # Line by line, since files are joined from parts that were saved differently.
            lines = data.split(b"\n")
            data = b"\n".join(self._line_in_utf8(line) for line in lines)
        if codecs.BOM_UTF8 in data:  # also in the middle, where files were joined
            data = data.replace(codecs.BOM_UTF8, b"")
        return Lines(data, first, data.count(b"\n"))

    def _line_in_utf8(self, line: bytes) -> bytes:
        if b"\0" in line:
            self.undecodable += 1
            line = line.replace(b"\0", b"")
        if _is_utf8(line):
            return line
        for encoding in self.other_encodings:
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            self.recoded += 1
            return _one_line(text)
        self.undecodable += 1
        return _one_line(line.decode("utf-8", errors="replace"))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _one_line(text: str) -> bytes:
    """Encode a line; an encoding may hold a line end where its bytes had none."""
    return text.replace("\r", " ").replace("\n", " ").encode(errors="replace")

"""Read any bytes as lines of UTF-8: gzip, UTF-16, odd line ends, mixed encodings."""

import codecs
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

READ_BYTES = 1 << 18
CHUNK_BYTES = 8 << 20
LONGEST_LINE_BYTES = 1 << 20

# What a byte-order mark becomes when somebody reads UTF-8 as cp1252 and saves it again.
MARKS = "\ufeffï»¿"

Progress = Callable[[int, int], None]


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
        self.progress = progress
        self.recoded = 0
        self.undecodable = 0
        self.cut_short = False

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
        pieces = self._uncompressed()
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

    def _uncompressed(self) -> Iterator[bytes]:
        total = self.path.stat().st_size
        with self.path.open("rb") as file:
            compressed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            for piece in self._unzipped(file) if compressed else iter(lambda: _read(file), b""):
                if self.progress:
                    self.progress(file.tell(), total)
                yield piece

    def _unzipped(self, file: BinaryIO) -> Iterator[bytes]:
        """Unpack gzip, keeping all that can be read when the file ends or breaks in the middle."""
        unzip = zlib.decompressobj(wbits=31)
        complete = True
        while packed := _read(file):
            while packed:
                complete = False
                try:
                    piece = unzip.decompress(packed, READ_BYTES)
                except zlib.error:
                    self.cut_short = True
                    return
                if piece:
                    yield piece
                packed = unzip.unconsumed_tail
                if unzip.eof:
                    packed = unzip.unused_data.lstrip(b"\0")
                    unzip = zlib.decompressobj(wbits=31)
                    complete = True
        if not complete:
            self.cut_short = True
            yield unzip.flush()

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


def _read(file: BinaryIO) -> bytes:
    return file.read(READ_BYTES)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _one_line(text: str) -> bytes:
    """Encode a line; an encoding may hold a line end where its bytes had none."""
    return text.replace("\r", " ").replace("\n", " ").encode(errors="replace")

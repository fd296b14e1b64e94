"""Read the bytes of a file, unpacked where it is gzip or Zstandard, whatever its name."""

import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

READ_BYTES = 1 << 18

Progress = Callable[[int, int], None]


class Packing(StrEnum):
    """How the bytes of a file are compressed."""

    NONE = ""
    GZIP = "gzip"
    ZSTD = "zstd"


MAGIC = {b"\x1f\x8b": Packing.GZIP, b"\x28\xb5\x2f\xfd": Packing.ZSTD}


def packing_of(path: Path) -> Packing:
    """Return how a file is compressed, told by its first bytes."""
    with path.open("rb") as file:
        start = file.read(4)
    return next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), Packing.NONE)


class Unpacked:
    """The bytes of a file; `cut_short` tells that compressed data ended or broke too early."""

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.path = path
        self.progress = progress
        self.packing = packing_of(path)
        self.cut_short = False

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes, all that can be read of them."""
        total = self.path.stat().st_size
        unpack = {
            Packing.NONE: _plain,
            Packing.GZIP: self._from_gzip,
            Packing.ZSTD: self._from_zstd,
        }[self.packing]
        with self.path.open("rb") as file:
            for piece in unpack(file):
                if self.progress:
                    self.progress(file.tell(), total)
                yield piece

    def copy_to(self, path: Path) -> None:
        """Write the unpacked bytes to a file, for readers that jump about in it."""
        with path.open("wb") as file:
            for piece in self.pieces():
                file.write(piece)

    def _from_gzip(self, file: BinaryIO) -> Iterator[bytes]:
        unzip = zlib.decompressobj(wbits=31)
        complete = True
        while packed := file.read(READ_BYTES):
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

    def _from_zstd(self, file: BinaryIO) -> Iterator[bytes]:
        import pyarrow as pa

        stream = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd")
        while True:
            try:
                piece = stream.read(READ_BYTES)
            except OSError:  # Arrow's word for a stream that ends or breaks in the middle
                self.cut_short = True
                return
            if not piece:
                return
            yield piece


def _plain(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(READ_BYTES), b"")

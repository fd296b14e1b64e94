"""As much of Thrift's compact protocol as the headers and the footer of a Parquet file take.

A value is its kind and what it holds: a number, bytes, a list of values, or a struct, which has
its values by the number of the field. See "Thrift compact protocol encoding" in the documentation
of Apache Thrift, and parquet.thrift in that of Apache Parquet for the numbers of fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Value: TypeAlias = tuple[int, Any]

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _STRUCT = *range(1, 10), 12
_DEEPEST = 16


class ThriftError(ValueError):
    """These bytes are no struct."""


def i32(number: int) -> Value:
    return _I32, number


def i64(number: int) -> Value:
    return _I64, number


def binary(text: bytes) -> Value:
    return _BINARY, text


def listing(values: Sequence[Value]) -> Value:
    """Values of one kind."""
    return _LIST, values


def struct(values: Mapping[int, Value]) -> Value:
    """Values by the number of the field."""
    return _STRUCT, values


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


def number_of(body: bytes) -> int:
    """The number that stands as a `varint` at the beginning of some bytes.

    Raises `ThriftError` where there is none.

    >>> number_of(varint(300))
    300
    """
    try:
        return _Reader(body).number()
    except IndexError:
        raise ThriftError from None


def written(value: Value) -> bytes:
    """A value as bytes.

    >>> written(struct({1: i32(5), 3: binary(b"x")})).hex()
    '150a28017800'
    """
    kind, held = value
    if kind in (_I16, _I32, _I64):
        return varint(held << 1 ^ held >> 63)
    if kind == _BINARY:
        return varint(len(held)) + bytes(held)
    if kind == _LIST:
        of, count = held[0][0] if held else _STRUCT, len(held)
        head = bytes([count << 4 | of]) if count < 15 else bytes([0xF0 | of]) + varint(count)
        return head + b"".join(written(one) for one in held)
    if kind == _STRUCT:
        found, last = [], 0
        for number, one in sorted(held.items()):
            found += [bytes([number - last << 4 | one[0]]), written(one)]
            last = number
        return b"".join([*found, b"\0"])
    # A truth value of a struct is its kind; all else is kept as bytes.
    return bytes(held)


def read(body: bytes) -> dict[int, Value]:
    """The struct at the beginning of some bytes, which may be damaged.

    Raises `ThriftError` where there is none.

    >>> read(written(struct({1: i32(-5), 3: listing([binary(b"x")])})))
    {1: (5, -5), 3: (9, [(8, b'x')])}
    """
    reader = _Reader(body)
    try:
        return reader.struct(0)
    except IndexError:
        raise ThriftError from None


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def struct(self, depth: int) -> dict[int, Value]:
        if depth > _DEEPEST:
            raise ThriftError
        found = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._signed()
            held = b"" if kind <= _FALSE else self._held(kind, depth)
            found[number] = kind, held
        return found

    def _held(self, kind: int, depth: int) -> Any:
        if kind in (_I32, _I64, _I16):
            return self._signed()
        if kind == _BINARY:
            return self._bytes(self.number())
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind == _LIST:
            head = self._byte()
            count, of = head >> 4, head & 15
            if count == 15:
                count = self.number()
            # Each value takes a byte or more.
            if count > len(self._body) - self._at or depth > _DEEPEST:
                raise ThriftError
            return [(of, self._held(of, depth + 1)) for _ in range(count)]
        if kind <= _BYTE or kind == _DOUBLE:
            return self._bytes(8 if kind == _DOUBLE else 1)
        raise ThriftError

    def _byte(self) -> int:
        self._at += 1
        return self._body[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        self._at += count
        if self._at > len(self._body):
            raise ThriftError
        return self._body[self._at - count : self._at]

    def number(self) -> int:
        number = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        raise ThriftError

    def _signed(self) -> int:
        number = self.number()
        return number >> 1 ^ -(number & 1)

"""Blocks of points: eight words at once, which a processor handles in a step or two.

A loop over eight words would take longer than what it does, and the compiler makes no steps of it
where it cannot see that its rows lie apart. So these operations are given to it as vectors. A row
is an array of `LANES` words in one piece.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # comes with numba, and has no types
from numba import types
from numba.extending import intrinsic

_vector: Any = intrinsic

# Words of a block.
LANES = 8

# What the operations tell, as bits.
TAKEN, LEFT = 1, 2

_WORD, _FLAGS = ir.IntType(64), ir.IntType(LANES)
_BLOCK = ir.VectorType(_WORD, LANES)
_NONE = ir.Constant(_BLOCK, [0] * LANES)
_ALIGNED = 8


@_vector  # type: ignore[untyped-decorator]
def take(_: Any, accepted: Any, rest: Any) -> Any:
    """Take the points that a rule accepts out of the rest; tells whether some were taken, and
    whether some are left."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        rows = _pointers(context, builder, signature, arguments)
        taken, left = _take(builder, *rows)
        return _told(builder, taken, left)

    return types.int64(accepted, rest), generate


@_vector  # type: ignore[untyped-decorator]
def take_into(_: Any, accepted: Any, rest: Any, hits: Any) -> Any:
    """As `take`, and add the points to the hits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        *rows, hits_ = _pointers(context, builder, signature, arguments)
        taken, left = _take(builder, *rows)
        more = builder.or_(builder.load(hits_, align=_ALIGNED), taken)
        builder.store(more, hits_, align=_ALIGNED)
        return _told(builder, taken, left)

    return types.int64(accepted, rest, hits), generate


@_vector  # type: ignore[untyped-decorator]
def move(_: Any, source: Any, target: Any) -> Any:
    """Put the points of one row into the other; tells whether there are some, as `TAKEN`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        one, other = _pointers(context, builder, signature, arguments)
        block = builder.load(one, align=_ALIGNED)
        builder.store(block, other, align=_ALIGNED)
        return _told(builder, block, _NONE)

    return types.int64(source, target), generate


def _pointers(context: Any, builder: Any, signature: Any, arguments: Any) -> list[Any]:
    return [
        builder.bitcast(context.make_array(kind)(context, builder, row).data, _BLOCK.as_pointer())
        for kind, row in zip(signature.args, arguments, strict=True)
    ]


def _take(builder: Any, accepted: Any, rest: Any) -> tuple[Any, Any]:
    before = builder.load(rest, align=_ALIGNED)
    taken = builder.and_(builder.load(accepted, align=_ALIGNED), before)
    left = builder.xor(before, taken)
    builder.store(left, rest, align=_ALIGNED)
    return taken, left


def _told(builder: Any, taken: Any, left: Any) -> Any:
    told = _WORD(0)
    for flag, block in ((TAKEN, taken), (LEFT, left)):
        words = builder.bitcast(builder.icmp_unsigned("!=", block, _NONE), _FLAGS)
        some = builder.zext(builder.icmp_unsigned("!=", words, _FLAGS(0)), _WORD)
        told = builder.or_(told, builder.mul(some, _WORD(flag)))
    return told

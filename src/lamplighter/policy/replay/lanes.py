"""Blocks of points: eight words at once, which a processor handles in a step or two.

A loop over eight words would take longer than what it does, and the compiler makes no steps of it
where it cannot see that its rows lie apart. So a block is a value of its own for it, a vector that
waits in a register. A row is an array of `LANES` words in one piece.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]  # it has no types
from numba import types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

# Words of a block.
LANES = 8

_WORD, _FLAGS = ir.IntType(64), ir.IntType(LANES)
_VECTOR = ir.VectorType(_WORD, LANES)
_NONE = ir.Constant(_VECTOR, [0] * LANES)
_ALIGNED = 8


class _Block(types.Type):
    """A block, for the compiler."""

    def __init__(self) -> None:
        super().__init__("Block")


_block = _Block()


@register_model(_Block)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _VECTOR)  # type: ignore[no-untyped-call]


def _pointer(context: Any, builder: Any, kind: Any, row: Any) -> Any:
    data = context.make_array(kind)(context, builder, row).data
    return builder.bitcast(data, _VECTOR.as_pointer())


def _load(_: Any, row: Any) -> Any:
    """The block that stands in a row."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], arguments[0])
        return builder.load(pointer, align=_ALIGNED)

    return _block(row), generate


def _store(_: Any, block: Any, row: Any) -> Any:
    """Put a block into a row."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[1], arguments[1])
        builder.store(arguments[0], pointer, align=_ALIGNED)
        return context.get_dummy_value()

    return types.void(block, row), generate


def _some(_: Any, block: Any) -> Any:
    """Whether a block has a point: 1 or 0."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        flags = builder.bitcast(builder.icmp_unsigned("!=", arguments[0], _NONE), _FLAGS)
        return builder.zext(builder.icmp_unsigned("!=", flags, _FLAGS(0)), _WORD)

    return types.uint64(block), generate


def _combined(combine: Callable[[Any, Any, Any], Any]) -> Any:
    """An operation on two blocks that gives a third one."""

    def typed(_: Any, one: Any, other: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return combine(builder, *arguments)

        return _block(one, other), generate

    return intrinsic(typed)


load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
some: Any = intrinsic(_some)
# The points of both; of one or of both; and those of just one of them.
both = _combined(lambda builder, one, other: builder.and_(one, other))
either = _combined(lambda builder, one, other: builder.or_(one, other))
apart = _combined(lambda builder, one, other: builder.xor(one, other))

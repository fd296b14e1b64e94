"""Times as their bits, compared in pairs without a branch that a processor could guess wrong.

Of two times that are not below zero the one with the lower bits is the earlier.
"""

from __future__ import annotations

from typing import Any

from numba import extending, types

from lamplighter.rehearsal.simulator.compiled import inlined

_numba: Any = extending
_types: Any = types


def _as(of: Any, to: Any) -> Any:
    def same_bits(_typing: Any, value: Any) -> Any:
        def cast(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            return builder.bitcast(values[0], context.get_value_type(to))

        return to(of), cast

    return _numba.intrinsic(same_bits)


# Compiled: the bits of a number as an integer, and the number of such bits.
bits_of: Any = _as(_types.float64, _types.int64)
number_of: Any = _as(_types.int64, _types.float64)


@inlined  # type: ignore[untyped-decorator]
def in_order(time: float) -> Any:
    """The bits of a time that is not below zero; those of -0.0 would come after all others."""
    return bits_of(time + 0.0)


def _pair(builder: Any, high: Any, low: Any) -> Any:
    wide = type(high.type)(128)
    return builder.or_(builder.shl(builder.zext(high, wide), wide(64)), builder.zext(low, wide))


def _sooner(_typing: Any, time: Any, code: Any, other_time: Any, other_code: Any) -> Any:
    def compare(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        first, second = _pair(builder, *values[:2]), _pair(builder, *values[2:])
        return builder.icmp_unsigned("<", first, second)

    one = types.int64
    return types.boolean(one, one, one, one), compare


# Compiled: whether the first time is the earlier, or of equals has the lower code.
sooner: Any = _numba.intrinsic(_sooner)

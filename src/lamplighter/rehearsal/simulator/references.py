"""Named tuples of arrays that the compiled parts hand on by their address.

numba hands on a named tuple as all the values in it, several for each array: some hundreds for a
plan and a state, copied wherever a part calls another. A reference is one address, from which a
part reads the fields that it needs. Its arrays are columns: they are indexed from their start
alone, so that no index is looked at for whether it counts from the end.
"""

from __future__ import annotations

import operator
from hashlib import sha256
from typing import Any

from numba import extending
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate

_numba: Any = extending  # What numba compiles is dynamic.
_types: Any = types
_llvm: Any = cgutils


class Reference(types.Type):
    """The type of the address of a named tuple."""

    def __init__(self, of: Any) -> None:
        self.of = of
        # A short name: numba names each compiled part after its types.
        super().__init__(name=f"Reference({sha256(str(of).encode()).hexdigest()[:16]})")


class Column(types.Array):
    """The type of an array of a reference."""

    def __init__(self, of: Any) -> None:
        self.of = of
        super().__init__(
            of.dtype, of.ndim, of.layout, readonly=not of.mutable, name=f"Column({of})"
        )


@_numba.register_model(Reference)
class _Address(extending.models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        address = manager.lookup(kind.of).get_value_type().as_pointer()
        super().__init__(manager, kind, address)  # type: ignore[no-untyped-call]


_numba.register_model(Column)(extending.models.ArrayModel)


@_numba.infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        found = kind.of.types[kind.of.fields.index(name)]
        return Column(found) if isinstance(found, types.Array) else found


@_numba.lower_getattr_generic(Reference)  # type: ignore[untyped-decorator]
def _read(_context: Any, builder: Any, kind: Reference, address: Any, name: str) -> Any:
    place = kind.of.fields.index(name)
    return builder.load(_llvm.gep_inbounds(builder, address, 0, place))


@_numba.lower_builtin(operator.getitem, Column, types.Integer)  # type: ignore[untyped-decorator]
@_numba.lower_builtin(operator.getitem, Column, types.BaseTuple)  # type: ignore[untyped-decorator]
@_numba.lower_builtin(operator.setitem, Column, types.Any, types.Any)  # type: ignore[untyped-decorator]
def _index(context: Any, builder: Any, signature: Any, values: Any) -> Any:
    column, index, *rest = signature.args
    one, many = types.uintp, isinstance(index, types.BaseTuple)
    unsigned = _types.UniTuple(one, len(index)) if many else one
    plain = type(signature)(signature.return_type, (column.of, unsigned, *rest), None)
    does = operator.setitem if rest else operator.getitem
    place = context.cast(builder, values[1], index, unsigned)
    return context.get_function(does, plain)(builder, (values[0], place, *values[2:]))


def _refer(_typing: Any, of: Any) -> Any:
    def address(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return _llvm.alloca_once_value(builder, values[0])

    return Reference(of)(of), address


# Compiled: the address of a named tuple, good until the function returns that asks for it.
refer: Any = _numba.intrinsic(_refer)

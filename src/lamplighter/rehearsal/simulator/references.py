"""Named tuples that the compiled parts hand on by their address.

numba hands on a named tuple as all the values in it, several for each array: some hundreds for a
plan and a state, copied wherever a part calls another. A reference is one address, from which a
part reads the fields that it needs.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from numba import extending
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate

_numba: Any = extending  # What numba compiles is dynamic.
_llvm: Any = cgutils


class Reference(types.Type):
    """The type of the address of a named tuple."""

    def __init__(self, of: Any) -> None:
        self.of = of
        # A short name: numba makes the name of each compiled part of those of its types.
        super().__init__(name=f"Reference({sha256(str(of).encode()).hexdigest()[:16]})")


@_numba.register_model(Reference)
class _Address(extending.models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Reference) -> None:
        address = manager.lookup(kind.of).get_value_type().as_pointer()
        super().__init__(manager, kind, address)  # type: ignore[no-untyped-call]


@_numba.infer_getattr
class _Fields(AttributeTemplate):
    key = Reference

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]
        return kind.of.types[kind.of.fields.index(name)]


@_numba.lower_getattr_generic(Reference)  # type: ignore[untyped-decorator]
def _read(_context: Any, builder: Any, kind: Reference, address: Any, name: str) -> Any:
    place = kind.of.fields.index(name)
    return builder.load(_llvm.gep_inbounds(builder, address, 0, place))


def _refer(_typing: Any, of: Any) -> Any:
    def address(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        return _llvm.alloca_once_value(builder, values[0])

    return Reference(of)(of), address


# Compiled: the address of a named tuple, good until the function returns that asks for it.
refer: Any = _numba.intrinsic(_refer)

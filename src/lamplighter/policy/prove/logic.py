"""And, or, not and equals, made straight through z3's C interface.

A policy of 400 rules is some thousands of these. z3's own Python functions check and convert
every argument, which takes longer than the proofs do; here all arguments are known to be
truths of one context.
"""

from __future__ import annotations

from collections.abc import Sequence

import z3

_CONTEXT = z3.main_ctx()
_REF = _CONTEXT.ref()
_BOOLEANS = z3.BoolSort()
FALSE = z3.BoolVal(False)
TRUE = z3.BoolVal(True)


def fresh() -> z3.BoolRef:
    """A truth that nothing is said about yet."""
    return z3.BoolRef(z3.Z3_mk_fresh_const(_REF, "truth", _BOOLEANS.ast), _CONTEXT)


def every(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """That all parts hold."""
    if len(parts) == 1:
        return parts[0]
    return z3.BoolRef(z3.Z3_mk_and(_REF, len(parts), _array(parts)), _CONTEXT)


def either(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """That at least one of the parts holds."""
    if len(parts) == 1:
        return parts[0]
    return z3.BoolRef(z3.Z3_mk_or(_REF, len(parts), _array(parts)), _CONTEXT)


def negated(part: z3.BoolRef) -> z3.BoolRef:
    """That the part does not hold."""
    return z3.BoolRef(z3.Z3_mk_not(_REF, part.ast), _CONTEXT)


def same(one: z3.ExprRef, other: z3.ExprRef) -> z3.BoolRef:
    """That two truths, or two numbers, are equal."""
    return z3.BoolRef(z3.Z3_mk_eq(_REF, one.ast, other.ast), _CONTEXT)


def equals(number: z3.BitVecRef, code: int) -> z3.BoolRef:
    """That a number is this one."""
    return z3.BoolRef(z3.Z3_mk_eq(_REF, number.ast, _value(number, code)), _CONTEXT)


def at_least(number: z3.BitVecRef, code: int) -> z3.BoolRef:
    """That a number is this one or more."""
    return z3.BoolRef(z3.Z3_mk_bvuge(_REF, number.ast, _value(number, code)), _CONTEXT)


def _value(number: z3.BitVecRef, code: int) -> object:
    return z3.Z3_mk_unsigned_int64(_REF, code, z3.Z3_get_sort(_REF, number.ast))


def assert_in(solver: z3.Solver, truth: z3.BoolRef) -> None:
    """Tell a solver that something holds."""
    z3.Z3_solver_assert(_REF, solver.solver, truth.ast)


def _array(parts: Sequence[z3.BoolRef]) -> object:
    return (z3.Ast * len(parts))(*[part.ast for part in parts])

"""Numbers of fewer than 64 bits, integers and truth values: a Python number beside an array of them does not widen it.

What NumPy computes of such arrays alone loses bits, overflows or wraps around, where beside a float of full width it
would not. So what we write takes them to a wider operand first. An unknown dtype is taken for that of a float.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Attribute, Const, Expr, Function, Global, Name, Stmt
from backprose.ir.types import Type
from backprose.ir.walk import expressions, operations, statements, subexpressions, targets

NARROW = ("float16", "float32", "complex64")
BITS = {"float16": 16, "float32": 32, "complex64": 32, "float64": 64, "complex128": 64}
# what reads the shape and dtype of its last operand, or copies it
OF_FORM = frozenset({"zeros_like", "unbroadcast", "as_gradient", "shape", "astype", "own", "copy", "full_like"})
INTEGERS = ("int", "uint", "bool")


def is_narrow(function: Function) -> bool:
    """Whether numbers of fewer than 64 bits are in it, as far as types say."""
    if any(parameter.type.dtype in NARROW for parameter in function.parameters):
        return True
    found = ((*expressions(stmt), *targets(stmt)) for stmt in statements(function.body))
    inside = (part for exprs in found for whole in exprs for part in subexpressions(whole))
    return any(type_of(part).dtype in NARROW for part in inside if isinstance(part, (Name, Global, Attribute)))


def computes_with_narrow(block: Iterable[Stmt]) -> bool:
    """Whether a product or a function is computed of numbers of fewer than 64 bits; not only their shape is read."""
    found = (part for part in _operations(block) if part.op not in OF_FORM)
    return any(type_of(arg).dtype in NARROW for part in found for arg in part.args)


def computes_with_discrete(block: Iterable[Stmt]) -> bool:
    """Whether a product is computed with integers or truth values of NumPy's."""
    found = (part for part in _operations(block) if part.op in ("multiply", "matmul", "dot"))
    return any(is_discrete(arg) for part in found for arg in part.args)


def _operations(block: Iterable[Stmt]) -> Iterator[Apply]:
    return (part for stmt in statements(block) for whole in expressions(stmt) for part in operations(whole))


def is_discrete(expr: Expr) -> bool:
    """Whether it is known to be an array or a scalar of NumPy's of integers or truth values."""
    return is_discrete_type(type_of(expr))


def unit(type: Type, block: Iterable[Stmt]) -> Expr:
    """The number 1 as the adjoint or tangent of a number: one of NumPy's where it meets arrays of fewer bits than that
    has, since the product of Python's 1.0 with one of them has as few bits."""
    wide = type.dtype not in NARROW and type.kind != "python" and type.is_complex is not True
    return Apply("float64", (Const(1.0),)) if wide and computes_with_narrow(block) else Const(1.0)


def has_unseen(expr: Expr) -> bool:
    """Whether nothing is known of the dtype of what may be an array."""
    type = type_of(expr)
    return type.dtype is None and type.kind in ("array", "numpy", "number", "unknown")


def is_discrete_type(type: Type) -> bool:
    return type.kind != "python" and type.dtype is not None and type.dtype.startswith(INTEGERS)


def has_negative(expr: Expr) -> bool:
    """Whether the negative of what this is the negative of is that: not of unsigned integers and truth values, and of
    few bits not of the least integer."""
    return not is_discrete(expr) or type_of(expr).dtype == "int64"


def is_full(expr: Expr) -> bool:
    """Whether it is known to be computed with 64 bits."""
    return bits(type_of(expr)) == 64


def bits(type: Type) -> int | None:
    """How wide the floats are: 0 of integers and truth values; None of what is not known, and of Python's numbers."""
    if type.kind == "python" or type.dtype is None:
        return None
    return BITS.get(type.dtype, 0 if type.dtype.startswith(INTEGERS) else 64)


def keeps(whole: Expr, part: Expr) -> bool:
    """Whether a part of a product, to be computed by itself, is as wide as the whole of it."""
    if isinstance(part, Apply) and all(bits(type_of(arg)) in (None, 64) for arg in part.args):
        return True
    found = bits(type_of(part))
    if found in (None, 64):
        return True
    wanted = bits(type_of(whole))
    return found != 0 and wanted is not None and found >= wanted


def same_dtype(wide: Expr, inner: Expr, other: Expr) -> bool:
    """Whether a product with ``inner`` in the place of ``wide``, its broadcast, has the same dtype."""
    if type_of(inner).kind != "python" or bits(type_of(other)) in (None, 64):
        return True
    return type_of(Apply("multiply", (wide, other))).dtype == type_of(Apply("multiply", (inner, other))).dtype

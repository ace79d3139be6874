"""Cotangents brought to the shape of what they belong to: broadcasting undone, zeros made."""

from __future__ import annotations

from backprose.ir.nodes import (
    Apply,
    Assign,
    Compare,
    Const,
    Expr,
    If,
    Name,
    Span,
    Stmt,
    Tuple,
)
from backprose.ir.types import Dim, Extent, Type


def zero(variable: Name) -> Expr:
    """The zero of a variable's adjoint."""
    if variable.type.shape == () and variable.type.kind != "array":
        return Const(0.0)
    return Apply("zeros_like", (variable,))


def as_array(variable: Name, bar: Name, span: Span | None) -> list[Stmt]:
    """What makes an adjoint or tangent, which a function is handed to write into, an array where it may be a number."""
    if variable.type.shape or variable.type.kind in ("list", "tuple"):
        return []
    change = Assign(bar, Apply("array", (Name(bar.id),)), span=span, ours=True)
    if variable.type.shape == ():
        return [change]
    return [If(Compare((Apply("ndim", (Name(bar.id),)), Const(0)), ("==",)), (change,), span=span, ours=True)]


def unbroadcast(cotangent: Expr, shape: Type, variable: Name) -> Expr:
    """``cotangent``, of the shape of ``shape``, summed over the axes along which ``variable`` was broadcast to it."""
    old, new = variable.type.shape, shape.shape
    if (old is not None and old == new) or (new == () and not old):
        return cotangent
    if old is None or new is None:
        return Apply("unbroadcast", (cotangent, variable))
    if old == ():
        return Apply("sum", (cotangent,))
    extra = len(new) - len(old)
    if extra < 0:  # a value with leading axes of length 1, written into a place without them
        return Apply("unbroadcast", (cotangent, variable))
    axes = [axis for axis, (was, now) in enumerate(zip(old, new[extra:], strict=False)) if was != now]
    if not all(_is_one(old[axis]) or _proved_equal(old[axis], new[extra + axis]) for axis in axes):
        return Apply("unbroadcast", (cotangent, variable))
    axes = [axis for axis in axes if _is_one(old[axis]) and not _is_one(new[extra + axis])]
    if extra:
        cotangent = Apply("sum", (cotangent,), (("axis", _axes(list(range(extra)))),))
    if axes:
        cotangent = Apply("sum", (cotangent,), (("axis", _axes(axes)), ("keepdims", Const(True))))
    return cotangent


def _is_one(extent: Dim) -> bool:
    return isinstance(extent, int) and extent == 1


def _proved_equal(old: Dim, new: Dim) -> bool:
    """An operand's axis that is not 1 has the extent of the result: else broadcasting had failed."""
    return old == new or (isinstance(old, Extent) and old.not_one) or (isinstance(old, int) and old != 1)


def _axes(axes: list[int]) -> Expr:
    return Const(axes[0]) if len(axes) == 1 else Tuple(tuple(map(Const, axes)))

"""Cotangents brought to the shape of what they belong to: broadcasting undone, zeros made."""

from __future__ import annotations

from dataclasses import replace

from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    Global,
    If,
    Name,
    Raise,
    Span,
    Stmt,
    Tuple,
)
from backprose.ir.types import Dim, Extent, Type
from backprose.ir.walk import VIEWS_IN_ORDER, bottom_up, map_block, statements, targets, whole_of


def zero(variable: Name) -> Expr:
    """The zero of a variable's adjoint."""
    if variable.type.shape == () and variable.type.kind != "array":
        return Const(0.0)
    return Apply("zeros_like", (variable,))


def in_order(array: Name, place: Expr, outside: bool, span: Span | None) -> list[Stmt]:
    """What makes the reshaped parts that a place of an adjoint or tangent goes through views, as the primal's are.

    The elements are put in the order that the primal's array has; an array of the caller's has to have them so.
    """
    made: list[Stmt] = []
    inner: Expr | None = place
    while inner is not None:
        whole = whole_of(inner)
        if isinstance(inner, Apply) and inner.op in VIEWS_IN_ORDER and whole is not None:
            reversed_ = isinstance(whole, Apply) and whole.op == "transpose" and whole.args == (array,)
            if not outside:
                change = Apply("asarray", (array,), (("order", Const("F" if reversed_ else "C")),))
                made.insert(0, Assign(array, change, span=span, ours=True))
            if outside or not (reversed_ or whole == array):
                made.append(_check_of_order(array, whole, span))
        inner = whole
    return made


def as_array(variable: Name, bar: Name, span: Span | None) -> list[Stmt]:
    """What makes an adjoint or tangent, which a function is handed to write into, an array where it may be a number."""
    if variable.type.shape or variable.type.kind in ("list", "tuple"):
        return []
    change = Assign(bar, Apply("array", (Name(bar.id),)), span=span, ours=True)
    if variable.type.shape == ():
        return [change]
    return [If(Compare((Apply("ndim", (Name(bar.id),)), Const(0)), ("==",)), (change,), span=span, ours=True)]


def needs_order(place: Expr) -> bool:
    """Whether a place goes through a reshaped array, which is a view only where the elements lie in order."""
    inner = whole_of(place)
    own = isinstance(place, Apply) and place.op in VIEWS_IN_ORDER
    return own or (inner is not None and needs_order(inner))


def with_order(functions: list[Function]) -> list[Function]:
    """The functions of a derivative with copies that keep the order of the elements, where reshaped arrays are written:
    in a copy whose elements lie otherwise the part that is written would be no view."""

    def kept(expr: Expr) -> Expr:
        own = isinstance(expr, Apply) and expr.op == "copy" and not expr.spelling and not expr.keywords
        if isinstance(expr, Apply) and own and isinstance(expr.args[0], Name):
            return replace(expr, keywords=(("order", Const("K")),), spelling="method:copy")
        return expr

    places = (place for function in functions for stmt in statements(function.body) for place in targets(stmt))
    if not any(map(needs_order, places)):
        return functions
    return [replace(one, body=map_block(one.body, lambda expr: bottom_up(expr, kept))) for one in functions]


def _check_of_order(array: Name, part: Expr, span: Span | None) -> Stmt:
    error = Call(Global("ValueError"), (Const(f"{array.id} is changed as a reshaped view, and is not in C order"),))
    ordered = Attribute(Attribute(part, "flags"), "c_contiguous")
    return If(Apply("not", (ordered,)), (Raise(error, span=span, ours=True),), span=span, ours=True)


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

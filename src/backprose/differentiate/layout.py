"""Memory layout: a reshaped array is a view where its elements lie in order, and else a copy.

The derivative works on copies of arrays that the primal writes into. Where the primal's meaning hangs on how the
elements lie, these have to lie as they did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.differentiate.places import WHOLE
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Logic,
    Name,
    Ours,
    Raise,
    Slice,
    Span,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.walk import (
    PLACES,
    VIEWS_IN_ORDER,
    bottom_up,
    expressions,
    kept,
    map_block,
    parts_of,
    statements,
    subexpressions,
    targets,
    whole_of,
    with_body,
)

IN_ORDER = frozenset({"expand_dims", "squeeze", "atleast_2d", *VIEWS_IN_ORDER})  # views that leave the order as it is


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
                made.append(_check_of_order(array, inner, whole, span))
        inner = whole
    return made


def needs_order(place: Expr) -> bool:
    """Whether a place goes through a reshaped array, which is a view only where the elements lie in order."""
    inner = whole_of(place)
    own = isinstance(place, Apply) and place.op in VIEWS_IN_ORDER
    return own or (inner is not None and needs_order(inner))


def with_order(functions: list[Function]) -> list[Function]:
    """The functions of a derivative with copies that keep the order of the elements, where reshaped arrays are written:
    in a copy whose elements lie otherwise the part that is written would be no view."""

    def in_order_kept(expr: Expr) -> Expr:
        own = isinstance(expr, Apply) and expr.op == "copy" and not expr.spelling and not expr.keywords
        if isinstance(expr, Apply) and own and isinstance(expr.args[0], Name):
            return replace(expr, keywords=(("order", Const("K")),), spelling="method:copy")
        return expr

    places = (place for function in functions for stmt in statements(function.body) for place in targets(stmt))
    if not any(map(needs_order, places)):
        return functions
    return [replace(one, body=map_block(one.body, lambda expr: bottom_up(expr, in_order_kept))) for one in functions]


def _check_of_order(array: Name, view: Apply, whole: Expr, span: Span | None) -> Stmt:
    """``view``: the reshaped array, ``whole``: what it is made of."""
    error = Call(Ours("ValueError"), (Const(f"{array.id} is changed as a reshaped view, and is not in C order"),))
    ordered = is_view(view, array) if reorders(whole) else Attribute(Attribute(whole, "flags"), "c_contiguous")
    return If(Apply("not", (ordered,)), (Raise(error, span=span, ours=True),), span=span, ours=True)


def is_view(reshaped: Expr, array: Expr) -> Expr:
    """The test whether a reshaped array is a view: one of no elements is taken for a copy, which it may be as well."""
    return Apply("may_share_memory", (reshaped, array))


def reorders(place: Expr) -> bool:
    """Whether the elements of a part of an array, which has its own in C order, lie otherwise for most shapes."""
    match place:
        case Subscript(value=value, index=index):
            return not _is_block(index) or reorders(value)
        case Apply(op=op, args=(array, *_)) if op in PLACES:
            return op not in IN_ORDER or reorders(array)
    return False


def _is_block(index: Expr) -> bool:
    """Whether an index takes elements that lie side by side: ``A[i, j]``, ``A[1:3]``, ``A[i, 1:, :]``."""
    entries = list(index.items if isinstance(index, Tuple) else (index,))
    while entries and not isinstance(entries[0], Slice) and entries[0] != Const(...):
        entries.pop(0)
    if entries and isinstance(entries[0], Slice) and entries[0].step is None:
        entries.pop(0)
    return all(entry in (WHOLE, Const(...), Const(None)) for entry in entries)


def with_known_layouts(functions: Sequence[Function]) -> tuple[Function, ...]:
    """The functions of a derivative, which copy an argument only where the copy lies in memory as the argument does,
    if one of them asks how an array lies there."""
    parts = [part for function in functions for part in parts_of(function.body)]
    if not any(map(_asks_layout, parts)):
        return tuple(functions)
    asked = {attr for function in functions for attr in _asked_by_the_primal(function)}
    ravels = any(isinstance(part, Apply) and part.op == "ravel" for part in parts)  # a copy, of one axis with gaps
    axes = 0 if ravels or asked & {"flags", "strides"} else 1
    owner = bool(asked & {"base", "owndata"})

    def checked(function: Function) -> Function:
        body: list[Stmt] = []
        for stmt in function.body:
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and _is_own_copy(stmt):
                body += _check_of_gaps(stmt.target, axes, owner)
            body.append(stmt)
        return with_body(function, kept(function.body, body))

    return tuple(map(checked, functions))


def _asks_layout(part: Expr) -> bool:
    asked = {"may_share_memory", "shares_memory"}
    return (isinstance(part, Attribute) and part.attr in ("flags", "strides", "base")) or (
        isinstance(part, Apply) and part.op in asked
    )


def _asked_by_the_primal(function: Function) -> Iterator[str]:
    """The attributes of arrays that statements read, but for checks of ours."""
    for stmt in statements(function.body):
        if isinstance(stmt, If) and stmt.body and isinstance(stmt.body[-1], Raise) and stmt.body[-1].ours:
            continue
        for part in (part for whole in expressions(stmt) for part in subexpressions(whole)):
            if isinstance(part, Attribute) and (part.attr == "owndata" or type_of(part.value).kind == "array"):
                yield part.attr


def _is_own_copy(stmt: Assign) -> bool:
    return stmt.ours and isinstance(stmt.value, Apply) and stmt.value.op == "copy" and stmt.value.args == (stmt.target,)


def _check_of_gaps(array: Name, axes: int, owner: bool) -> list[Stmt]:
    """That ``array.copy(order="K")`` lies as the array does, where it has more axes than these; ``owner``: and that it
    has memory of its own, as the copy has."""
    shared: Expr = Compare((Attribute(array, "base"), Const(None)), ("is not",))
    if array.type.rank is not None and array.type.rank <= axes and not owner:
        return []
    gaps: Expr = Apply("not", (Attribute(Attribute(array, "flags"), "forc"),))
    if array.type.rank is None and axes and not owner:
        gaps = Logic("and", (Compare((Apply("ndim", (array,)), Const(axes)), (">",)), gaps))
    if owner:
        gaps = Logic("or", (gaps, shared))
    message = f"{array.id} is written, and lies in memory as no copy of it would: give it {array.id}.copy()"
    error = Call(Ours("ValueError"), (Const(message),))
    return [If(gaps, (Raise(error, ours=True),), ours=True)]

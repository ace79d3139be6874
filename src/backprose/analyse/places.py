"""Places: the parts of arrays that a write changes, and what an index says of them."""

from __future__ import annotations

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Compare, Const, Expr, List, Name, Slice, Subscript, Tuple
from backprose.ir.walk import whole_of


def is_view(place: Expr) -> bool:
    """Whether a place is a variable, or a view of one: ``x[i][1:]``, with integers and slices only."""
    while isinstance(place, Subscript):
        items = place.index.items if isinstance(place.index, Tuple) else (place.index,)
        if not all(isinstance(item, (Slice, Const)) or _is_integer(item) for item in items):
            return False
        place = place.value
    return isinstance(place, Name)


def is_whole(target: Subscript) -> bool:
    """Whether a place is all of an array: ``x[...]``, ``x[:]``, ``x[()]`` of one without axes, ``x[None]``."""
    if not isinstance(target.value, Name) or target.value.type.kind == "list":
        return False
    items = target.index.items if isinstance(target.index, Tuple) else (target.index,)
    if not items:
        return target.value.type.rank == 0
    return all(item in (Const(...), Const(None), Slice(None, None, None)) for item in items)


def is_imaginary(place: Expr) -> bool:
    """Whether a place is one of imaginary parts, ``z.imag[i]``: its adjoint is minus that part of the adjoint."""
    inner = whole_of(place)
    return inner is not None and (isinstance(place, Apply) and place.op == "imag") != is_imaginary(inner)


def adds_axes(index: Expr) -> bool:
    return Const(None) in (index.items if isinstance(index, Tuple) else (index,))


def is_distinct(index: Expr) -> bool:
    """Whether an index can repeat no element: integers, slices, ``None``, ``...`` and boolean masks."""
    if isinstance(index, Tuple):
        return all(map(is_distinct, index.items))
    if isinstance(index, (Slice, Const, Compare)) or (isinstance(index, Apply) and index.op == "arange"):
        return True
    if isinstance(index, List):
        places = [item.value for item in index.items if isinstance(item, Const) and type(item.value) is int]
        one_sign = all(place >= 0 for place in places) or all(place < 0 for place in places)
        return len(set(places)) == len(index.items) and one_sign
    found = type_of(index)
    return found.kind == "none" or found.dtype == "bool" or (found.rank == 0 and found.kind in ("python", "scalar"))


def _is_integer(item: Expr) -> bool:
    found = type_of(item)
    return found.rank == 0 and found.kind in ("python", "scalar") and found.dtype != "bool"

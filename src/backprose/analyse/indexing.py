"""The type of ``x[index]``: basic, boolean and fancy indexing by NumPy's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from backprose.analyse.extents import Symbols, broadcast, sliced
from backprose.analyse.operands import NOT_KNOWN, Operand
from backprose.analyse.stacks import an_item
from backprose.ir.nodes import Const, Expr, Name, Slice, Tuple
from backprose.ir.types import PYTHON_INT, UNKNOWN, Dim, Extent, Type, alike

TypeOf: TypeAlias = Callable[[Expr], Type]
HIDDEN = Name("<item>")
Part: TypeAlias = "Slice | Type | Literal['int', 'new', '...']"
"""One part of an index: a slice, an array of integers or a mask (by its type), an integer, ``None``, ``...``."""


def subscript(symbols: Symbols, base: Type, index: Expr, type_of: TypeOf) -> Type:
    """The type of ``base[index]``."""
    if base.kind in ("tuple", "list"):
        return _item(symbols, base, index, type_of)
    if base.kind == "dict" and base.items is not None and isinstance(index, Const) and index.value in (base.keys or ()):
        return base.items[(base.keys or ()).index(index.value)]
    if base.kind == "other" and base.shape is not None:  # a range
        return replace(base, shape=(symbols.fresh(),)) if isinstance(index, Slice) else PYTHON_INT
    if base.kind not in ("array", "numpy") or base.shape is None:
        return UNKNOWN
    parts = _parts(index, type_of)
    if parts is None:
        return UNKNOWN
    if base.kind == "numpy" and not any(part == "new" or isinstance(part, Type) for part in parts):
        return replace(base, kind="numpy", shape=()) if not parts or parts == ["..."] else UNKNOWN
    shape = indexed_shape(symbols, base.shape, parts, type_of)
    if shape is None:
        return UNKNOWN
    if shape or "..." in parts:
        return Type("array", base.dtype, shape)
    return Type("numpy" if any(isinstance(part, Type) for part in parts) else "scalar", base.dtype, ())


def _parts(index: Expr, type_of: TypeOf) -> list[Part] | None:
    """The entries of an index; None where the meaning of one is not certain."""
    known = UNKNOWN if isinstance(index, (Slice, Const, Tuple)) else type_of(index)
    if known.kind == "tuple":  # the name of a tuple: its items are known by their types
        found = None if known.items is None else [_part(Operand(HIDDEN, item)) for item in known.items]
    else:
        entries = index.items if isinstance(index, Tuple) else (index,)
        found = [one if isinstance(one, Slice) else _part(Operand(one, type_of(one))) for one in entries]
    return None if found is None or None in found else [part for part in found if part is not None]


def _item(symbols: Symbols, base: Type, index: Expr, type_of: TypeOf) -> Type:
    if base.item is not None:
        if isinstance(index, Slice):
            return base
        return an_item(symbols, base) if is_place(Operand(index, type_of(index))) else UNKNOWN
    if isinstance(index, Slice):
        bounds = [
            None if part is None else Operand(part, type_of(part)).value
            for part in (index.lower, index.upper, index.step)
        ]
        if base.items is not None and not any(bound is NOT_KNOWN for bound in bounds) and bounds[2] != 0:
            return replace(base, items=base.items[slice(*bounds)])
        return Type(base.kind, base.dtype)
    at = Operand(index, type_of(index)).value
    if base.items is not None and type(at) is int and -len(base.items) <= at < len(base.items):
        return base.items[at]
    if base.kind == "tuple" and base.dtype == "int64":
        return PYTHON_INT
    if base.items and is_place(Operand(index, type_of(index))):
        found = alike(base.items)
        if found is not None and found.kind == "tuple" and found.value is not None:  # its class may have operators
            return found
    return UNKNOWN


def is_place(index: Operand) -> bool:
    """Whether an index surely is an integer."""
    found = index.type
    whole = found.dtype is not None and found.dtype.startswith(("int", "uint", "bool"))
    return type(index.value) is int or (whole and found.is_immutable_scalar)


def _part(entry: Operand) -> Part | None:
    """One entry of an index; None where its meaning is not certain."""
    type, value = entry.type, entry.value
    if value is None:
        return "new"
    if value is Ellipsis:
        return "..."
    if isinstance(value, bool):
        return None
    is_integer = type.dtype is not None and type.dtype.startswith(("int", "uint"))
    if is_integer and (type.kind in ("python", "scalar") or (type.kind == "unknown" and type.shape == ())):
        return "int"
    if type.kind in ("array", "numpy") and type.shape is not None and (is_integer or type.dtype == "bool"):
        return type if type.shape or is_integer else None
    if type.kind == "list" and type.items and all(item.kind == "python" for item in type.items):
        dtypes = {item.dtype for item in type.items}
        return Type("array", dtypes.pop(), (len(type.items),)) if dtypes in ({"int64"}, {"bool"}) else None
    return None


def indexed_shape(
    symbols: Symbols, shape: tuple[Dim, ...], parts: list[Part], type_of: TypeOf
) -> tuple[Dim, ...] | None:
    """The shape that an index leaves; None where it is not certain."""
    taken = sum(_axes(part) for part in parts)
    dots = parts.count("...")
    if dots > 1 or taken > len(shape):
        return None
    if not dots:
        parts = [*parts, "..."]
    left = list(shape)
    result: list[Dim] = []
    advanced: list[tuple[Dim, ...]] = []
    at: list[int] = []  # which entries of the index are advanced; all axes of these are one block of the result
    place = 0
    any_arrays = any(isinstance(part, Type) for part in parts)
    for position, part in enumerate(parts):
        if part == "new":
            result.append(1)
        elif part == "...":
            result += [left.pop(0) for _ in range(len(shape) - taken)]
        elif isinstance(part, Slice):
            result.append(_sliced(symbols, left.pop(0), part, type_of))
        else:
            axes = _axes(part)
            del left[:axes]
            if any_arrays:
                place = place if at else len(result)
                at.append(position)
                advanced.append(_advanced_shape(symbols, part))
    if not any_arrays:
        return tuple(result)
    block = broadcast(symbols, *advanced)
    if block is None:
        return None
    together = at == list(range(at[0], at[0] + len(at)))
    return (*result[:place], *block, *result[place:]) if together else (*block, *result)


def _axes(part: Part) -> int:
    """How many axes of the array an entry uses up."""
    if part in ("new", "..."):
        return 0
    if isinstance(part, Type) and part.dtype == "bool":
        return len(part.shape or ())
    return 1


def _advanced_shape(symbols: Symbols, part: Part) -> tuple[Dim, ...]:
    if not isinstance(part, Type):
        return ()
    if part.dtype == "bool":
        return (symbols.fresh(),)  # as many as the mask has True
    return part.shape or ()


def _sliced(symbols: Symbols, dim: Dim, part: Slice, type_of: TypeOf) -> Dim:
    bounds: list[int | None] = []
    for bound in (part.lower, part.upper, part.step):
        value = None if bound is None else Operand(bound, type_of(bound)).value
        if value is not None and type(value) is not int:
            upper = part.upper
            whole = part.lower is None and part.step is None and upper is not None
            if whole and upper is not None and isinstance(dim, Extent):
                extent = type_of(upper).extent
                if isinstance(extent, Extent) and (extent.symbol, extent.less) == (dim.symbol, dim.less):
                    return dim  # x[:len(x)]
            return symbols.fresh()
        bounds.append(value)
    return sliced(symbols, dim, *bounds)

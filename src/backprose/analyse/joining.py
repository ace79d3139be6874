"""What is known where two ways meet: the strongest statement true of both types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from backprose.analyse.extents import Symbols, not_one, same, weaker
from backprose.analyse.promotion import is_numeric
from backprose.ir.types import UNKNOWN, Dim, Extent, Kind, Type

Path: TypeAlias = tuple[int, ...]
JoinDims: TypeAlias = Callable[[Dim, Dim, Path], Dim]


def join(a: Type, b: Type, dims: JoinDims, path: Path = ()) -> Type:
    """A type that holds for every value of either; ``dims`` joins lengths (``path`` says which of the type)."""
    if (a is b or (a.kind in ("python", "scalar") and a == b)) and not _has_symbols(a):
        return a
    kind = _kind(a, b)
    dtype = a.dtype if a.dtype == b.dtype else None
    if kind in ("unknown", "python", "scalar", "array", "numpy", "number"):
        shape = None
        if a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
            shape = tuple(dims(x, y, (*path, at)) for at, (x, y) in enumerate(zip(a.shape, b.shape, strict=True)))
        if kind == "unknown" and shape != ():
            return UNKNOWN
        return Type(kind, dtype, shape, extent=_same_extent(a, b))
    if kind in ("tuple", "list"):
        items = None
        if a.items is not None and b.items is not None and len(a.items) == len(b.items):
            pairs = enumerate(zip(a.items, b.items, strict=True))
            items = tuple(join(x, y, dims, (*path, at)) for at, (x, y) in pairs)
        item = None if a.item is None or b.item is None else join(a.item, b.item, dims, path)
        return Type(kind, dtype, items=items, item=item)
    if kind == "other" and a.shape is not None and b.shape is not None and len(a.shape) == len(b.shape):
        return replace(a, dtype=dtype, shape=tuple(dims(x, y, path) for x, y in zip(a.shape, b.shape, strict=True)))
    return Type(kind, dtype if a.shape is None and b.shape is None else None, value=_class_of_other(kind, a, b))


def _class_of_other(kind: Kind, a: Type, b: Type) -> Any:
    """The class of something that a loop takes in a way of its own, which it may be."""
    return next((one.value for one in (a, b) if one.value is not None), None) if kind == "other" else None


def _has_symbols(type: Type) -> bool:
    return bool(type.shape or type.items or isinstance(type.extent, Extent))


def _kind(a: Type, b: Type) -> Kind:
    if a.kind == b.kind:
        return a.kind
    if {a.kind, b.kind} <= {"scalar", "array", "numpy"} and a.shape == () and b.shape == ():
        return "numpy"
    if is_numeric(a) and is_numeric(b) and not (a.is_immutable_scalar and b.is_immutable_scalar):
        return "number"
    return "unknown"


def _same_extent(a: Type, b: Type) -> Dim | None:
    if a.extent is None or b.extent is None or not same(a.extent, b.extent):
        return None
    return weaker(a.extent, b.extent)


def without_extents(type: Type) -> Type:
    """The type with no Python int said to equal a length."""
    items = None if type.items is None else tuple(map(without_extents, type.items))
    return replace(type, extent=type.extent if isinstance(type.extent, int) else None, items=items)


def fresh_joins(symbols: Symbols) -> JoinDims:
    """Lengths that differ become one new symbol for each pair: two arrays that agree on both ways agree afterwards."""
    known: dict[tuple[Dim, Dim], Dim] = {}

    def dims(a: Dim, b: Dim, _path: Path) -> Dim:
        if same(a, b):
            return weaker(a, b)
        if (a, b) not in known:
            known[a, b] = symbols.fresh(not_one(a) and not_one(b))
        return known[a, b]

    return dims


def join_all(symbols: Symbols, types: Iterable[Type]) -> Type:
    """The join of some types, where each use of a value is one of them."""
    dims = fresh_joins(symbols)
    result: Type | None = None
    for type in types:
        result = type if result is None else join(result, type, dims)
    return UNKNOWN if result is None else result

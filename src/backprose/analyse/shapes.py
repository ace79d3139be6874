"""Transfer functions of operations that move elements: reshape, transpose, concatenate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backprose.analyse.extents import Symbols, must_equal, product, spell, times, total
from backprose.analyse.operands import NOT_KNOWN, Operation
from backprose.analyse.promotion import array_dtype, is_numeric, promoted
from backprose.analyse.results import (
    Shape,
    Transfer,
    array,
    axes_of,
    axis_of,
    dims_of,
    result,
)
from backprose.ir.types import UNKNOWN, Dim, Extent, Kind, Type


# ---------------------------------------------------------------- shapes
def diag(operation: Operation) -> Type:
    """A square matrix with a vector on its diagonal, or the diagonal of a matrix."""
    operand = operation.type(0, "v")
    found = operand if is_numeric(operand) else _nested(operation.symbols, operand)
    if found is None or not found.shape or len(found.shape) > 2:
        return UNKNOWN
    dtype, first, last = array_dtype(found), found.shape[0], found.shape[-1]
    aside = operation.value(1, "k", 0) != 0
    if len(found.shape) == 1:
        length = operation.symbols.fresh() if aside else first
        return array(dtype, (length, length))
    return array(dtype, (operation.symbols.fresh() if aside or first != last else first,))


def diagonal(operation: Operation) -> Type:
    """The axes that are left, and the diagonal of two as the last one."""
    operand = operation.type(0, "a")
    places = [operation.value(at, name, default) for at, name, default in ((2, "axis1", 0), (3, "axis2", 1))]
    whole = [place for place in places if type(place) is int]
    if operand.kind != "array" or operand.shape is None or len(operand.shape) < 2 or len(whole) < 2:
        return UNKNOWN
    rank = len(operand.shape)
    if not all(-rank <= place < rank for place in whole):
        return UNKNOWN
    one, other = sorted(place % rank for place in whole)
    left = [dim for axis, dim in enumerate(operand.shape) if axis not in (one, other)]
    equal = operation.value(1, "offset", 0) == 0 and operand.shape[one] == operand.shape[other]
    return array(array_dtype(operand), (*left, operand.shape[one] if equal else operation.symbols.fresh()))


def reshape(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    symbols = operation.symbols
    if operation.is_method and len(operation.args) > 2:
        parts = [dims_of(symbols, arg) for arg in operation.args[1:]]
        shape: Shape = tuple(part[0] for part in parts if part) if all(part for part in parts) else None
    else:
        shape = dims_of(symbols, operation.get(1, "shape") or operation.keywords.get("newshape"))
    if shape is None:
        return Type("array" if operand.kind == "array" else "number", array_dtype(operand))
    if any(isinstance(dim, int) and dim < 0 for dim in shape):
        shape = _filled(symbols, operand.shape, shape)
    # A scalar reshaped to () stays a scalar.
    return Type("array" if shape or operand.kind == "array" else "numpy", array_dtype(operand), shape)


def _filled(symbols: Symbols, old: Shape, shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The shape with the length that ``-1`` stands for."""
    given = [dim for dim in shape if not (isinstance(dim, int) and dim < 0)]
    missing: Dim = symbols.fresh()
    if old is not None:
        if all(dim == 1 for dim in given):
            missing = product(symbols, old)
        elif all(isinstance(dim, int) and dim > 0 for dim in given):
            count = int(np.prod([dim for dim in given if isinstance(dim, int)]))
            size = product(symbols, old)
            quotient = f"({spell(size)}/{count})"
            missing = size // count if isinstance(size, int) else symbols.derived(quotient, (size,))
    return tuple(missing if isinstance(dim, int) and dim < 0 else dim for dim in shape)


def ravel(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    length = operation.symbols.fresh() if operand.shape is None else product(operation.symbols, operand.shape)
    return array(array_dtype(operand), (length,))


def transpose(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return Type("array", array_dtype(operand)) if operand.kind == "array" else UNKNOWN
    axes = operation.value(1, "axes", None)
    if operation.is_method and len(operation.args) > 2:
        axes = tuple(arg.value for arg in operation.args[1:])
    rank = len(operand.shape)
    if not rank:
        return operand if operand.kind in ("array", "scalar") else Type("numpy", array_dtype(operand), ())
    if axes is None:
        return array(array_dtype(operand), operand.shape[::-1])
    order = axes_of(axes, rank) if isinstance(axes, tuple) else None
    if order is None or sorted(order) != list(range(rank)):
        return array(array_dtype(operand), tuple(operation.symbols.fresh() for _ in operand.shape))
    return array(array_dtype(operand), tuple(operand.shape[axis] for axis in order))


def swapaxes(operation: Operation) -> Type:
    return _permuted(operation, ("axis1", "axis2"), _swap)


def moveaxis(operation: Operation) -> Type:
    return _permuted(operation, ("source", "destination"), _move)


def _swap(order: list[int], first: int, second: int) -> None:
    order[first], order[second] = order[second], order[first]


def _move(order: list[int], source: int, destination: int) -> None:
    order.insert(destination, order.pop(source))


def _permuted(operation: Operation, names: tuple[str, str], change: Callable[[list[int], int, int], None]) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    rank = len(operand.shape)
    first, second = (axis_of(operation.value(at + 1, name, NOT_KNOWN), rank) for at, name in enumerate(names))
    if first is None or second is None:
        return array(array_dtype(operand), tuple(operation.symbols.fresh() for _ in operand.shape))
    order = list(range(rank))
    change(order, first, second)
    return array(array_dtype(operand), tuple(operand.shape[axis] for axis in order))


def squeeze(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    axis = operation.value(1, "axis", None)
    shape = operand.shape
    if axis is None:
        # An axis that may be 1 may go; a length less something may be 1.
        if any(isinstance(dim, Extent) and not dim.not_one for dim in shape):
            return UNKNOWN
        kept = tuple(dim for dim in shape if dim != 1)
    else:
        axes = axes_of(axis, len(shape)) if axis is not NOT_KNOWN else None
        if axes is None:
            return UNKNOWN
        for at in axes:
            must_equal(operation.symbols, shape[at], 1)
        kept = tuple(dim for at, dim in enumerate(shape) if at not in axes)
    return array(array_dtype(operand), kept) if kept else Type("numpy", array_dtype(operand), ())


def expand_dims(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    axis = operation.value(1, "axis", NOT_KNOWN)
    if not is_numeric(operand) or operand.shape is None or axis is NOT_KNOWN or axis is None:
        return UNKNOWN
    rank = len(operand.shape) + (len(axis) if isinstance(axis, tuple) else 1)
    axes = axes_of(axis, rank)
    if axes is None:
        return UNKNOWN
    rest = iter(operand.shape)
    return array(array_dtype(operand), tuple(1 if at in axes else next(rest) for at in range(rank)))


def broadcast_to(operation: Operation) -> Type:
    operand = operation.type(0, "array")
    shape = dims_of(operation.symbols, operation.get(1, "shape"))
    if not is_numeric(operand):
        return UNKNOWN
    if shape is not None and operand.shape is not None and len(operand.shape) <= len(shape):
        pairs = zip(shape[len(shape) - len(operand.shape) :], operand.shape, strict=True)
        for wide, dim in pairs:
            if not isinstance(dim, int) and dim.not_one:
                operation.symbols.prove(wide, dim)
    return array(array_dtype(operand), shape)


def unwrap(operation: Operation) -> Type:
    found = same_shape(operation)
    return found if found.dtype is None or found.dtype.startswith("float") else replace(found, dtype=None)


def resize(operation: Operation) -> Type:
    """The elements again and again, in a shape."""
    operand = operation.type(0, "a")
    shape = dims_of(operation.symbols, operation.get(1, "new_shape"))
    return array(array_dtype(operand), shape) if is_numeric(operand) and shape is not None else UNKNOWN


def same_shape(operation: Operation) -> Type:
    """``flip``, ``roll``: an array like the operand."""
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    kind: Kind = "array" if operand.shape else "number" if operand.shape is None else "numpy"
    return Type(kind, array_dtype(operand), operand.shape)


def triangle(operation: Operation) -> Type:
    """``tril``, ``triu``: of a vector a matrix."""
    found = same_shape(operation)
    if found.shape is None or len(found.shape) < 1:
        return UNKNOWN
    return Type("array", found.dtype, found.shape * 2) if len(found.shape) == 1 else found


def along_axis(operation: Operation) -> Type:
    """``take_along_axis`` with an index for each element."""
    operand, indices = operation.type(0, "arr"), operation.type(1, "indices")
    if operand.kind != "array" or operand.shape is None or indices.shape != operand.shape or not operand.shape:
        return UNKNOWN
    return Type("array", operand.dtype, operand.shape)


def atleast(rank: int) -> Transfer:
    def transfer(operation: Operation) -> Type:
        operand = operation.type(0, "a")
        if len(operation.args) != 1 or not is_numeric(operand) or operand.shape is None or len(operand.shape) > rank:
            return operand if operand.kind == "array" and len(operation.args) == 1 and operand.shape else UNKNOWN
        return array(array_dtype(operand), (1,) * (rank - len(operand.shape)) + operand.shape)

    return transfer


def contiguous(operation: Operation) -> Type:
    """``ascontiguousarray``."""
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    return array(operation.dtype(1, array_dtype(operand)), (1,) if operand.shape == () else operand.shape)


def tile(operation: Operation) -> Type:
    operand, counts = operation.type(0, "A"), operation.value(1, "reps", NOT_KNOWN)
    if not is_numeric(operand) or operand.shape is None or counts is NOT_KNOWN:
        return UNKNOWN
    reps = counts if isinstance(counts, tuple) else (counts,)
    rank = max(len(reps), len(operand.shape))
    reps = (1,) * (rank - len(reps)) + reps
    shape = (1,) * (rank - len(operand.shape)) + operand.shape
    lengths = tuple(times(operation.symbols, dim, count) for dim, count in zip(shape, reps, strict=True))
    return array(array_dtype(operand), lengths)


def repeat(operation: Operation) -> Type:
    operand, count = operation.type(0, "a"), operation.value(1, "repeats", NOT_KNOWN)
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    symbols, axis = operation.symbols, operation.value(2, "axis", None)
    shape = (product(symbols, operand.shape),) if axis is None else operand.shape
    at = 0 if axis is None else axis_of(axis, len(shape))
    if at is None:
        return UNKNOWN
    length = times(symbols, shape[at], count) if type(count) is int and count >= 0 else symbols.fresh()
    return array(array_dtype(operand), (*shape[:at], length, *shape[at + 1 :]))


def take(operation: Operation) -> Type:
    """The elements that an array of places names."""
    operand, places, axis = operation.type(0, "a"), operation.type(1, "indices"), operation.value(2, "axis", None)
    found = places if is_numeric(places) else _nested(operation.symbols, places)
    if not is_numeric(operand) or operand.shape is None or found is None or found.shape is None:
        return UNKNOWN
    shape = (product(operation.symbols, operand.shape),) if axis is None else operand.shape
    at = 0 if axis is None else axis_of(axis, len(shape))
    return UNKNOWN if at is None else result(array_dtype(operand), (*shape[:at], *found.shape, *shape[at + 1 :]))


def pad(operation: Operation) -> Type:
    operand = operation.type(0, "array")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    return array(array_dtype(operand), tuple(operation.symbols.fresh() for _ in operand.shape))


# ---------------------------------------------------------------- joining arrays
def _parts(operation: Operation, name: str) -> tuple[Type, ...] | None:
    """The arrays that are joined: lists of numbers are such, too."""
    operand = operation.type(0, name)
    if operand.kind not in ("tuple", "list") or not operand.items:
        return None
    parts = [item if is_numeric(item) else _nested(operation.symbols, item) for item in operand.items]
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None


def joined_dtype(parts: Sequence[Type]) -> str | None:
    """The dtype of joined arrays: each part is an array first, so that Python numbers are not weak."""
    dtypes = [array_dtype(part) for part in parts]
    if any(part.kind in ("unknown", "number") for part in parts) or None in dtypes:
        return None
    return promoted(None, [Type("array", dtype, ()) for dtype in dtypes])


def concatenate(operation: Operation) -> Type:
    return concatenated(operation, _parts(operation, "arrays"), operation.value(1, "axis", 0))


def concatenated(operation: Operation, parts: tuple[Type, ...] | None, axis: Any) -> Type:
    if not parts or any(part.shape is None or not is_numeric(part) for part in parts) or axis is NOT_KNOWN:
        return UNKNOWN
    symbols = operation.symbols
    dtype = operation.dtype(-1, joined_dtype(parts))
    shapes = [part.shape or () for part in parts]
    if axis is None:
        return array(dtype, (total(symbols, [product(symbols, shape) for shape in shapes]),))
    return _concatenated(symbols, shapes, axis, dtype)


def append(operation: Operation) -> Type:
    parts = [_nested(operation.symbols, operation.type(at, name)) for at, name in enumerate(("arr", "values"))]
    found = tuple(part for part in parts if part is not None)
    return concatenated(operation, found, operation.value(2, "axis", None)) if len(found) == len(parts) else UNKNOWN


def _concatenated(symbols: Symbols, shapes: list[tuple[Dim, ...]], axis: Any, dtype: str | None) -> Type:
    rank = len(shapes[0])
    at = axis_of(axis, rank)
    if at is None or any(len(shape) != rank for shape in shapes):
        return UNKNOWN
    dims = list(shapes[0])
    for shape in shapes[1:]:
        dims = [
            must_equal(symbols, a, b) if place != at else a
            for place, (a, b) in enumerate(zip(dims, shape, strict=True))
        ]
    dims[at] = total(symbols, [shape[at] for shape in shapes])
    return array(dtype, tuple(dims))


def stack(operation: Operation) -> Type:
    parts = _parts(operation, "arrays")
    if parts is None or any(part.shape is None for part in parts):
        return UNKNOWN
    shape = parts[0].shape or ()
    at = axis_of(operation.value(1, "axis", 0), len(shape) + 1)
    if at is None or any(len(part.shape or ()) != len(shape) for part in parts):
        return UNKNOWN
    for part in parts[1:]:
        shape = tuple(must_equal(operation.symbols, a, b) for a, b in zip(shape, part.shape or (), strict=True))
    dtype = operation.dtype(-1, joined_dtype(parts))
    return array(dtype, (*shape[:at], len(parts), *shape[at:]))


def stacked_along(axis: int) -> Transfer:
    """``vstack`` (0) and ``hstack`` (1, or 0 for vectors)."""

    def transfer(operation: Operation) -> Type:
        parts = _parts(operation, "tup")
        if parts is None or any(part.shape is None for part in parts):
            return UNKNOWN
        rank = 2 - axis
        shapes = [(1,) * (rank - len(part.shape or ())) + (part.shape or ()) for part in parts]
        at = 0 if axis == 0 or len(shapes[0]) == 1 else 1
        return _concatenated(operation.symbols, shapes, at, operation.dtype(-1, joined_dtype(parts)))

    return transfer


def of_sequence(operation: Operation) -> Type:
    """``array``, ``asarray``: of an array, or of a list of numbers or arrays of one shape."""
    operand = operation.type(0, "object")
    if is_numeric(operand):
        shape, least = operand.shape, operation.value(-1, "ndmin", 0)
        if shape is not None:
            shape = (1,) * (least - len(shape)) + shape if type(least) is int else None
        return Type("array", operation.dtype(1, array_dtype(operand)), shape)
    found = _nested(operation.symbols, operand)
    if found is None:
        return UNKNOWN
    return array(operation.dtype(1, found.dtype), None if "ndmin" in operation.keywords else found.shape)


def _nested(symbols: Symbols, type: Type) -> Type | None:
    if is_numeric(type):
        return Type("array", array_dtype(type) if type.kind != "unknown" else None, type.shape)
    if type.kind not in ("tuple", "list") or not type.items:
        return None
    parts = [_nested(symbols, item) for item in type.items]
    found = [part for part in parts if part is not None and part.shape is not None]
    if len(found) < len(parts) or len({part.rank for part in found}) > 1:
        return None
    shape = found[0].shape or ()
    for part in found[1:]:
        shape = tuple(must_equal(symbols, a, b) for a, b in zip(shape, part.shape or (), strict=True))
    dtype = None if any(item.dtype is None for item in found) else promoted(None, found)
    return Type("array", dtype, (len(found), *shape))

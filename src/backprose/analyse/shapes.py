"""Transfer functions: what each operation that is not elementwise gives, by family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from backprose.analyse.extents import Symbols, broadcast, must_equal, product, spell, times, total
from backprose.analyse.operands import NOT_KNOWN, Operand, Operation
from backprose.analyse.promotion import array_dtype, is_numeric, numpy_kind, promoted
from backprose.ir.types import PYTHON_INT, UNKNOWN, Dim, Extent, Type

Transfer: TypeAlias = Callable[[Operation], Type]
Shape: TypeAlias = "tuple[Dim, ...] | None"


def array(dtype: str | None, shape: Shape) -> Type:
    return Type("array", dtype, shape)


def result(dtype: str | None, shape: Shape) -> Type:
    """What reductions and products give: a scalar where no axis is left."""
    return Type(numpy_kind(None if shape is None else len(shape)), dtype, shape)


def axes_of(value: Any, rank: int) -> tuple[int, ...] | None:
    """The axes that an ``axis`` parameter names, from 0; None where it is no constant or out of range."""
    if value is None:
        return tuple(range(rank))
    values = value if isinstance(value, tuple) else (value,)
    if not all(type(axis) is int and -rank <= axis < rank for axis in values):
        return None
    return tuple(axis % rank for axis in values)


def axis_of(value: Any, rank: int) -> int | None:
    found = axes_of(value, rank) if type(value) is int else None
    return None if found is None else found[0]


# ---------------------------------------------------------------- reductions
def reduction(dtype_of: Callable[[str], str]) -> Transfer:
    """A reduction over ``axis``, with ``keepdims``; ``dtype_of`` the operand's dtype."""

    def transfer(operation: Operation) -> Type:
        operand = operation.type(0, "a")
        if not is_numeric(operand) or "out" in operation.keywords or len(operation.args) > 2:
            return UNKNOWN
        given = array_dtype(operand)
        dtype = operation.dtype(-1, dtype_of(given) if given else None)
        keep = operation.value(-1, "keepdims", False)
        return _reduced(operation.symbols, operand.shape, operation.value(1, "axis", None), keep, dtype)

    return transfer


def _reduced(symbols: Symbols, shape: Shape, axis: Any, keep: Any, dtype: str | None) -> Type:
    if keep not in (True, False):
        return UNKNOWN
    if shape is None:
        return Type("scalar", dtype, ()) if axis is None and not keep else UNKNOWN
    axes = axes_of(axis, len(shape)) if axis is not NOT_KNOWN else None
    if axes is None:
        return array(dtype, tuple(symbols.fresh() for _ in shape)) if keep and shape else UNKNOWN
    if keep:
        kept = tuple(1 if position in axes else dim for position, dim in enumerate(shape))
        return array(dtype, kept) if kept else Type("numpy", dtype, ())
    return result(dtype, tuple(dim for position, dim in enumerate(shape) if position not in axes))


def _sum_dtype(dtype: str) -> str:
    found = np.dtype(dtype)
    if found.kind in "bi":
        return "int64" if found.itemsize <= 8 else dtype
    return "uint64" if found.kind == "u" else dtype


def _mean_dtype(dtype: str) -> str:
    return "float64" if np.dtype(dtype).kind in "biu" else dtype


def _var_dtype(dtype: str) -> str:
    return str(np.zeros((), dtype).real.dtype) if dtype.startswith("complex") else _mean_dtype(dtype)


def arg_reduction(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    axis, keep = operation.value(1, "axis", None), operation.value(-1, "keepdims", False)
    found = _reduced(operation.symbols, operand.shape, axis, keep, "int64")
    return found if found.dtype == np.dtype(np.intp).name else UNKNOWN


# ---------------------------------------------------------------- products
def matmul(operation: Operation) -> Type:
    """``@``, ``np.matmul``: inner lengths are proved equal."""
    a, b = operation.type(0, "x1"), operation.type(1, "x2")
    if not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    dtype = promoted(None, (a, b))
    if not a.shape or not b.shape:
        return UNKNOWN
    symbols = operation.symbols
    must_equal(symbols, a.shape[-1], b.shape[-2] if len(b.shape) > 1 else b.shape[0])
    stacked = broadcast(symbols, a.shape[:-2], b.shape[:-2])
    if stacked is None:
        return UNKNOWN
    return result(dtype, (*stacked, *a.shape[-2:-1], *(b.shape[-1:] if len(b.shape) > 1 else ())))


def dot(operation: Operation) -> Type:
    a, b = operation.type(0, "a"), operation.type(1, "b")
    if not (is_numeric(a) and is_numeric(b)) or a.shape is None or b.shape is None:
        return UNKNOWN
    dtype = promoted(None, (a, b)) if array_dtype(a) and array_dtype(b) else None
    if not a.shape or not b.shape:
        return result(dtype, a.shape + b.shape)
    must_equal(operation.symbols, a.shape[-1], b.shape[-2] if len(b.shape) > 1 else b.shape[0])
    rest = (*b.shape[:-2], b.shape[-1]) if len(b.shape) > 1 else ()
    return result(dtype, (*a.shape[:-1], *rest))


def inner(operation: Operation) -> Type:
    a, b = operation.type(0, "a"), operation.type(1, "b")
    if not (is_numeric(a) and is_numeric(b)) or not a.shape or not b.shape:
        return dot(operation) if a.shape == () or b.shape == () else UNKNOWN
    must_equal(operation.symbols, a.shape[-1], b.shape[-1])
    return result(promoted(None, (a, b)), a.shape[:-1] + b.shape[:-1])


def outer(operation: Operation) -> Type:
    a, b = operation.type(0, "a"), operation.type(1, "b")
    if not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    lengths = [operation.symbols.fresh() if x.shape is None else product(operation.symbols, x.shape) for x in (a, b)]
    return array(promoted("multiply", (a, b)) if array_dtype(a) and array_dtype(b) else None, tuple(lengths))


def vdot(operation: Operation) -> Type:
    a, b = operation.type(0, "a"), operation.type(1, "b")
    if not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    if a.shape is not None and b.shape is not None:
        must_equal(operation.symbols, product(operation.symbols, a.shape), product(operation.symbols, b.shape))
    return Type("scalar", promoted(None, (a, b)) if array_dtype(a) and array_dtype(b) else None, ())


# ---------------------------------------------------------------- shapes
def dims_of(symbols: Symbols, operand: Operand | None) -> Shape:
    """The shape that a ``shape`` parameter names: an int or a tuple of ints; ``-1`` is left in."""
    if operand is None:
        return None
    type = operand.type
    items = (type,) if type.kind in ("python", "scalar") else type.items
    if items is None or (type.kind not in ("tuple", "list", "python", "scalar")):
        return None
    return tuple(symbols.fresh() if item.extent is None else item.extent for item in items)


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
        return Type("array", array_dtype(operand))
    if any(isinstance(dim, int) and dim < 0 for dim in shape):
        shape = _filled(symbols, operand.shape, shape)
    return array(array_dtype(operand), _identified(operand.shape, shape))


def _filled(symbols: Symbols, old: Shape, shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    """The shape with the length that ``-1`` stands for."""
    given = [dim for dim in shape if not (isinstance(dim, int) and dim < 0)]
    missing: Dim = symbols.fresh()
    if old is not None:
        rest = list(old)
        for dim in given:  # equal lengths cancel, which needs them not to be 0
            if isinstance(dim, int) and dim > 0 and dim in rest:
                rest.remove(dim)
        if all(dim == 1 for dim in given):
            missing = product(symbols, old)
        elif all(isinstance(dim, int) and dim > 0 for dim in given):
            count = int(np.prod([dim for dim in given if isinstance(dim, int)]))
            size = product(symbols, old)
            if isinstance(size, int):
                missing = size // count
            else:
                missing = symbols.derived(f"({spell(size)}/{count})", (size,))
    return tuple(missing if isinstance(dim, int) and dim < 0 else dim for dim in shape)


def _identified(old: Shape, shape: tuple[Dim, ...]) -> tuple[Dim, ...]:
    return shape


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


def same_shape(operation: Operation) -> Type:
    """``flip``, ``roll``: an array like the operand."""
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    return Type("numpy" if operand.shape == () else "array", array_dtype(operand), operand.shape)


def atleast(rank: int) -> Transfer:
    def transfer(operation: Operation) -> Type:
        operand = operation.type(0, "a")
        if len(operation.args) != 1 or not is_numeric(operand) or operand.shape is None or len(operand.shape) > rank:
            return operand if operand.kind == "array" and len(operation.args) == 1 and operand.shape else UNKNOWN
        return array(array_dtype(operand), (1,) * (rank - len(operand.shape)) + operand.shape)

    return transfer


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


# ---------------------------------------------------------------- joining arrays
def _parts(operation: Operation, name: str) -> tuple[Type, ...] | None:
    operand = operation.type(0, name)
    if operand.kind not in ("tuple", "list") or not operand.items or not all(map(is_numeric, operand.items)):
        return None
    return operand.items


def joined_dtype(parts: Sequence[Type]) -> str | None:
    """The dtype of joined arrays: each part is an array first, so that Python numbers are not weak."""
    dtypes = [array_dtype(part) for part in parts]
    if any(part.kind == "unknown" for part in parts) or None in dtypes:
        return None
    return promoted(None, [Type("array", dtype, ()) for dtype in dtypes])


def concatenate(operation: Operation) -> Type:
    parts = _parts(operation, "arrays")
    axis = operation.value(1, "axis", 0)
    if parts is None or any(part.shape is None for part in parts) or axis is NOT_KNOWN:
        return UNKNOWN
    symbols = operation.symbols
    dtype = operation.dtype(-1, joined_dtype(parts))
    shapes = [part.shape or () for part in parts]
    if axis is None:
        return array(dtype, (total(symbols, [product(symbols, shape) for shape in shapes]),))
    return _concatenated(symbols, shapes, axis, dtype)


def _concatenated(symbols: Symbols, shapes: list[tuple[Dim, ...]], axis: Any, dtype: str | None) -> Type:
    rank = len(shapes[0])
    at = axis_of(axis, rank)
    if at is None or any(len(shape) != rank for shape in shapes):
        return UNKNOWN
    dims = list(shapes[0])
    for shape in shapes[1:]:
        dims = [must_equal(symbols, a, b) if place != at else a for place, (a, b) in enumerate(zip(dims, shape))]
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
        return Type("array", operation.dtype(1, array_dtype(operand)), operand.shape)
    if "ndmin" in operation.keywords:
        return UNKNOWN
    found = _nested(operation.symbols, operand)
    return UNKNOWN if found is None else array(operation.dtype(1, found.dtype), found.shape)


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


# ---------------------------------------------------------------- scans and linear algebra
def cumsum(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    given = array_dtype(operand)
    dtype = operation.dtype(2, _sum_dtype(given) if given else None)
    axis = operation.value(1, "axis", None)
    if axis is None:
        return array(dtype, (product(operation.symbols, operand.shape),))
    return array(dtype, operand.shape) if operand.shape else UNKNOWN


def diff(operation: Operation) -> Type:
    operand, count = operation.type(0, "a"), operation.value(1, "n", 1)
    if not is_numeric(operand) or not operand.shape or len(operation.args) > 3:
        return UNKNOWN
    at = axis_of(operation.value(2, "axis", -1), len(operand.shape))
    if at is None or type(count) is not int or count < 0 or {"prepend", "append"} & set(operation.keywords):
        return UNKNOWN
    dim = operand.shape[at]
    less: Dim = max(dim - count, 0) if isinstance(dim, int) else Extent(dim.symbol, dim.less + count, not count and dim.not_one)
    dtype = promoted("subtract", (operand, operand)) if operand.dtype != "bool" else "bool"
    return array(dtype, (*operand.shape[:at], less, *operand.shape[at + 1 :]))


def trace(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or not operand.shape or len(operand.shape) < 2:
        return UNKNOWN
    dtype = _sum_dtype(operand.dtype) if operand.dtype else None
    if len(operand.shape) == 2:
        return Type("scalar", dtype, ())
    plain = len(operation.args) == 1 and not {"axis1", "axis2"} & set(operation.keywords)
    return array(dtype, operand.shape[2:] if plain else tuple(operation.symbols.fresh() for _ in operand.shape[2:]))


def linalg_dtype(*operands: Type) -> str | None:
    """``numpy.linalg`` computes in float32, float64, complex64 or complex128."""
    dtypes = {operand.dtype for operand in operands}
    if not dtypes <= {"float32", "float64", "complex64", "complex128", "int64", "int32", "bool"}:
        return None
    arrays = [Type("array", "float64" if str(name).startswith(("int", "bool")) else name, ()) for name in dtypes]
    return promoted(None, arrays)


def solve(operation: Operation) -> Type:
    a, b = operation.type(0, "a"), operation.type(1, "b")
    if not (is_numeric(a) and is_numeric(b)) or a.shape is None or len(a.shape) < 2 or not b.shape:
        return UNKNOWN
    symbols = operation.symbols
    length = must_equal(symbols, a.shape[-2], a.shape[-1])
    if len(b.shape) == 1:  # numpy 2: only then is b one vector
        length = must_equal(symbols, length, b.shape[0])
        return array(linalg_dtype(a, b), (*a.shape[:-2], length))
    length = must_equal(symbols, length, b.shape[-2])
    stacked = broadcast(symbols, a.shape[:-2], b.shape[:-2])
    return UNKNOWN if stacked is None else array(linalg_dtype(a, b), (*stacked, length, b.shape[-1]))


def inverse(operation: Operation) -> Type:
    a = operation.type(0, "a")
    if not is_numeric(a) or a.shape is None or len(a.shape) < 2:
        return UNKNOWN
    length = must_equal(operation.symbols, a.shape[-2], a.shape[-1])
    return array(linalg_dtype(a), (*a.shape[:-2], length, length))


def determinant(operation: Operation) -> Type:
    a = operation.type(0, "a")
    if not is_numeric(a) or a.shape is None or len(a.shape) < 2:
        return UNKNOWN
    must_equal(operation.symbols, a.shape[-2], a.shape[-1])
    return result(linalg_dtype(a), a.shape[:-2])


def norm(operation: Operation) -> Type:
    operand = operation.type(0, "x")
    if not is_numeric(operand) or operand.kind == "python":
        return UNKNOWN
    dtype = _var_dtype(operand.dtype) if operand.dtype and operand.dtype != "bool" else None
    axis, keep = operation.value(2, "axis", None), operation.value(3, "keepdims", False)
    order = operation.value(1, "ord", None)
    return _reduced(operation.symbols, operand.shape, axis, keep, dtype if order is None else None)


# ---------------------------------------------------------------- making arrays
def created(operation: Operation) -> Type:
    shape = dims_of(operation.symbols, operation.get(0, "shape"))
    return array(operation.dtype(1, "float64"), shape)


def full(operation: Operation) -> Type:
    value = operation.type(1, "fill_value")
    dtype = array_dtype(value) if value.kind != "unknown" and is_numeric(value) else None
    return array(operation.dtype(2, dtype), dims_of(operation.symbols, operation.get(0, "shape")))


def like(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    at = 2 if operation.op == "full_like" else 1
    if not is_numeric(operand) or "shape" in operation.keywords:
        return UNKNOWN
    return array(operation.dtype(at, array_dtype(operand)), operand.shape)


def arange(operation: Operation) -> Type:
    args = [arg.type for arg in operation.args]
    if not args or not all(map(is_numeric, args)) or set(operation.keywords) - {"dtype"}:
        return UNKNOWN
    length: Dim = operation.symbols.fresh()
    if len(args) == 1 and args[0].extent is not None:
        extent = args[0].extent
        length = max(extent, 0) if isinstance(extent, int) else extent
    dtype = "float64" if all(arg.dtype in ("float64", "int64") for arg in args) else None
    if all(arg.dtype == "int64" and (arg.kind != "python" or isinstance(arg.extent, int)) for arg in args):
        dtype = "int64"
    elif all(arg.dtype == "int64" for arg in args):
        dtype = "int64" if len(args) == 1 else None
    return array(operation.dtype(3, dtype), (length,))


def linspace(operation: Operation) -> Type:
    start, stop = operation.type(0, "start"), operation.type(1, "stop")
    if not (is_numeric(start) and is_numeric(stop)) or {"retstep", "axis"} & set(operation.keywords):
        return UNKNOWN
    if len(operation.args) > 3 or start.shape != () or stop.shape != ():
        return UNKNOWN
    count = operation.get(2, "num")
    length = (50,) if count is None else dims_of(operation.symbols, count)
    doubles = all(x.dtype in ("float64", "int64", "bool") for x in (start, stop))
    return array(operation.dtype(5, "float64" if doubles else None), length if length and len(length) == 1 else None)


def eye(operation: Operation) -> Type:
    rows = dims_of(operation.symbols, operation.get(0, "N"))
    columns = operation.get(1, "M")
    wide = rows if columns is None or columns.value is None else dims_of(operation.symbols, columns)
    if rows is None or wide is None or len(rows) != 1 or len(wide) != 1:
        return UNKNOWN
    return array(operation.dtype(3, "float64"), (*rows, *wide))


# ---------------------------------------------------------------- others
def copy(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    if operation.is_method and operand.kind != "array":
        return Type("numpy", operand.dtype, ()) if operand.kind in ("numpy", "scalar") else UNKNOWN
    return array(array_dtype(operand), operand.shape)


def astype(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand):
        return UNKNOWN
    kind = operand.kind if operand.kind in ("array", "scalar") else "numpy" if operand.shape == () else "unknown"
    return Type(kind, operation.dtype(1, None), operand.shape)


def item(operation: Operation) -> Type:
    dtype = operation.type(0, "a").dtype
    kinds = {"f": "float64", "c": "complex128", "i": "int64", "u": "int64", "b": "bool"}
    if dtype is None or dtype in ("float128", "longdouble", "complex256", "clongdouble"):
        return UNKNOWN
    return Type("python", kinds[np.dtype(dtype).kind], ())


def where(operation: Operation) -> Type:
    if len(operation.args) != 3 or not all(is_numeric(arg.type) for arg in operation.args):
        return UNKNOWN
    test, x, y = (arg.type for arg in operation.args)
    dtype = promoted(None, (x, y))
    if all(part.kind in ("python", "unknown") for part in (x, y)) and not (array_dtype(x) and array_dtype(y)):
        dtype = None
    return array(dtype, broadcast(operation.symbols, test.shape, x.shape, y.shape))


def shape(operation: Operation) -> Type:
    return shape_type(operation.type(0, "a"))


def shape_type(operand: Type) -> Type:
    """The type of ``x.shape``: Python ints that are known to be the lengths."""
    if operand.shape is None:
        return Type("tuple", "int64")
    return Type("tuple", "int64", items=tuple(Type("python", "int64", (), extent=dim) for dim in operand.shape))


def count(symbols: Symbols, dims: Sequence[Dim] | None) -> Type:
    """A Python int equal to the number of elements."""
    return PYTHON_INT if dims is None else Type("python", "int64", (), extent=product(symbols, dims))


def size(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    axis = operation.value(1, "axis", None)
    if axis is None:
        return count(operation.symbols, operand.shape) if is_numeric(operand) else PYTHON_INT
    at = axis_of(axis, len(operand.shape)) if operand.shape and axis is not NOT_KNOWN else None
    return PYTHON_INT if at is None or not operand.shape else count(operation.symbols, operand.shape[at : at + 1])


def ndim(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    rank = operand.rank if is_numeric(operand) else None
    return Type("python", "int64", (), extent=rank)


def length(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if operand.kind == "array" and operand.shape:
        return count(operation.symbols, operand.shape[:1])
    if operand.kind in ("tuple", "list") and operand.items is not None:
        return Type("python", "int64", (), extent=len(operand.items))
    return PYTHON_INT


def range_type(operation: Operation) -> Type:
    """A range is ``other int64`` of rank 1."""
    fresh = operation.symbols.fresh()
    args = operation.args
    extent = args[0].type.extent if len(args) == 1 else None
    length = fresh if extent is None else max(extent, 0) if isinstance(extent, int) else extent
    return Type("other", "int64", (length,))


def first(operation: Operation) -> Type:
    return operation.args[0].type if operation.args else UNKNOWN


def unbroadcast(operation: Operation) -> Type:
    cotangent, target = operation.type(0, "cotangent"), operation.type(1, "like")
    if not is_numeric(cotangent) or target.shape is None:
        return UNKNOWN
    dtype = cotangent.dtype if cotangent.dtype and cotangent.dtype.startswith(("float", "complex")) else None
    kind = "array" if target.shape else "numpy" if cotangent.kind != "python" else "unknown"
    return Type(kind, dtype, target.shape) if kind != "unknown" else Type("unknown", dtype, ())


def sort_like(dtype: str | None) -> Transfer:
    def transfer(operation: Operation) -> Type:
        operand, axis = operation.type(0, "a"), operation.value(1, "axis", -1)
        if not is_numeric(operand) or not operand.shape or operation.spelling == "function:sorted":
            return UNKNOWN
        if axis is None:
            return array(dtype or operand.dtype, (product(operation.symbols, operand.shape),))
        return array(dtype or operand.dtype, operand.shape)

    return transfer

"""Transfer functions of operations that make and convert arrays, and of facts about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backprose.analyse.extents import Symbols, broadcast, product
from backprose.analyse.operands import NOT_KNOWN, Operation
from backprose.analyse.promotion import array_dtype, is_numeric, promoted
from backprose.analyse.results import (
    INDEX,
    Transfer,
    array,
    axis_of,
    dims_of,
    result,
    var_dtype,
)
from backprose.ir.types import PYTHON_INT, UNKNOWN, Dim, Type


# ---------------------------------------------------------------- making arrays
def created(operation: Operation) -> Type:
    shape = dims_of(operation.symbols, operation.get(0, "shape"))
    return array(operation.dtype(1, "float64"), shape)


def full(operation: Operation) -> Type:
    value = operation.type(1, "fill_value")
    dtype = array_dtype(value) if is_numeric(value) else None
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
    shape = broadcast(operation.symbols, start.shape, stop.shape)
    if len(operation.args) > 4 or shape is None:
        return UNKNOWN
    count = operation.get(2, "num")
    length = (50,) if count is None else dims_of(operation.symbols, count)
    doubles = all(x.dtype in ("float64", "int64", "bool") for x in (start, stop))
    dtype = operation.dtype(5, "float64" if doubles else None)
    return array(dtype, (*length, *shape)) if length and len(length) == 1 else UNKNOWN


def eye(operation: Operation) -> Type:
    rows = dims_of(operation.symbols, operation.get(0, "N"))
    columns = operation.get(1, "M")
    wide = rows if columns is None or columns.value is None else dims_of(operation.symbols, columns)
    if rows is None or wide is None or len(rows) != 1 or len(wide) != 1:
        return UNKNOWN
    return array(operation.dtype(3, "float64"), (*rows, *wide))


def identity(operation: Operation) -> Type:
    length = dims_of(operation.symbols, operation.get(0, "n"))
    return array(operation.dtype(1, "float64"), length * 2) if length and len(length) == 1 else UNKNOWN


def vander(operation: Operation) -> Type:
    """Powers of numbers in double precision; of others NumPy has rules of its own."""
    of, count = operation.type(0, "x"), operation.get(1, "N")
    if of.kind != "array" or of.dtype not in ("float64", "complex128") or of.shape is None or len(of.shape) != 1:
        return UNKNOWN
    wide = of.shape if count is None or count.value is None else dims_of(operation.symbols, count)
    return array(of.dtype, (*of.shape, *wide)) if wide and len(wide) == 1 else UNKNOWN


# ---------------------------------------------------------------- places and counts
def indices_of(operation: Operation) -> Type:
    """Places: how many is not told."""
    ranks = {"flatnonzero": 1, "argwhere": 2}
    rank = ranks.get(operation.op)
    return array(INDEX, None if rank is None else tuple(operation.symbols.fresh() for _ in range(rank)))


def nonzero(operation: Operation) -> Type:
    """An array of places for each axis, all of one length."""
    operand = operation.type(0, "a")
    if not is_numeric(operand) or not operand.shape:
        return UNKNOWN
    length = operation.symbols.fresh()
    return Type("tuple", items=(array(INDEX, (length,)),) * len(operand.shape))


def placed(position: int, name: str) -> Transfer:
    """``searchsorted``, ``digitize``: a place for each number."""

    def transfer(operation: Operation) -> Type:
        operand = operation.type(position, name)
        return result(INDEX, operand.shape) if is_numeric(operand) else UNKNOWN

    return transfer


def bincount(operation: Operation) -> Type:
    weights = operation.get(1, "weights")
    dtype = INDEX if weights is None or weights.type.kind == "none" else "float64"
    return array(dtype, (operation.symbols.fresh(),))


def grid(operation: Operation) -> Type:
    """``indices``: the axes of the grid, and one in front."""
    dims = dims_of(operation.symbols, operation.get(0, "dimensions"))
    if dims is None or "sparse" in operation.keywords or len(operation.args) > 2:
        return UNKNOWN
    return array(operation.dtype(1, INDEX), (len(dims), *dims))


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
    kind = operand.kind if operand.kind in ("array", "scalar") else "numpy" if operand.shape == () else "number"
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
    if all(part.may_be_python for part in (x, y)) and not (array_dtype(x) and array_dtype(y)):
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


def reversed_type(operation: Operation) -> Type:
    """A range the other way round gives the same numbers."""
    given = operation.args[0].type
    return given if given.kind == "other" and given.shape is not None else UNKNOWN


def unbroadcast(operation: Operation) -> Type:
    cotangent, target = operation.type(0, "cotangent"), operation.type(1, "like")
    if not is_numeric(cotangent) or target.shape is None:
        return UNKNOWN
    dtype = cotangent.dtype if cotangent.dtype and cotangent.dtype.startswith(("float", "complex")) else None
    if cotangent.is_complex and not target.is_complex:
        dtype = None if target.dtype is None or dtype is None else var_dtype(dtype)
    if target.shape:
        return array(dtype, target.shape)
    if cotangent.kind == "number":
        return Type("number", dtype, ())
    return Type("unknown" if cotangent.may_be_python else "numpy", dtype, ())


def sort_like(dtype: str | None) -> Transfer:
    def transfer(operation: Operation) -> Type:
        operand, axis = operation.type(0, "a"), operation.value(1, "axis", -1)
        if not is_numeric(operand) or not operand.shape or operation.spelling == "function:sorted":
            return UNKNOWN
        if axis is None:
            return array(dtype or operand.dtype, (product(operation.symbols, operand.shape),))
        return array(dtype or operand.dtype, operand.shape)

    return transfer

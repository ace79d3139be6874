"""Transfer functions of operations that take arrays apart, spread them out or order their elements."""

from __future__ import annotations

from backprose.analyse.contractions import inverse
from backprose.analyse.extents import product
from backprose.analyse.operands import NOT_KNOWN, Operation
from backprose.analyse.promotion import array_dtype, is_numeric
from backprose.analyse.results import Transfer, array, axis_of, var_dtype
from backprose.ir.types import UNKNOWN, Dim, Type

AXES = {"hsplit": 1, "vsplit": 0, "dsplit": 2}


def split(operation: Operation) -> Type:
    """``np.split`` and its kin: parts of one rank, of a number of equal parts also of one length."""
    given, cut = operation.type(0, "ary"), operation.value(1, "indices_or_sections", NOT_KNOWN)
    if given.kind != "array" or not given.shape or not isinstance(cut, int | tuple):
        return UNKNOWN
    rank = len(given.shape)
    axis = operation.value(2, "axis", 0) if operation.op not in AXES else AXES[operation.op] if rank > 1 else 0
    at = axis_of(axis, rank)
    if at is None:
        return UNKNOWN
    count = len(cut) + 1 if isinstance(cut, tuple) else cut
    same = operation.symbols.fresh()
    equal = isinstance(cut, int) and operation.op != "array_split"
    lengths: list[Dim] = [same if equal else operation.symbols.fresh() for _ in range(count)]
    items = [array(given.dtype, (*given.shape[:at], length, *given.shape[at + 1 :])) for length in lengths]
    return Type("list", items=tuple(items))


def meshgrid(operation: Operation) -> Type:
    """An array of as many axes as there are operands for each of them."""
    types = [arg.type for arg in operation.args]
    indexing, sparse = operation.value(-1, "indexing", "xy"), operation.value(-1, "sparse", False)
    ranks = [len(one.shape) if is_numeric(one) and one.shape is not None else 2 for one in types]
    if max(ranks, default=2) > 1 or indexing not in ("xy", "ij") or not isinstance(sparse, bool):
        return UNKNOWN
    order = list(range(len(types)))
    if indexing == "xy" and len(order) > 1:
        order[:2] = [1, 0]
    lengths: list[Dim] = [one.shape[0] if one.shape else 1 for one in types]
    items = [
        array(array_dtype(one), tuple(1 if sparse and place != own else lengths[place] for place in order))
        for own, one in enumerate(types)
    ]
    return Type("tuple", items=tuple(items))


def partition(operation: Operation) -> Type:
    given, axis = operation.type(0, "a"), operation.value(2, "axis", -1)
    if given.kind != "array" or not given.shape or axis is NOT_KNOWN:
        return UNKNOWN
    return array(given.dtype, (product(operation.symbols, given.shape),) if axis is None else given.shape)


def of_other_length(position: int) -> Transfer:
    """``insert``, ``delete``: an array with more or fewer items along an axis; ``position``: of that parameter."""

    def transfer(operation: Operation) -> Type:
        given, axis = operation.type(0, "arr"), operation.value(position, "axis", None)
        if given.kind != "array" or not given.shape or axis is NOT_KNOWN:
            return UNKNOWN
        if axis is None:
            return array(given.dtype, (operation.symbols.fresh(),))
        at = axis_of(axis, len(given.shape))
        return UNKNOWN if at is None else array(given.dtype, _with(given.shape, at, operation.symbols.fresh()))

    return transfer


def matrix_transpose(operation: Operation) -> Type:
    given = operation.type(0, "x")
    if given.kind != "array" or given.shape is None or len(given.shape) < 2:
        return UNKNOWN
    return array(given.dtype, (*given.shape[:-2], given.shape[-1], given.shape[-2]))


def matrix_power(operation: Operation) -> Type:
    """Of integers it may be integers."""
    given = operation.type(0, "a")
    return inverse(operation) if (given.dtype or "").startswith(("float", "complex")) else UNKNOWN


def singular_values(operation: Operation) -> Type:
    given = operation.args[0].type
    if (
        given.kind != "array"
        or given.shape is None
        or len(given.shape) < 2
        or given.dtype not in ("float32", "float64")
    ):
        return UNKNOWN
    return array(var_dtype(given.dtype), (*given.shape[:-2], operation.symbols.fresh()))


def polyfit(operation: Operation) -> Type:
    """The coefficients, for each column of the values."""
    y, degree = operation.type(1, "y"), operation.value(2, "deg", NOT_KNOWN)
    if y.kind != "array" or not y.shape or type(degree) is not int:
        return UNKNOWN
    double = y.dtype == operation.type(0, "x").dtype == "float64"
    return array("float64" if double else None, (degree + 1, *y.shape[1:]))


def _with(shape: tuple[Dim, ...], at: int, length: Dim) -> tuple[Dim, ...]:
    return (*shape[:at], length, *shape[at + 1 :])

"""Transfer functions of reductions, products, scans and linear algebra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from backprose.analyse.extents import Symbols, broadcast, minus, must_equal, product
from backprose.analyse.operands import NOT_KNOWN, Operation
from backprose.analyse.promotion import array_dtype, is_numeric, promoted, strong
from backprose.analyse.results import (
    INDEX,
    Shape,
    Transfer,
    array,
    axes_of,
    axis_of,
    mean_dtype,
    result,
    sum_dtype,
    var_dtype,
)
from backprose.ir.types import UNKNOWN, Type

REDUCED = frozenset({"a", "array", "axis", "dtype", "keepdims", "ddof", "where", "initial"})  # keywords of reductions
TAKE_DTYPE = frozenset({"sum", "add.reduce", "mean", "prod", "var", "std"})  # by position, after the axis


# ---------------------------------------------------------------- reductions
def reduction(dtype_of: Callable[[str], str], axis: int | None = None) -> Transfer:
    """A reduction over ``axis`` (what it is by itself), with ``keepdims``; ``dtype_of`` the operand's dtype."""

    def transfer(operation: Operation) -> Type:
        operand = operation.type(0, "a")
        if not is_numeric(operand) or set(operation.keywords) - REDUCED or len(operation.args) > 3:
            return UNKNOWN
        given = array_dtype(operand)
        if operation.op in TAKE_DTYPE:
            dtype = operation.dtype(2, dtype_of(given) if given else None)
        else:
            dtype = dtype_of(given) if given and len(operation.args) < 3 else None
        if "initial" in operation.keywords and dtype not in ("float64", "complex128"):
            dtype = None
        keep = operation.value(-1, "keepdims", False)
        return _reduced(operation.symbols, operand.shape, operation.value(1, "axis", axis), keep, dtype)

    return transfer


def log_of_sum(operation: Operation) -> Type:
    """SciPy's ``logsumexp``, without factors."""
    if operation.keywords.keys() - {"a", "axis", "keepdims"} or len(operation.args) > 2:
        return UNKNOWN
    return reduction(mean_dtype)(operation)


def softmax(operation: Operation) -> Type:
    operand = operation.type(0, "x")
    if not is_numeric(operand) or not operand.shape:
        return UNKNOWN
    return array(operand.dtype if operand.dtype in ("float32", "float64", "complex128") else None, operand.shape)


def accumulated(operation: Operation) -> Type:
    """``np.add.accumulate`` and its like."""
    operand = operation.type(0, "array")
    if not is_numeric(operand) or not operand.shape or operation.keywords.keys() - {"axis", "array"}:
        return UNKNOWN
    dtype = array_dtype(operand)
    return array(dtype if dtype in ("float64", "complex128", "float32", "int64") else None, operand.shape)


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


def arg_reduction(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    axis, keep = operation.value(1, "axis", None), operation.value(-1, "keepdims", False)
    found = _reduced(operation.symbols, operand.shape, axis, keep, "int64")
    return found if found.dtype == np.dtype(np.intp).name else UNKNOWN


def counted(operation: Operation) -> Type:
    """``count_nonzero``: of all a number, Python's or NumPy's by its version, else an array of numbers."""
    operand, axis = operation.type(0, "a"), operation.value(1, "axis", None)
    keep = operation.value(-1, "keepdims", False)
    if axis is None and keep is False:
        return Type("unknown", "int64", ())
    return _reduced(operation.symbols, operand.shape, axis, keep, INDEX) if is_numeric(operand) else UNKNOWN


def covariances(operation: Operation) -> Type:
    """``cov`` and ``corrcoef``: a square matrix, of one variable a number."""
    operand = operation.args[0].type if operation.args else UNKNOWN
    if not is_numeric(operand) or operand.dtype not in ("float64", "int64") or operand.shape is None:
        return UNKNOWN
    if len(operand.shape) != 2:
        return UNKNOWN
    by_rows = operation.value(2, "rowvar", True)
    if by_rows is NOT_KNOWN or operation.value(1, "y", None) is not None:
        return UNKNOWN
    length = operand.shape[0 if by_rows else 1]  # of one row NumPy takes the axes away
    apart = length != 1 and (isinstance(length, int) or length.not_one)
    return array("float64", (length, length)) if apart else UNKNOWN


def quantile(operation: Operation) -> Type:
    """Of a number or a vector of quantiles; of several the first axis has one for each."""
    operand, wanted = operation.type(0, "a"), operation.get(1, "q")
    if (
        not is_numeric(operand)
        or operand.dtype != "float64"
        or wanted is None
        or operation.keywords.keys() - {"axis", "keepdims", "q"}
    ):
        return UNKNOWN
    reduced = _reduced(
        operation.symbols,
        operand.shape,
        operation.value(2, "axis", None),
        operation.value(-1, "keepdims", False),
        "float64",
    )
    if wanted.type.shape == ():
        return reduced
    count = len(wanted.type.items) if wanted.type.items is not None else None
    if wanted.type.kind == "array" and wanted.type.rank == 1 and wanted.type.shape:
        return UNKNOWN if reduced.shape is None else array("float64", (wanted.type.shape[0], *reduced.shape))
    plain = count is not None and all(item.shape == () for item in wanted.type.items or ())
    return array("float64", (count, *reduced.shape)) if plain and count and reduced.shape is not None else UNKNOWN


def average(operation: Operation) -> Type:
    operand, weights = operation.type(0, "a"), operation.get(2, "weights")
    if not is_numeric(operand) or operand.dtype not in ("float64", "int64"):
        return UNKNOWN
    plain = weights is None or weights.type.kind in ("none", "list", "tuple")
    if weights is not None and not plain and weights.type.dtype not in ("float64", "int64"):
        return UNKNOWN
    axis, keep = operation.value(1, "axis", None), operation.value(-1, "keepdims", False)
    return _reduced(operation.symbols, operand.shape, axis, keep, "float64")


def trapezoid(operation: Operation) -> Type:
    operand, rest = operation.type(0, "y"), [operation.get(1, "x"), operation.get(2, "dx")]
    doubles = all(
        one is None or one.type.kind in ("none", "list") or one.type.dtype in ("float64", "int64") for one in rest
    )
    if not is_numeric(operand) or operand.dtype not in ("float64", "int64") or not doubles or operand.shape is None:
        return UNKNOWN
    at = axis_of(operation.value(3, "axis", -1), len(operand.shape))
    return UNKNOWN if at is None else result("float64", operand.shape[:at] + operand.shape[at + 1 :])


def convolve(operation: Operation) -> Type:
    a, v = operation.type(0, "a"), operation.type(1, "v")
    numbers = is_numeric(a) and is_numeric(v) and a.dtype and v.dtype
    return array(promoted("multiply", (strong(a), strong(v))) if numbers else None, (operation.symbols.fresh(),))


def kron(operation: Operation) -> Type:
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if not (is_numeric(a) and is_numeric(b)) or not a.shape or not b.shape:
        return UNKNOWN
    rank = max(len(a.shape), len(b.shape))
    pairs = zip((1,) * (rank - len(a.shape)) + a.shape, (1,) * (rank - len(b.shape)) + b.shape, strict=True)
    return array(promoted("multiply", (a, b)), tuple(product(operation.symbols, pair) for pair in pairs))


def einsum(operation: Operation) -> Type:
    subscripts, operands = operation.value(0, "subscripts", NOT_KNOWN), [arg.type for arg in operation.args[1:]]
    if not isinstance(subscripts, str) or "." in subscripts or set(operation.keywords) - {"optimize"}:
        return UNKNOWN
    ins, arrow, out = subscripts.replace(" ", "").partition("->")
    if not arrow:
        out = "".join(one for one in sorted(set(ins) - {","}) if ins.count(one) == 1)
    names = ins.split(",")
    dims: dict[str, Any] = {}
    if len(names) != len(operands):
        return UNKNOWN
    for name, operand in zip(names, operands, strict=True):
        if not is_numeric(operand) or operand.shape is None or len(operand.shape) != len(name):
            return UNKNOWN
        for one, dim in zip(name, operand.shape, strict=True):
            found = broadcast(operation.symbols, (dims.get(one, 1),), (dim,))
            if found is None:
                return UNKNOWN
            dims[one] = found[0]
    known = all(operand.dtype == "float64" for operand in operands)
    return result("float64" if known else None, tuple(dims[one] for one in out)) if set(out) <= dims.keys() else UNKNOWN


def interp(operation: Operation) -> Type:
    x, values = operation.type(0, "x"), operation.type(2, "fp")
    if values.is_complex is not False and values.kind not in ("list", "tuple"):
        return UNKNOWN
    if values.items is not None and not all(item.is_complex is False for item in values.items):
        return UNKNOWN
    return result("float64", x.shape) if is_numeric(x) else UNKNOWN


def gradient(operation: Operation) -> Type:
    """Along one axis."""
    operand = operation.type(0, "f")
    along = operation.value(-1, "axis", None)
    if not is_numeric(operand) or operand.dtype != "float64" or not operand.shape:
        return UNKNOWN
    one = type(along) is int or (along is None and len(operand.shape) == 1)
    return array("float64", operand.shape) if one else UNKNOWN


def fourier(operation: Operation) -> Type:
    """Complex, or real after a transform back; other lengths where they are given or halved."""
    operand = operation.type(0, "a")
    if not is_numeric(operand) or not operand.shape:
        return UNKNOWN
    name = operation.op.rpartition(".")[2]
    to_real = name.startswith("irfft") or (name.strip("in") in ("dct", "dst") and operand.dtype == "float64")
    known = operand.dtype in ("float64", "complex128", "int64")
    dtype = None if not known else "float64" if to_real else "complex128"
    kept = "rfft" not in name and len(operation.args) < 2 and not {"n", "s"} & operation.keywords.keys()
    return array(dtype, operand.shape if kept else tuple(operation.symbols.fresh() for _ in operand.shape))


# ---------------------------------------------------------------- products
def dense(known: Type) -> Type:
    """The type of a sparse matrix as that of an array."""
    return Type("array", known.dtype, known.shape) if known.is_sparse else known


def matmul(operation: Operation) -> Type:
    """``@``, ``np.matmul``: inner lengths are proved equal."""
    given = operation.type(0, "x1"), operation.type(1, "x2")
    a, b = map(dense, given)
    if not (is_numeric(a) and is_numeric(b)) or all(known.is_sparse for known in given):
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
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if not (is_numeric(a) and is_numeric(b)) or a.shape is None or b.shape is None:
        return UNKNOWN
    dtype = promoted(None, (a, b))
    if not a.shape or not b.shape:
        return result(dtype, a.shape + b.shape)
    must_equal(operation.symbols, a.shape[-1], b.shape[-2] if len(b.shape) > 1 else b.shape[0])
    rest = (*b.shape[:-2], b.shape[-1]) if len(b.shape) > 1 else ()
    return result(dtype, (*a.shape[:-1], *rest))


def inner(operation: Operation) -> Type:
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if not (is_numeric(a) and is_numeric(b)) or not a.shape or not b.shape:
        return dot(operation) if a.shape == () or b.shape == () else UNKNOWN
    must_equal(operation.symbols, a.shape[-1], b.shape[-1])
    return result(promoted(None, (a, b)), a.shape[:-1] + b.shape[:-1])


def outer(operation: Operation) -> Type:
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    lengths = [operation.symbols.fresh() if x.shape is None else product(operation.symbols, x.shape) for x in (a, b)]
    return array(promoted("multiply", (a, b)), tuple(lengths))


def all_pairs(operation: Operation) -> Type:
    """``np.add.outer`` and its like: the axes of the one operand, then those of the other."""
    a, b = strong(operation.type(0, "A")), strong(operation.type(1, "B"))
    if not (is_numeric(a) and is_numeric(b)) or a.shape is None or b.shape is None or operation.keywords:
        return UNKNOWN
    return result(promoted(operation.op.partition(".")[0], (a, b)), (*a.shape, *b.shape))


def cross(operation: Operation) -> Type:
    """Of vectors, one of which surely has three components."""
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if operation.keywords or len(operation.args) != 2 or not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    if a.rank != 1 or b.rank != 1 or a.shape is None or b.shape is None or 3 not in (a.shape[0], b.shape[0]):
        return UNKNOWN
    return array(promoted("multiply", (a, b)), (3,))


def vdot(operation: Operation) -> Type:
    a, b = strong(operation.type(0, "a")), strong(operation.type(1, "b"))
    if not (is_numeric(a) and is_numeric(b)):
        return UNKNOWN
    if a.shape is not None and b.shape is not None:
        must_equal(operation.symbols, product(operation.symbols, a.shape), product(operation.symbols, b.shape))
    return Type("scalar", promoted(None, (a, b)), ())


# ---------------------------------------------------------------- scans and linear algebra
def cumsum(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    given = array_dtype(operand)
    dtype = operation.dtype(2, sum_dtype(given) if given else None)
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
    dtype = promoted("subtract", (operand, operand)) if operand.dtype != "bool" else "bool"
    return array(dtype, (*operand.shape[:at], minus(dim, count), *operand.shape[at + 1 :]))


def trace(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or not operand.shape or len(operand.shape) < 2:
        return UNKNOWN
    dtype = operation.dtype(4, sum_dtype(operand.dtype) if operand.dtype else None)
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
    dtype = var_dtype(operand.dtype) if operand.dtype and operand.dtype != "bool" else None
    axis, keep = operation.value(2, "axis", None), operation.value(3, "keepdims", False)
    order = operation.value(1, "ord", None)
    sure = order is None or (operand.dtype or "").startswith("float")
    return _reduced(operation.symbols, operand.shape, axis, keep, dtype if sure else None)


# ---------------------------------------------------------------- decompositions
def _square(operation: Operation) -> tuple[str | None, tuple[Any, ...], Any] | None:
    """The dtype, the axes in front and the length of a square matrix."""
    a = operation.type(0, "a")
    if not is_numeric(a) or a.shape is None or len(a.shape) < 2:
        return None
    return linalg_dtype(a), a.shape[:-2], must_equal(operation.symbols, a.shape[-2], a.shape[-1])


def slogdet(operation: Operation) -> Type:
    found = _square(operation)
    if found is None:
        return UNKNOWN
    dtype, front, _ = found
    return Type("tuple", items=(result(dtype, front), result(None if dtype is None else var_dtype(dtype), front)))


def eigh(operation: Operation) -> Type:
    found = _square(operation)
    if found is None:
        return UNKNOWN
    dtype, front, n = found
    real = None if dtype is None else var_dtype(dtype)
    return Type("tuple", items=(array(real, (*front, n)), array(dtype, (*front, n, n))))


def eigvalsh(operation: Operation) -> Type:
    found = eigh(operation)
    return UNKNOWN if found.items is None else found.items[0]


def thin(operation: Operation) -> Type:
    """``qr`` and ``svd``: the lengths of their factors are not told."""
    a = operation.type(0, "a")
    if not is_numeric(a) or a.shape is None or len(a.shape) < 2 or set(operation.keywords) - {"full_matrices"}:
        return UNKNOWN
    symbols, dtype, (*front, rows, columns) = operation.symbols, linalg_dtype(a), a.shape
    k = symbols.fresh()
    if operation.op == "linalg.qr":
        return Type("tuple", items=(array(dtype, (*front, rows, k)), array(dtype, (*front, k, columns))))
    real = None if dtype is None else var_dtype(dtype)
    left = array(dtype, (*front, rows, symbols.fresh()))
    return Type("tuple", items=(left, array(real, (*front, k)), array(dtype, (*front, symbols.fresh(), columns))))

"""The result of every operation from the types of its operands: one table, and the elementwise operations."""

from __future__ import annotations

import cmath
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from backprose.analyse import contractions, creation, parts, sequences, shapes, sparse
from backprose.analyse.extents import broadcast, product
from backprose.analyse.joining import join_all
from backprose.analyse.operands import NOT_KNOWN, Operation
from backprose.analyse.promotion import elementwise, is_numeric, math_result, promoted, strong, ufunc_of
from backprose.analyse.results import (
    INDEX,
    OF_SCIPY_COMPLEX,
    Transfer,
    axes_of,
    mean_dtype,
    result,
    sum_dtype,
    var_dtype,
)
from backprose.analyse.values import STRING
from backprose.ir.types import PYTHON_BOOL, PYTHON_COMPLEX, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Dim, Kind, Type
from backprose.rules.registry import SCIPY, object_of, rule_of

OPERATORS = frozenset(
    "add subtract multiply divide power mod floor_divide negative positive absolute matmul invert left_shift"
    " right_shift bitwise_and bitwise_or bitwise_xor not equal not_equal less less_equal greater greater_equal".split()
)


def _clip(operation: Operation) -> Type:
    if set(operation.keywords) - {"a_min", "a_max", "min", "max", "a"}:
        return UNKNOWN
    bounds = [
        operation.get(1, "a_min") or operation.keywords.get("min"),
        operation.get(2, "a_max") or operation.keywords.get("max"),
    ]
    operands = [operation.type(0, "a"), *(bound.type for bound in bounds if bound is not None)]
    operands = [strong(operands[0]), *(operand for operand in operands[1:] if operand.kind != "none")]
    found = elementwise(operation.symbols, "clip", operands, operator=False)
    if found.kind == "unknown":
        return UNKNOWN
    return replace(found, dtype=promoted(None, operands) if len(operands) > 1 else None)


def _round(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    if operand.may_be_python:
        return Type("scalar", operand.dtype if operand.dtype == "float64" else None, ())
    return result(operand.dtype if operand.dtype != "bool" else None, operand.shape)


def _sinc(operation: Operation) -> Type:
    found = elementwise(operation.symbols, "sin", [operation.type(0, "x")], operator=False)
    return found if found.dtype == operation.type(0, "x").dtype else replace(found, dtype=None)


def _scalar_class(operation: Operation) -> Type:
    """``np.float64(x)``: of an array an array."""
    operand = operation.type(0, "x")
    return result(operation.op, operand.shape) if len(operation.args) == 1 and is_numeric(operand) else UNKNOWN


def _isclose(operation: Operation) -> Type:
    found = elementwise(operation.symbols, "equal", [arg.type for arg in operation.args[:2]], operator=False)
    return Type(found.kind, "bool", found.shape) if found.kind == "array" else UNKNOWN


def _one_of(operation: Operation) -> Type:
    """Python's ``max`` and ``min`` of several: one of the operands."""
    types = [arg.type for arg in operation.args]
    return join_all(operation.symbols, types) if len(types) > 1 and not operation.keywords else UNKNOWN


def _part(operation: Operation) -> Type:
    """The real or imaginary part: of what it is a part of, but for the dtype."""
    given = operation.args[0].type
    if not is_numeric(given):
        return UNKNOWN
    found = replace(given, dtype=None if given.dtype is None else var_dtype(given.dtype), extent=None)
    if given.dtype is not None and not given.dtype.startswith("complex"):
        found = replace(found, dtype=None if given.dtype == "bool" else given.dtype)
    return found


def _conj(operation: Operation) -> Type:
    """As a method it leaves Python's numbers what they are."""
    given = operation.args[0].type
    if operation.is_method and is_numeric(given) and given.dtype != "bool":
        return replace(given, extent=None)
    return elementwise(operation.symbols, "conj", [given], operator=False)


def _angle(operation: Operation) -> Type:
    given = operation.args[0].type
    real = replace(strong(given), dtype=None if given.dtype is None else mean_dtype(var_dtype(given.dtype)))
    return elementwise(operation.symbols, "arctan2", [real, real], operator=False) if is_numeric(given) else UNKNOWN


def _complex(_operation: Operation) -> Type:
    return PYTHON_COMPLEX


def _open_mesh(operation: Operation) -> Type:
    """``np.ix_(i, j)``: an index for each axis, of as many axes as there are."""
    count = len(operation.args)

    def index(at: int, given: Type) -> Type:
        length: Dim = operation.symbols.fresh()
        if given.kind == "array" and given.dtype != "bool" and given.shape and len(given.shape) == 1:
            length = given.shape[0]
        elif given.items is not None and all(item.dtype == "int64" for item in given.items):
            length = len(given.items)
        return Type("array", "int64", (*(1,) * at, length, *(1,) * (count - at - 1)))

    return Type("tuple", "int64", items=tuple(index(at, arg.type) for at, arg in enumerate(operation.args)))


def _pair(operation: Operation, home: str | None) -> Type:
    """``modf``, ``frexp`` and ``divmod``: two results."""
    types = [arg.type for arg in operation.args]
    if operation.keywords or not all(map(is_numeric, types)):
        return UNKNOWN
    if operation.op == "divmod" and home in ("numpy", "builtins"):
        operator = home == "builtins"
        parts = [elementwise(operation.symbols, op, types, operator=operator) for op in ("floor_divide", "mod")]
        return Type("tuple", items=tuple(parts))
    if home != "numpy":
        return UNKNOWN
    floats = elementwise(operation.symbols, "sqrt", types, operator=False)
    whole = replace(floats, dtype=np.dtype(np.intc).name) if operation.op == "frexp" else floats
    return Type("tuple", items=(floats, whole))


def _first(operation: Operation) -> Type:
    return operation.args[0].type if operation.args else UNKNOWN


def _like(position: int, name: str) -> Transfer:
    """An array of a cotangent's numbers, in the shape of another operand."""

    def transfer(operation: Operation) -> Type:
        given, like = operation.args[0].type, operation.type(position, name)
        if not is_numeric(given) or not is_numeric(like) or not like.shape:
            return UNKNOWN
        return Type("array", _inexact(given), like.shape)

    return transfer


def _undiff(operation: Operation) -> Type:
    """Zeros of float64 are joined on."""
    found = _like(1, "like")(operation)
    return found if found.dtype in ("float64", "complex128") else replace(found, dtype=None)


def _uncross(operation: Operation) -> Type:
    """A product of a cotangent and another operand."""
    found = _like(2, "like")(operation)
    same = found.dtype == operation.type(1, "other").dtype == operation.type(2, "like").dtype
    return found if same else replace(found, dtype=None)


def _inexact(type: Type) -> str | None:
    """The dtype of a cotangent; what becomes of integers is not told."""
    return type.dtype if type.dtype is not None and type.dtype.startswith(("float", "complex")) else None


def _merge_axes(operation: Operation) -> Type:
    given, axis = operation.type(0, "a"), operation.value(1, "axis", NOT_KNOWN)
    axes = axes_of(axis, len(given.shape)) if is_numeric(given) and given.shape and axis is not NOT_KNOWN else None
    if axes is None or given.shape is None:
        return UNKNOWN
    kept = tuple(dim for at, dim in enumerate(given.shape) if at not in axes)
    return Type("array", given.dtype, (*kept, product(operation.symbols, [given.shape[at] for at in axes])))


def _unsection(operation: Operation) -> Type:
    """Of the shape of the joined arrays; which of several dtypes is not told."""
    found = shapes.concatenated(operation, operation.type(1, "arrays").items, operation.value(3, "axis", 0))
    given = _inexact(operation.type(0, "part"))
    return replace(found, dtype=given if given == found.dtype else None)


def _evaluated(operation: Operation) -> Type:
    """The values of a spline: arrays, those of numbers too."""
    given = operation.type(1, "x")
    return Type("array", "float64", given.shape) if is_numeric(given) else UNKNOWN


def _section(operation: Operation) -> Type:
    given, arrays, item = operation.type(0, "joined"), operation.type(1, "arrays"), operation.value(2, "item", None)
    if arrays.items is None or type(item) is not int or not 0 <= item < len(arrays.items) or not is_numeric(given):
        return UNKNOWN
    shape = arrays.items[item].shape if is_numeric(arrays.items[item]) else None
    return UNKNOWN if shape is None else Type("array", _inexact(given), shape)


def _as_tangent(operation: Operation) -> Type:
    """Of what is no float nothing is known: it is handed on as it is."""
    found = _as_gradient(operation)
    return found if (found.dtype or "").startswith(("float", "complex")) else UNKNOWN


def _as_gradient(operation: Operation) -> Type:
    """Of the kind, dtype and shape of an argument."""
    like = operation.type(1, "x")
    return like if is_numeric(like) and like.dtype is not None else UNKNOWN


def _float(_operation: Operation) -> Type:
    return PYTHON_FLOAT


def _int(_operation: Operation) -> Type:
    return PYTHON_INT


def _bool(_operation: Operation) -> Type:
    return PYTHON_BOOL


def _of_floats(transfer: Transfer) -> Transfer:
    """As NumPy's function of the name, of floating-point operands: SciPy's take others in their own way."""

    def found(operation: Operation) -> Type:
        floats = ("float32", "float64", "complex64", "complex128")
        return transfer(operation) if all(arg.type.dtype in floats for arg in operation.args) else UNKNOWN

    return found


TABLE: Mapping[str, Transfer] = {
    "sum": contractions.reduction(sum_dtype),
    "prod": contractions.reduction(sum_dtype),
    "mean": contractions.reduction(mean_dtype),
    "var": contractions.reduction(var_dtype),
    "std": contractions.reduction(var_dtype),
    "max": contractions.reduction(str),
    "min": contractions.reduction(str),
    "all": contractions.reduction(lambda _dtype: "bool"),
    "any": contractions.reduction(lambda _dtype: "bool"),
    **{f"{name}.reduce": contractions.reduction(sum_dtype, 0) for name in ("add", "multiply")},
    **{f"{name}.reduce": contractions.reduction(str, 0) for name in ("maximum", "minimum")},
    **{f"{name}.accumulate": contractions.accumulated for name in ("add", "multiply", "maximum", "minimum")},
    **{f"{n}.outer": contractions.all_pairs for n in ("add", "subtract", "multiply", "divide", "maximum", "minimum")},
    "argmax": contractions.arg_reduction,
    "argmin": contractions.arg_reduction,
    "matmul": contractions.matmul,
    "dot": contractions.dot,
    "inner": contractions.inner,
    "outer": contractions.outer,
    "vdot": contractions.vdot,
    "cross": contractions.cross,
    "trace": contractions.trace,
    "cumsum": contractions.cumsum,
    "cumprod": contractions.cumsum,
    "diff": contractions.diff,
    "linalg.solve": contractions.solve,
    "linalg.inv": contractions.inverse,
    "linalg.cholesky": contractions.inverse,
    "linalg.det": contractions.determinant,
    "linalg.norm": contractions.norm,
    "linalg.slogdet": contractions.slogdet,
    "linalg.eigh": contractions.eigh,
    "linalg.eigvalsh": contractions.eigvalsh,
    "linalg.qr": contractions.thin,
    "linalg.svd": contractions.thin,
    **{f"nan{name}": contractions.reduction(sum_dtype) for name in ("sum", "prod")},
    **{f"nan{name}": contractions.reduction(str) for name in ("max", "min")},
    **{f"nan{name}": contractions.reduction(var_dtype) for name in ("var", "std")},
    "nanmean": contractions.reduction(mean_dtype),
    "cov": contractions.covariances,
    "corrcoef": contractions.covariances,
    "ptp": contractions.reduction(str),
    "quantile": contractions.quantile,
    "percentile": contractions.quantile,
    "average": contractions.average,
    "trapezoid": contractions.trapezoid,
    "convolve": contractions.convolve,
    "correlate": contractions.convolve,
    "kron": contractions.kron,
    "einsum": contractions.einsum,
    "interp": contractions.interp,
    "gradient": contractions.gradient,
    "unwrap": shapes.unwrap,
    **{f"fft.{name}": contractions.fourier for name in ("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn")},
    **{f"fft.{name}": contractions.fourier for name in ("rfft", "rfft2", "rfftn", "irfft", "irfft2", "irfftn")},
    "fft.fftshift": shapes.same_shape,
    "fft.ifftshift": shapes.same_shape,
    "reshape": shapes.reshape,
    "ravel": shapes.ravel,
    "flatten": shapes.ravel,
    "transpose": shapes.transpose,
    "swapaxes": shapes.swapaxes,
    "moveaxis": shapes.moveaxis,
    "squeeze": shapes.squeeze,
    "expand_dims": shapes.expand_dims,
    "broadcast_to": shapes.broadcast_to,
    "flip": shapes.same_shape,
    "roll": shapes.same_shape,
    "fliplr": shapes.same_shape,
    "flipud": shapes.same_shape,
    "tril": shapes.triangle,
    "triu": shapes.triangle,
    "diag": shapes.diag,
    "diagonal": shapes.diagonal,
    "tile": shapes.tile,
    "repeat": shapes.repeat,
    "resize": shapes.resize,
    "atleast_1d": shapes.atleast(1),
    "atleast_2d": shapes.atleast(2),
    "ascontiguousarray": shapes.contiguous,
    **dict.fromkeys(("split", "array_split", "hsplit", "vsplit", "dsplit"), parts.split),
    "meshgrid": parts.meshgrid,
    "partition": parts.partition,
    "polyfit": parts.polyfit,
    "insert": parts.of_other_length(3),
    "delete": parts.of_other_length(2),
    "matrix_transpose": parts.matrix_transpose,
    "linalg.matrix_power": parts.matrix_power,
    "linalg.svdvals": parts.singular_values,
    "linalg.svd_values": parts.singular_values,
    "concatenate": sequences.of_list(shapes.concatenate),
    "stack": sequences.of_list(shapes.stack),
    "hstack": sequences.of_list(shapes.stacked_along(1)),
    "vstack": sequences.of_list(shapes.stacked_along(0)),
    "array": sequences.of_list(shapes.of_sequence),
    "asarray": sequences.of_list(shapes.of_sequence),
    "sort": creation.sort_like(None),
    "take_along_axis": shapes.along_axis,
    "argsort": creation.sort_like(INDEX),
    "argpartition": creation.indices_of,
    "lexsort": creation.indices_of,
    "argwhere": creation.indices_of,
    "flatnonzero": creation.indices_of,
    "nonzero": creation.nonzero,
    "searchsorted": creation.placed(1, "v"),
    "digitize": creation.placed(0, "x"),
    "count_nonzero": contractions.counted,
    "bincount": creation.bincount,
    "indices": creation.grid,
    "identity": creation.identity,
    "tri": creation.eye,
    "vander": creation.vander,
    "ix": _open_mesh,
    "scipy.special.logsumexp": contractions.log_of_sum,
    **dict.fromkeys(("scipy.special.softmax", "scipy.special.log_softmax"), contractions.softmax),
    "zeros": creation.created,
    "ones": creation.created,
    "empty": creation.created,
    "full": creation.full,
    "zeros_like": creation.like,
    "ones_like": creation.like,
    "empty_like": creation.like,
    "full_like": creation.like,
    "arange": creation.arange,
    "linspace": creation.linspace,
    "eye": creation.eye,
    "copy": creation.copy,
    "astype": creation.astype,
    "item": creation.item,
    "where": creation.where,
    "append": shapes.append,
    "pad": shapes.pad,
    "take": shapes.take,
    "shape": creation.shape,
    "size": creation.size,
    "evaluated": _evaluated,
    "ndim": creation.ndim,
    "len": creation.length,
    "range": creation.range_type,
    "reversed": creation.reversed_type,
    "clip": _clip,
    "round": _round,
    "sinc": _sinc,
    "isclose": _isclose,
    "real": _part,
    "imag": _part,
    "conj": _conj,
    "angle": _angle,
    "complex": _complex,
    "iscomplexobj": _bool,
    "isrealobj": _bool,
    "is_sequence": _bool,
    "is_mapping": _bool,
    "complex128": _scalar_class,
    "complex64": _scalar_class,
    "float64": _scalar_class,
    "float32": _scalar_class,
    "float": _float,
    "int": _int,
    "bool": _bool,
    "not": _bool,
    "allclose": _bool,
    "array_equal": _bool,
    "shares_memory": _bool,
    "issubdtype": _bool,
    "max_of": _one_of,
    "min_of": _one_of,
    "list": sequences.list_of,
    "sum_of": sequences.total,
    # SciPy's
    "scipy.linalg.solve": _of_floats(contractions.solve),
    **{f"scipy.linalg.{name}": _of_floats(contractions.inverse) for name in ("inv", "cholesky", "pinvh", "expm")},
    **{
        f"scipy.fft.{name}": _of_floats(contractions.fourier)
        for name in ("fft", "ifft", "fftn", "ifftn", "rfft", "irfft")
    },
    **{
        f"scipy.fft.{name}": _of_floats(contractions.fourier)
        for name in ("dct", "idct", "dctn", "idctn", "dst", "idst")
    },
    **{f"scipy.fft.{name}": _of_floats(shapes.same_shape) for name in ("fftshift", "ifftshift")},
    # ours
    "sections": sequences.sections,
    "unsliced": sequences.unsliced,
    "stop_gradient": _first,
    "own": _first,
    "scalar_result": _first,
    "as_gradient": _as_gradient,
    "as_tangent": _as_tangent,
    "unbroadcast": creation.unbroadcast,
    "section": _section,
    "unsection": _unsection,
    "merge_axes": _merge_axes,
    "undiff": _undiff,
    "uncross": _uncross,
    "unresize": _like(1, "like"),
    "untile": _like(1, "like"),
    "unrepeat": _like(1, "like"),
    "split_axes": _like(1, "like"),
    "product_of_others": _like(0, "x"),
    "adjugate": _like(0, "a"),
    "lower_half": _like(0, "a"),
}


def transfer(operation: Operation, home: str | None = None, name: str = "") -> Type:
    """The type of an operation's result.

    ``home``: the module that the function comes from (``math``, ``numpy``, ``builtins``, ``operator``), None where it
    cannot be told; ``name`` its name there (``fabs``, another spelling of ``absolute`` that promotes by itself).
    """
    spelling = operation.spelling
    if any(arg.type.is_sparse for arg in operation.args):
        return sparse.of_sparse(operation)
    if spelling.startswith("operator") or home == "operator" or (not spelling and operation.op in OPERATORS):
        return _operator(operation)
    if operation.op in ("modf", "frexp", "divmod"):
        return _pair(operation, home)
    if home == "builtins":
        return _builtin(operation)
    if home == "cmath":
        return PYTHON_FLOAT if operation.op == "phase" else PYTHON_COMPLEX
    if operation.op == "math.prod":
        return UNKNOWN  # of what it is given
    if home == "math":
        return math_result(operation.op.rpartition(".")[2])
    if operation.op in TABLE:
        return TABLE[operation.op](operation) if operation.args or operation.keywords else UNKNOWN
    if operation.op.startswith(SCIPY) and ufunc_of(operation.op) is None:
        return _of_scipy(operation)
    of_numpy = home == "numpy" and isinstance(getattr(np, name, None), np.ufunc)
    op = name if of_numpy and not operation.op.startswith(SCIPY) else operation.op
    if ufunc_of(op) is None or operation.keywords:
        return UNKNOWN
    types = [arg.type for arg in operation.args]
    found = elementwise(operation.symbols, op, types, operator=False)
    if home == "numpy" or not spelling.startswith("function:"):
        return found
    if found.rank:
        return found
    alternatives = (math_result(op), *((PYTHON_COMPLEX,) if hasattr(cmath, op) else ()))
    return join_all(operation.symbols, (found, *alternatives))  # NumPy's, or that of one of Python's modules


def _of_scipy(operation: Operation) -> Type:
    """What a function gives for each element: float64, as far as its operands are; arrays of rank 0, too.

    Of some it is complex128, of the same operands; some give a tuple.
    """
    types = [operand.type for operand in (*operation.args, *operation.keywords.values())]
    rule = rule_of(operation.op)
    given = {*(parameter.name for parameter in rule.parameters[: len(operation.args)]), *operation.keywords}
    several = getattr(object_of(operation.op), "nout", 1) > 1 and len(types) == len(rule.parameters)
    if not (several or rule.kind == "elementwise") or not types or not all(map(is_numeric, types)):
        return UNKNOWN
    if given & {"exact", "diff_n"}:  # which may give integers, and more than a number for each element
        return UNKNOWN
    shape = broadcast(operation.symbols, *(known.shape for known in types))
    dtypes = {known.dtype for known in types}
    wide = dtypes <= {"float64", "int64", "bool"} and dtypes != {"bool"}
    kind: Kind = "array" if shape else "numpy" if shape == () else "number"
    dtype = "complex128" if operation.op in OF_SCIPY_COMPLEX else "float64"
    found = Type(kind, dtype if wide else None, shape)
    return Type("tuple", items=(found,) * rule.results) if several else found


def _operator(operation: Operation) -> Type:
    if operation.op == "multiply" and (found := sequences.repeated(operation)) is not None:
        return found
    texts = [arg.type.kind == "str" for arg in operation.args]
    if (operation.op == "mod" and texts[0]) or (operation.op == "add" and all(texts)):
        return STRING
    if operation.op == "matmul":
        return contractions.matmul(operation)
    if operation.op == "add" and all(arg.type.kind == "tuple" for arg in operation.args):
        return _tuples_joined([arg.type for arg in operation.args])
    if operation.op == "not":
        return PYTHON_BOOL
    return elementwise(operation.symbols, operation.op, [arg.type for arg in operation.args], operator=True)


def _tuples_joined(parts: Sequence[Type]) -> Type:
    """``(n,) + x.shape``."""
    whole = all(part.dtype == "int64" or _all_integers(part.items) for part in parts)
    items = None if any(part.items is None for part in parts) else tuple(one for p in parts for one in p.items or ())
    return Type("tuple", "int64" if whole else None, items=items)


def _all_integers(items: tuple[Type, ...] | None) -> bool:
    return items is not None and all(item.kind == "python" and item.dtype == "int64" for item in items)


def _builtin(operation: Operation) -> Type:
    types = [arg.type for arg in operation.args]
    match operation.op:
        case "max" | "min" | "max_of" | "min_of" | "maximum" | "minimum":
            return _one_of(operation)
        case "round" if all(map(is_numeric, types)) and not operation.keywords:
            return PYTHON_INT if len(types) == 1 else types[0] if types[0].kind == "python" else UNKNOWN
        case "absolute" | "power" if not operation.keywords:
            return _operator(operation) if len(types) == 1 + (operation.op == "power") else UNKNOWN
        case "float" | "int" | "bool" | "complex" | "len" | "range" | "reversed" | "list" | "sum_of":
            return TABLE[operation.op](operation)
    return UNKNOWN

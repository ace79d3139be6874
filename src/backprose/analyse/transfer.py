"""The result of every operation from the types of its operands: one table, and the elementwise operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from backprose.analyse import contractions, creation, results, shapes
from backprose.analyse.extents import Symbols
from backprose.analyse.joining import join_all
from backprose.analyse.operands import NOT_KNOWN, Operand, Operation
from backprose.analyse.promotion import elementwise, is_numeric, math_result, promoted, ufunc_of
from backprose.analyse.results import Transfer
from backprose.ir.types import PYTHON_BOOL, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Type

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
    operands = [operand for operand in operands if operand.kind != "none"]
    found = elementwise(operation.symbols, "clip", operands, operator=False)
    if found.kind == "unknown":
        return UNKNOWN
    return replace(found, dtype=promoted(None, operands) if len(operands) > 1 else None)


def _round(operation: Operation) -> Type:
    operand = operation.type(0, "a")
    if not is_numeric(operand) or operand.shape is None:
        return UNKNOWN
    if operand.kind in ("python", "unknown"):
        return Type("scalar", operand.dtype if operand.dtype == "float64" else None, ())
    return results.result(operand.dtype if operand.dtype != "bool" else None, operand.shape)


def _sinc(operation: Operation) -> Type:
    found = elementwise(operation.symbols, "sin", [operation.type(0, "x")], operator=False)
    return found if found.dtype == operation.type(0, "x").dtype else replace(found, dtype=None)


def _real(operation: Operation) -> Type:
    operand = operation.type(0, "val")
    is_real = operand.dtype is not None and not operand.dtype.startswith("complex")
    return operand if is_real and operand.kind == "array" else UNKNOWN


def _like_second(operation: Operation) -> Type:
    return operation.args[1].type


def _shaped_like_second(operation: Operation) -> Type:
    """A cotangent brought back to the shape of an operand."""
    shape = operation.args[1].type.shape
    return Type("array", operation.args[0].type.dtype, shape) if shape else UNKNOWN


TABLE: Mapping[str, Transfer] = {
    "sum": contractions.reduction(results.sum_dtype),
    "prod": contractions.reduction(results.sum_dtype),
    "mean": contractions.reduction(results.mean_dtype),
    "var": contractions.reduction(results.var_dtype),
    "std": contractions.reduction(results.var_dtype),
    "max": contractions.reduction(lambda dtype: dtype),
    "min": contractions.reduction(lambda dtype: dtype),
    "all": contractions.reduction(lambda dtype: "bool"),
    "any": contractions.reduction(lambda dtype: "bool"),
    "argmax": contractions.arg_reduction,
    "argmin": contractions.arg_reduction,
    "matmul": contractions.matmul,
    "dot": contractions.dot,
    "inner": contractions.inner,
    "outer": contractions.outer,
    "vdot": contractions.vdot,
    "trace": contractions.trace,
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
    "tile": shapes.tile,
    "repeat": shapes.repeat,
    "atleast_1d": shapes.atleast(1),
    "atleast_2d": shapes.atleast(2),
    "concatenate": shapes.concatenate,
    "stack": shapes.stack,
    "hstack": shapes.stacked_along(1),
    "vstack": shapes.stacked_along(0),
    "array": shapes.of_sequence,
    "asarray": shapes.of_sequence,
    "cumsum": contractions.cumsum,
    "cumprod": contractions.cumsum,
    "diff": contractions.diff,
    "sort": creation.sort_like(None),
    "argsort": creation.sort_like("int64"),
    "linalg.solve": contractions.solve,
    "linalg.inv": contractions.inverse,
    "linalg.det": contractions.determinant,
    "linalg.norm": contractions.norm,
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
    "shape": creation.shape,
    "size": creation.size,
    "ndim": creation.ndim,
    "len": creation.length,
    "range": creation.range_type,
    "stop_gradient": creation.first,
    "unbroadcast": creation.unbroadcast,
    "own": creation.first,
    "scalar_result": creation.first,
    "as_gradient": _like_second,
    "undiff": _shaped_like_second,
    "untile": _shaped_like_second,
    "unrepeat": _shaped_like_second,
    "max_of": lambda operation: join_all(operation.symbols, [arg.type for arg in operation.args]),
    "min_of": lambda operation: join_all(operation.symbols, [arg.type for arg in operation.args]),
    "clip": _clip,
    "round": _round,
    "sinc": _sinc,
    "real": _real,
    "float": lambda operation: PYTHON_FLOAT,
    "int": lambda operation: PYTHON_INT,
    "bool": lambda operation: PYTHON_BOOL,
    "not": lambda operation: PYTHON_BOOL,
}


def transfer(operation: Operation, home: str | None) -> Type:
    """The type of an operation's result.

    ``home``: the module that the function comes from (``math``, ``numpy``, ``builtins``, ``operator``), None where it
    cannot be told.
    """
    if operation.spelling.startswith("operator") or home == "operator":
        return _operator(operation)
    if not operation.spelling:
        return _operator(operation) if operation.op in OPERATORS else _plain(operation, operator=False)
    if home == "builtins":
        return _builtin(operation)
    if home == "math":
        return math_result(operation.op)
    if home == "numpy" or operation.is_method or operation.spelling.startswith("attribute:"):
        return _plain(operation, operator=False)
    alternatives = (_plain(operation, operator=False), math_result(operation.op))
    return alternatives[0] if alternatives[0].rank else join_all(operation.symbols, alternatives)


def _operator(operation: Operation) -> Type:
    if operation.op == "matmul":
        return contractions.matmul(operation)
    if operation.op == "not":
        return PYTHON_BOOL
    return elementwise(operation.symbols, operation.op, [arg.type for arg in operation.args], operator=True)


def _plain(operation: Operation, *, operator: bool) -> Type:
    found = TABLE.get(operation.op)
    if found is not None:
        return found(operation) if operation.args or operation.keywords else UNKNOWN
    if ufunc_of(operation.op) is None or operation.keywords:
        return UNKNOWN
    return elementwise(operation.symbols, operation.op, [arg.type for arg in operation.args], operator=operator)


def _builtin(operation: Operation) -> Type:
    types = [arg.type for arg in operation.args]
    if operation.op in ("max", "min", "maximum", "minimum", "fmax", "fmin"):
        # One of the operands; of rank 0, else the comparison has no truth value.
        return join_all(operation.symbols, types) if len(types) > 1 and not operation.keywords else UNKNOWN
    if operation.op == "round":
        if not all(map(is_numeric, types)) or operation.keywords:
            return UNKNOWN
        return PYTHON_INT if len(types) == 1 else types[0] if types[0].kind == "python" else UNKNOWN
    if operation.op in ("absolute", "power") and not operation.keywords:
        return _operator(operation) if len(types) == (1 if operation.op == "absolute" else 2) else UNKNOWN
    if operation.op in ("float", "int", "bool", "len", "range"):
        return TABLE[operation.op](operation)
    return UNKNOWN


def operation_of(
    symbols: Symbols, op: str, args: list[Operand], keywords: dict[str, Operand], spelling: str
) -> Operation:
    return Operation(symbols, op, tuple(args), keywords, spelling)


__all__ = ["NOT_KNOWN", "OPERATORS", "TABLE", "operation_of", "transfer"]

"""How operations are written: the operators, and the form that operations of ours take by default."""

from __future__ import annotations

import builtins
import importlib
from types import ModuleType
from typing import Any

import gast
import numpy as np

from backprose.ir.nodes import Apply, Attribute, Const, Expr, Name, Subscript

BINARY: dict[str, type[Any]] = {
    "add": gast.Add,
    "subtract": gast.Sub,
    "multiply": gast.Mult,
    "divide": gast.Div,
    "floor_divide": gast.FloorDiv,
    "mod": gast.Mod,
    "remainder": gast.Mod,
    "power": gast.Pow,
    "matmul": gast.MatMult,
    "bitwise_and": gast.BitAnd,
    "bitwise_or": gast.BitOr,
    "bitwise_xor": gast.BitXor,
    "left_shift": gast.LShift,
    "right_shift": gast.RShift,
}
UNARY: dict[str, type[Any]] = {"negative": gast.USub, "positive": gast.UAdd, "not": gast.Not, "invert": gast.Invert}
COMPARE: dict[str, type[Any]] = {
    "equal": gast.Eq,
    "not_equal": gast.NotEq,
    "less": gast.Lt,
    "less_equal": gast.LtE,
    "greater": gast.Gt,
    "greater_equal": gast.GtE,
}
COMPARISONS: dict[str, type[Any]] = {
    "==": gast.Eq,
    "!=": gast.NotEq,
    "<": gast.Lt,
    "<=": gast.LtE,
    ">": gast.Gt,
    ">=": gast.GtE,
    "is": gast.Is,
    "is not": gast.IsNot,
    "in": gast.In,
    "not in": gast.NotIn,
}
BUILTINS = frozenset(
    [
        "bool",
        "complex",
        "dict",
        "enumerate",
        "float",
        "int",
        "isinstance",
        "len",
        "list",
        "range",
        "reversed",
        "slice",
        "sorted",
        "str",
        "tuple",
        "type",
        "zip",
    ]
)
PYTHON_NAMES = {"max_of": "max", "min_of": "min"}
NUMBERS = ("max", "min", "abs", "round", "sum", "pow")  # NumPy's and Python's: told apart by the operands
METHODS = frozenset(["astype", "copy", "flatten", "item", "tolist"])
FOR_ARRAYS = {"reshape": "method", "shape": "attribute", "ndim": "attribute", "size": "attribute"}
_STAYS_PYTHON = frozenset([*BINARY, *UNARY, "item", "float", "int", "len", "bool", "complex", "max", "min", "sum"])


def default_spelling(expr: Apply) -> str:
    """The spelling of an operation of ours; ``numpy`` and ``builtin`` mean ``<name of ours>.<op>``, ``<op>``.

    >>> default_spelling(Apply("add", (Name("a"), Name("b")))), default_spelling(Apply("sin", (Name("a"),)))
    ('operator', 'numpy')
    >>> from backprose.ir.types import Type
    >>> array = Name("a", Type("array", "float64", (3, 4)))
    >>> [default_spelling(Apply("reshape", (operand, Const(-1)))) for operand in (array, Name("a"))]
    ['method:reshape', 'numpy']
    """
    op, args, keywords = expr.op, expr.args, expr.keywords
    if not keywords and _operands(op) == len(args):
        return "operator"
    if op == "getitem":
        return "getitem"
    if op in BUILTINS or op in PYTHON_NAMES or (op in NUMBERS and is_python_form(expr)):
        return "builtin"
    if op in METHODS and args and not is_python_number(args[0]):
        return f"method:{op}"
    if op == "transpose" and len(args) == 1 and not keywords and not may_be_python_number(args[0]):
        return "attribute:T"
    if op in FOR_ARRAYS and args and not may_be_python_number(args[0]):
        kind = FOR_ARRAYS[op]
        if kind == "method" or (len(args) == 1 and not keywords):
            return f"{kind}:{op}"
    return "numpy" if numpy_attribute(op) is not None else "helper"


def _operands(op: str) -> int | None:
    return 2 if op in BINARY or op in COMPARE else 1 if op in UNARY else None


def is_python_form(expr: Apply) -> bool:
    """Whether ``max(a, b)`` and its like are Python's: two or more operands, of which none is an array or an axis."""
    if expr.op not in ("max", "min") or expr.keywords or len(expr.args) < 2:
        return False
    return all(not isinstance(arg, Const) or arg.value is not None for arg in expr.args) and may_be_python_number(
        expr.args[0]
    )


def numpy_attribute(path: str) -> Any:
    """The object ``numpy.<path>``, or None."""
    value: Any = np
    for part in path.split("."):
        value = getattr(value, part, None)
    return value


def helper(op: str) -> Any:
    """The function of ours, in ``backprose.support``, that emitted text calls by this name, or None."""
    try:
        support: ModuleType = importlib.import_module("backprose.support")
    except ModuleNotFoundError:
        return None
    value = getattr(support, op, None)
    return value if getattr(value, "__module__", None) == support.__name__ else None


def builtin(op: str) -> Any:
    return getattr(builtins, PYTHON_NAMES.get(op, op))


def is_python_number(expr: Expr) -> bool:
    """Proved to be a Python number."""
    return expr.type.kind == "python" if isinstance(expr, Name) else isinstance(expr, Const)


def may_be_python_number(expr: Expr) -> bool:
    """Not proved to be an array or a scalar of NumPy's, which have methods such as ``reshape``.

    >>> from backprose.ir.types import Type
    >>> a, b = Name("a"), Name("b", Type("array"))
    >>> [may_be_python_number(Apply("add", (a, a))), may_be_python_number(Apply("add", (a, b)))]
    [True, False]
    """
    match expr:
        case Name(type=type):
            return type.kind not in ("array", "scalar", "numpy")
        case Apply(op=op, args=args) if op in _STAYS_PYTHON:
            return all(map(may_be_python_number, args))
        case Apply(op=op):
            return numpy_attribute(op) is None
        case Subscript(value=value):
            return may_be_python_number(value)
        case Attribute(value=value, attr=attr):
            return attr not in ("T", "real", "imag") or may_be_python_number(value)
    return True

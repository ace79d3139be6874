"""How operations are written: the operators, and the form that operations of ours take by default."""

from __future__ import annotations

import ast
import sys
from types import ModuleType
from typing import Any

from backprose import support
from backprose.analyse.expressions import type_of
from backprose.analyse.promotion import is_numeric
from backprose.ir.nodes import Apply, Expr
from backprose.rules.registry import SCIPY, Form, canonical_name, is_by_user, object_of, rule_of, target_of, targets_of

BINARY: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "subtract": ast.Sub,
    "multiply": ast.Mult,
    "divide": ast.Div,
    "floor_divide": ast.FloorDiv,
    "mod": ast.Mod,
    "remainder": ast.Mod,
    "power": ast.Pow,
    "matmul": ast.MatMult,
    "bitwise_and": ast.BitAnd,
    "bitwise_or": ast.BitOr,
    "bitwise_xor": ast.BitXor,
    "left_shift": ast.LShift,
    "right_shift": ast.RShift,
}
UNARY: dict[str, type[ast.unaryop]] = {"negative": ast.USub, "positive": ast.UAdd, "not": ast.Not, "invert": ast.Invert}
COMPARE: dict[str, type[ast.cmpop]] = {
    "equal": ast.Eq,
    "not_equal": ast.NotEq,
    "less": ast.Lt,
    "less_equal": ast.LtE,
    "greater": ast.Gt,
    "greater_equal": ast.GtE,
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
PYTHON_NAMES = {"max_of": "max", "min_of": "min", "sum_of": "sum"}  # of several numbers; NumPy's are the reductions
METHODS = frozenset(["astype", "copy", "flatten", "item", "tolist"])
FOR_ARRAYS = {"reshape": "method", "sum": "method", "shape": "attribute", "ndim": "attribute", "size": "attribute"}


def default_spelling(expr: Apply) -> str:
    """The spelling of an operation of ours; ``numpy`` and ``builtin`` mean ``<name of ours>.<op>``, ``<op>``.

    >>> from backprose.ir.nodes import Const, Name
    >>> from backprose.ir.types import Type
    >>> default_spelling(Apply("add", (Name("a"), Name("b")))), default_spelling(Apply("sin", (Name("a"),)))
    ('operator', 'numpy')
    >>> array = Name("a", Type("array", "float64", (3, 4)))
    >>> [default_spelling(Apply("reshape", (operand, Const(-1)))) for operand in (array, Name("a"))]
    ['method:reshape', 'numpy']
    """
    op, args, keywords = expr.op, expr.args, expr.keywords
    if not keywords and _operands(op) == len(args):
        return "operator"
    if op == "getitem":
        return "getitem"
    if python_name(op) is not None:
        return "builtin"
    if op in METHODS and args and type_of(args[0]).kind != "python":
        return f"method:{op}"
    if op == "transpose" and len(args) == 1 and not keywords and (is_numpy(args[0]) or type_of(args[0]).is_sparse):
        return "attribute:T"
    if op in ("real", "imag") and is_numeric(type_of(args[0])):
        return f"attribute:{op}"
    if op in FOR_ARRAYS and args and is_numpy(args[0]):
        kind = FOR_ARRAYS[op]
        if kind == "method" or (len(args) == 1 and not keywords):
            return f"{kind}:{op}"
    if op.startswith(SCIPY):
        return "scipy"
    if op == "evaluated":
        return "called"
    return "numpy" if object_of(op) is not None else "helper"


def safe_spelling(expr: Apply) -> str:
    """The spelling of what has to be NumPy's operation: its operator only where an operand is proved to be NumPy's.

    A Python float divided by zero raises; ``np.divide`` gives infinity.

    >>> from backprose.ir.nodes import Const, Name
    >>> from backprose.ir.types import Type
    >>> [safe_spelling(Apply("divide", (Const(1), Name("x", Type(kind))))) for kind in ("python", "scalar")]
    ['numpy', 'operator']
    """
    has_operator = not expr.keywords and _operands(expr.op) == len(expr.args)
    return "operator" if has_operator and any(map(is_numpy, expr.args)) else "numpy"


def _operands(op: str) -> int | None:
    return 2 if op in BINARY or op in COMPARE else 1 if op in UNARY else None


def python_name(op: str) -> str | None:
    """The builtin that an operation is.

    >>> python_name("len"), python_name("max_of"), python_name("builtins.round"), python_name("max")
    ('len', 'max', 'round', None)
    """
    module, _, name = op.rpartition(".")
    return PYTHON_NAMES.get(op, name if module == "builtins" or op in BUILTINS else None)


def scipy_path(op: str) -> tuple[ModuleType, list[str]]:
    """The module of SciPy's that an operation is read from, and the way from there; of a form that of its function."""
    (target, *_) = targets_of(op)
    name = canonical_name(target) if isinstance(target, Form) else op
    module, *rest = (sys.modules["scipy"], *name.removeprefix(SCIPY).split("."))
    while isinstance(inner := getattr(module, rest[0]), ModuleType):
        module = inner
        rest.pop(0)
    return module, rest


def helper(op: str) -> Any:
    """The function that emitted text calls for an operation: one of ``backprose.support``, or of a user's; or None."""
    if is_by_user(op):
        return target_of(rule_of(op))
    value = getattr(support, op, None)
    return value if support.is_helper(value) else None


def is_numpy(expr: Expr) -> bool:
    """Proved to be an array or a scalar of NumPy's, which have methods such as ``reshape``.

    >>> from backprose.ir.nodes import Name
    >>> from backprose.ir.types import Type
    >>> a, b = Name("a"), Name("b", Type("array", "float64", (3,)))
    >>> is_numpy(Apply("sin", (a,))), is_numpy(Apply("negative", (b,)))
    (False, True)
    """
    return type_of(expr).kind in ("array", "scalar", "numpy")

"""The form of lowered programs, where results alone would not show it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from backprose.ir.nodes import Apply, Assign, Attribute, Call, Const, Global, List, Name, Pop, Push, Tuple, Verbatim
from tests.lower import programs
from tests.lower.running import lowered, text_of, with_source


def value(expression: str, before: str = "") -> object:
    """What the last operation of an expression of x, n and y becomes."""
    made = lowered(with_source(f"def f(x, n, y):\n    {before or 'pass'}\n    r = {expression}\n    return r\n"))
    last = made.body[-2]
    assert isinstance(last, Assign)
    return last.value


X, N = Name("x"), Name("n")


@pytest.mark.parametrize(
    ("expression", "op", "args", "spelling"),
    [
        ("x + n", "add", (X, N), "operator"),
        ("-x", "negative", (X,), "operator"),
        ("x @ n", "matmul", (X, N), "operator"),
        ("np.add(x, n)", "add", (X, N), "function:np.add"),
        ("np.sum(x, 0)", "sum", (X, Const(0)), "function:np.sum"),
        ("x.sum(0)", "sum", (X, Const(0)), "method:sum"),
        ("x.T", "transpose", (X,), "attribute:T"),
        ("x.transpose(1, 0)", "transpose", (X, Tuple((Const(1), Const(0)))), "method:transpose"),
        ("x.reshape(n, -1)", "reshape", (X, Tuple((N, Const(-1)))), "method:reshape"),
        ("x.reshape((n, 2))", "reshape", (X, Tuple((N, Const(2)))), "method:reshape"),
        ("x.reshape(-1)", "reshape", (X, Const(-1)), "method:reshape"),
        ("x.clip(max=2)", "clip", (X, Const(None), Const(2)), "method:clip"),
        ("math.sin(x)", "sin", (X,), "function:math.sin"),
        ("abs(x)", "absolute", (X,), "function:abs"),
        ("np.linalg.det(x)", "linalg.det", (X,), "function:np.linalg.det"),
        ("np.stack([x, n])", "stack", (List((X, N)),), "function:np.stack"),
    ],
)
def test_operations(expression: str, op: str, args: tuple[object, ...], spelling: str) -> None:
    made = value(expression)
    assert isinstance(made, Apply)
    assert (made.op, made.args, made.spelling) == (op, args, spelling)


def test_keywords_are_kept() -> None:
    made = value("np.sum(x, axis=0, keepdims=True)")
    assert made == Apply("sum", (X,), (("axis", Const(0)), ("keepdims", Const(True))))


@pytest.mark.parametrize(
    "expression",
    [
        "np.sin(x, out=y)",
        "np.sin(x, y)",
        "np.sin(x, casting='no')",
        "np.sum(x, casting='no')",
        "np.floor(x, out=y)",
        "np.argmax(x, out=y)",
        "max(x)",
        "x.unknown(2)",
        "np.unknown(x)",
        "unknown(x)",
        "y(x)",
        "y.append(x)",
        "math.log(x, 2)",
    ],
)
def test_calls_that_no_rule_knows_stay_calls(expression: str) -> None:
    assert isinstance(value(expression), Call)


def test_methods_of_global_arrays_only() -> None:
    def f(x):
        a = programs.TABLE.sum()
        b = programs.CONFIG.sum()
        return a, b

    first, second = (stmt.value for stmt in lowered(f).body[:2] if isinstance(stmt, Assign))
    assert isinstance(first, Apply)
    assert isinstance(second, Call)


def test_atoms() -> None:
    assert value("math.pi") == Attribute(Global("math"), "pi")
    assert value("-3") == Const(-3)
    assert value("-2j") == Apply("negative", (Const(2j),))
    assert isinstance(value("f'{x}{math.pi}'"), Verbatim)
    verbatim = value("f'{x}{math.pi}{n!r:{y}}{x}'")
    assert isinstance(verbatim, Verbatim)
    assert verbatim.reads == ("x", "n", "y")


def test_stacks() -> None:
    def f(x):
        items = []
        items.append(x)
        other = x
        other.append(1)
        return items.pop()

    body = lowered(f).body
    assert isinstance(body[1], Push)
    assert not isinstance(body[3], Push)
    assert isinstance(body[4], Pop)


def test_no_statement_reads_its_own_target() -> None:
    def f(x, y):
        x = x * y
        x = x[1:]
        x, y = np.divmod(x, y)
        return x, y

    assert text_of(lowered(f)) == (
        "def f(x, y):\n    _t1 = x * y\n    x = _t1\n    _t2 = x[1:]\n    x = _t2\n"
        "    _t3 = np.divmod(x, y)\n    x, y = _t3\n    return x, y\n"
    )


def test_index_and_tests_are_whole_trees() -> None:
    def f(x, n):
        if n - 1 > 2 * n and abs(x[n - 1] * 2) < 3:
            x = x[n - 1 - x.shape[0] : 2 * n, np.arange(n)]
        return x

    assert text_of(lowered(f)) == (
        "def f(x, n):\n"
        "    if n - 1 > 2 * n and abs(x[n - 1] * 2) < 3:\n"
        "        _t1 = x[n - 1 - x.shape[0]:2 * n, np.arange(n)]\n"
        "        x = _t1\n"
        "    return x\n"
    )


def test_loops_over_rows_take_them_by_index() -> None:
    def f(A, row_index):
        total = 0.0
        for row in A:
            total += row
        return total, row_index

    assert text_of(lowered(f)) == (
        "def f(A, row_index):\n"
        "    total = 0.0\n"
        "    _t1 = len(A)\n"
        "    for row_index_1 in range(_t1):\n"
        "        row = A[row_index_1]\n"
        "        total += row\n"
        "    return total, row_index\n"
    )


def test_header_docstring_and_parameters() -> None:
    def f(a, /, b=-1, *, c=math.pi, d="x"):
        """One line.

        Another.
        """
        return a

    made = lowered(f)
    assert made.doc == "One line.\n\nAnother."
    assert [(p.name, p.kind) for p in made.parameters] == [
        ("a", "positional-only"),
        ("b", "positional"),
        ("c", "keyword-only"),
        ("d", "keyword-only"),
    ]
    defaults = [p.default for p in made.parameters]
    assert defaults[0] is None
    assert defaults[1] == Const(-1)
    assert isinstance(defaults[2], Verbatim)
    assert defaults[3] == Const("x")
    assert made.home is f

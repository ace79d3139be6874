"""The user's spelling comes back; what is ours takes the form that a person would write."""

from __future__ import annotations

import pytest

from backprose.emit import print_expression
from backprose.ir.nodes import Const, Expr, Name, Tuple
from tests.emit.programs import apply, array, number, x, y

SHAPE = Tuple((Const(2), Const(3)))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (apply("add", x, y, spelling="operator"), "x + y"),
        (apply("add", x, y, spelling="operator:augmented"), "x + y"),
        (apply("add", x, y, spelling="function:np.add"), "np.add(x, y)"),
        (apply("sum", x, Const(0), spelling="method:sum", keepdims=Const(True)), "x.sum(0, keepdims=True)"),
        (apply("transpose", x, spelling="attribute:T"), "x.T"),
        (apply("sqrt", x, spelling="function:sqrt"), "sqrt(x)"),
        (apply("less", x, y, spelling="operator"), "x < y"),
        (apply("invert", x, spelling="operator"), "~x"),
    ],
)
def test_as_the_user_writes(expr: Expr, text: str) -> None:
    assert print_expression(expr) == text


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (apply("divide", x, y), "x / y"),
        (apply("negative", apply("multiply", x, y)), "-(x * y)"),
        (apply("not", x), "not x"),
        (apply("equal", x, y), "x == y"),
        (apply("sin", x), "np.sin(x)"),
        (apply("linalg.solve", x, y), "np.linalg.solve(x, y)"),
        (apply("add.at", x, y, Const(1)), "np.add.at(x, y, 1)"),
        (apply("sum", x, axis=Const(0)), "np.sum(x, axis=0)"),
        (apply("max", x, Const(0)), "np.max(x, 0)"),
        (apply("max_of", x, Const(1)), "max(x, 1)"),
        (apply("builtins.round", x), "round(x)"),
        (apply("reversed", apply("range", x)), "reversed(range(x))"),
        (apply("len", x), "len(x)"),
        (apply("float", x), "float(x)"),
        (apply("getitem", x, Tuple((Const(0), Const(None)))), "x[0, None]"),
        (apply("copy", x, order=Const("K")), 'x.copy(order="K")'),
        (apply("copy", number), "np.copy(x)"),
        (apply("astype", x, Name("kind")), "x.astype(kind)"),
        (apply("transpose", array), "x.T"),
        (apply("transpose", x), "np.transpose(x)"),
        (apply("transpose", array, axes=SHAPE), "np.transpose(x, axes=(2, 3))"),
        (apply("reshape", array, SHAPE), "x.reshape((2, 3))"),
        (apply("reshape", number, SHAPE), "np.reshape(x, (2, 3))"),
        (apply("reshape", x, SHAPE), "np.reshape(x, (2, 3))"),
        (apply("shape", array), "x.shape"),
        (apply("shape", x), "np.shape(x)"),
        (apply("size", array, Const(0)), "np.size(x, 0)"),
        (apply("unbroadcast", x, y), "unbroadcast(x, y)"),
    ],
)
def test_ours(expr: Expr, text: str) -> None:
    assert print_expression(expr) == text


def test_numpy_division_stays_where_an_operand_may_be_a_python_float() -> None:
    assert print_expression(apply("divide", Const(1), number, spelling="numpy")) == "np.divide(1, x)"
    assert print_expression(apply("divide", Const(1), x, spelling="numpy")) == "np.divide(1, x)"
    assert print_expression(apply("divide", Const(1), array, spelling="numpy")) == "1 / x"

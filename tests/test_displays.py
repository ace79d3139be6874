"""Lists and tuples of numbers where NumPy takes arrays: they are the arrays that NumPy makes of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

EXPRESSIONS = [
    "np.sum(np.vstack([x, np.outer(x, x)]) * np.arange(6.0).reshape(3, 2))",
    "np.sum(np.vstack([np.outer(x, x), x, y]) * np.arange(8.0).reshape(4, 2))",
    "np.sum(np.hstack([x[1], x, x[0]]) * np.arange(4.0))",
    "np.dot(x, [1.0, 2.0])",
    "np.vdot([1.0, 2.0], x) + np.inner(x, [2.0, 1.0])",
    "np.sum(np.arctan2([1, 2], x) + np.power(x, [1, 2]))",
    "np.sum(y*[x[0], x[1]**2])",
    "np.sum([x[0], x[1]**2]*y)",
    "np.sum(np.where(y>0.5, [x[0], x[1]**2], y))",
    "np.dot([x[0], x[1]**2], y)",
    "np.linalg.norm([x[0], x[1]**2])",
    "np.sum((x[0], x[1]**2))",
    "np.max([x[0], x[1]**2])",
    "max([x[0], x[1]**2])",
    "np.mean([[x[0], 1.0], [2.0, x[1]**2]])",
    "np.prod((x[0], x[1]))",
    "np.sum(np.exp([x[0], x[1]**2]))",
    "np.sum(np.outer([x[0], x[1]**2], y))",
    "np.sum(np.maximum([x[0], x[1]**2], y))",
    "np.sum(np.linalg.solve([[x[0], 1.0], [2.0, x[1]]], y))",
    "np.sum(np.clip(y, [x[0], 0.0], [1.0, x[1]]))",
    "np.sum(np.diff([x[0], x[1]**2, 1.0])**2)",
    "np.sum(np.stack([[x[0], x[1]], y])**2)",
    "np.sum(np.array([x[0], x[1]**2])@y)",
    "np.sum(y@[x[0], x[1]**2])",
    "math.hypot(*[x[0], x[1]])",
    "np.std([x[0], x[1]**2])",
    "np.sum(np.full((2, 2), [x[0], x[1]]))",
    "np.sum(np.broadcast_to([x[0], x[1]], (3, 2)))",
    "np.sum(np.tile([x[0], x[1]], 2)**2)",
    "np.sum(np.select([y>0.5, y<=0.5], [[x[0], x[1]], y]))",
    "np.sum(np.power([x[0], x[1]], [2.0, x[0]]))",
    "np.sum(np.asarray([x[0], x[1]**2])*y)",
    "np.sum(np.vstack([[x[0], x[1]], y])**2)",
    "float([x[0], x[1]**2][1])",
    "np.sum(np.roll([x[0], x[1]], 1)*y)",
    "np.sum(np.take([x[0], x[1]**2], [0, 1, 1]))",
    "np.median([x[0], x[1], 3.0])",
    "np.sum(np.sort([x[1], x[0]])*y)",
    "(x[0], x[1]**2)[-1]",
    "np.vdot([x[0], x[1]**2], y)",
    "np.inner(y, [x[0], x[1]**2])",
    "np.sum(np.hypot(y, [x[0], x[1]]))",
    "np.sum(y[[0, 1]]-[x[0], x[1]**2])",
    "np.sum(np.linspace([x[0], 1.0], [x[1], 2.0], 3))",
    "np.sum(np.repeat([x[0], x[1]**2], [1, 2]))",
    "np.sum(np.triu([[x[0], x[1]], [1.0, x[0]]]))",
    "np.trace([[x[0], x[1]], [1.0, x[0]]])",
    "np.linalg.det([[x[0], x[1]], [1.0, x[0]]])",
    "np.sum(np.linalg.inv([[x[0], x[1]], [1.0, x[0]]]))",
    "np.add.reduce([x[0], x[1]**2])",
    "np.multiply.outer([x[0], x[1]], y).sum()",
    "np.sum(np.float64([x[0], x[1]**2]))",
    "np.sum(np.real([x[0], x[1]**2]))",
    "np.sum(abs(np.subtract([x[0], x[1]], y)))",
    "np.sum(-np.negative([x[0], x[1]**2]))",
    "divmod(x[0], x[1])[1]",
]
X, Y = np.array([0.6, 0.8]), np.array([0.3, 0.9])


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("displays") / "displays.py"
    made = [f"def f{k}(x, y):\n    return {text}\n" for k, text in enumerate(EXPRESSIONS)]
    path.write_text("import math\nimport numpy as np\n\n" + "\n".join(made), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("displays", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("place", range(len(EXPRESSIONS)), ids=EXPRESSIONS)
def test_right(functions: Any, place: int) -> None:
    f = getattr(functions, f"f{place}")
    h = 1e-6
    wanted = np.array([(f(X + step, Y) - f(X - step, Y)) / (2 * h) for step in np.eye(2) * h])
    value, gradient = bp.value_and_grad(f)(X, Y)
    assert value == f(X, Y)
    assert np.allclose(gradient, wanted, 1e-5, 1e-7)
    assert np.isclose(bp.jvp(f, (X, Y), (np.array([1.0, -2.0]), None))[1], wanted[0] - 2 * wanted[1], 1e-5, 1e-7)


# ---------------------------------------------------------------- beside what only types tell is an array
W = [0.5, 2.0]


def written_first(x):
    y = np.zeros(2)
    y[:] = x
    return np.sum(y * [1, 2])


def product_of_matrices(x):
    y = np.outer(x, x) @ x
    return np.sum([1, x[0]] * y) + np.sum((1, 2) * y + (x[1], 2.0))


def bound_again(x):
    y = 2 * x
    for _ in range(3):
        y = y * [1, 2] + (0.1, x[0])
        y += [1, 1]
    return y.sum()


def in_a_branch(x):
    y = x * 2
    if x[0] > 0:
        y = [1.0, 2] * y
    return y.sum()


def beside_a_global(x):
    return np.sum(W * x * [1, 2]) + np.sum(Y * [x[0] ** 2, x[1]])


def weighted(y, w):
    z = [w, 2 * w] * y
    return z * [1, 2]


def in_a_helper(x):
    return np.sum(weighted(2 * x, x[0]))


def lengths(x):
    return np.sum(np.ones((3,) + np.shape(x)) * x)  # noqa: RUF005  a tuple beside a tuple


@pytest.mark.parametrize(
    "function",
    [
        *(written_first, product_of_matrices, bound_again, in_a_branch, beside_a_global),
        *(in_a_helper, lengths),
    ],
)
def test_beside_what_types_tell(function: Callable[..., Any]) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail


def repeated(x, n):
    y = x[0] * n
    return sum([x[0], x[1]] * y)


def list_on_another_way(x, n):
    y = 2 * x
    if n > 1:
        y = W
    return np.sum(y * [x[0], x[1]])


def test_what_is_no_array_is_refused_when_it_runs() -> None:
    with pytest.raises((ValueError, bp.BackproseError), match="array beside a list"):
        bp.grad(repeated)(X, 2)
    derived = bp.grad(list_on_another_way)
    np.testing.assert_allclose(derived(X, 1), 4 * X)
    with pytest.raises((ValueError, bp.BackproseError), match="array beside a list"):
        derived(X, 2)

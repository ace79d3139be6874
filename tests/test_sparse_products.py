"""Products with sparse matrices of SciPy's, which are constants: outside, as arguments, of every format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import sparse

import backprose as bp
from tests import differences

DENSE = np.array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 4.0], [0.5, 0.0, 0.0]])
A = sparse.csr_array(DENSE)
SQUARE = sparse.csc_array(DENSE[:3])
FORMATS = ("csr_array", "csc_array", "coo_array", "dia_array", "csr_matrix", "lil_array")


def product(x):
    return np.sum((A @ x) ** 2)


def from_the_left(x):
    return np.sum((x @ SQUARE) ** 2)


def quadratic_form(x):
    return x @ (SQUARE @ x) + np.sum(SQUARE.T @ x**2)


def of_a_matrix(x):
    return np.sum((A @ np.outer(x, x)) ** 2)


def of_two(x):
    return np.sum(((A @ SQUARE) @ x) ** 2)


def steps(x):
    for _ in range(4):
        x = x + 0.1 * (SQUARE @ np.tanh(x))
    return np.sum(x**2)


def solved(x):
    return np.sum(sparse.linalg.spsolve(SQUARE, x**2) ** 2)


@pytest.mark.parametrize(
    "function",
    [product, from_the_left, quadratic_form, of_a_matrix, of_two, steps, solved],
    ids=lambda one: one.__name__,
)
def test_against_differences(function: Callable[..., Any]) -> None:
    x, way = np.array([0.3, -0.8, 1.2]), np.array([0.5, 1.0, -0.7])
    slope = differences.slope(function, [x], [way])
    assert bp.value_and_grad(function)(x)[0] == function(x)
    assert slope.agrees(np.dot(bp.grad(function)(x), way))
    assert slope.agrees(bp.jvp(function, (x,), (way,))[1])
    assert differences.slope(bp.grad(function), [x], [way]).agrees(bp.hvp(function)(x, way))


@pytest.mark.parametrize("form", FORMATS)
def test_as_an_argument(form: str) -> None:
    def loss(x, matrix):
        return np.sum((matrix @ x) ** 3)

    matrix, x = getattr(sparse, form)(DENSE), np.array([0.3, -0.8, 1.2])
    np.testing.assert_allclose(bp.grad(loss)(x, matrix), 3 * DENSE.T @ (DENSE @ x) ** 2)


def test_the_text() -> None:
    gradient = bp.grad(product)
    gradient(np.ones(3))
    assert "x_bar = np.transpose(A) @ (result_bar * 2 * (A @ x))" in gradient.source


def test_what_means_another_thing_is_refused() -> None:
    matrix = sparse.csr_matrix(DENSE)

    def by_a_star(x):
        return np.sum(matrix * x)

    def by_the_matrix(x, matrix):
        return np.sum(matrix @ x)

    def made_of_it(x):
        return np.sum(sparse.diags_array(x) @ x)

    for function, options, args in (
        (by_a_star, {}, (np.ones(3),)),
        (by_the_matrix, {"wrt": "matrix"}, (np.ones(3), A)),
        (made_of_it, {}, (np.ones(3),)),
    ):
        with pytest.raises(bp.BackproseError):
            bp.grad(function, **options)(*args)

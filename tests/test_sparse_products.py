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


MATRIX, OPERATOR = sparse.csr_matrix(DENSE), sparse.linalg.aslinearoperator(A)
FACTORS, SOLVE = sparse.linalg.splu(SQUARE), sparse.linalg.factorized(SQUARE)


def by_dot(x):
    return np.sum(A.dot(x) ** 2) + np.sum(SQUARE.T.dot(x) ** 3)


def by_dot_of_another_format(x):
    return np.sum(SQUARE.tocsr().dot(x) ** 2)


def by_a_star_of_a_matrix(x):
    return np.sum((MATRIX * x) ** 2) + np.sum((2 * MATRIX.T @ (MATRIX * x**2)) ** 2)


def by_an_operator(x):
    return np.sum((OPERATOR @ x) ** 2)


def of_sums(x):
    return np.sum(((SQUARE + 0.1 * sparse.eye_array(3, format="csc")) @ x) ** 2) + np.sum(A.sum(axis=0) * x**2)


def of_its_parts(x):
    return np.sum(SQUARE.diagonal() * x**2) + np.sum((A.toarray() @ x) ** 2) + A[0, 1] * x[0] * A.nnz


SYMMETRIC = (SQUARE.T @ SQUARE).tocsr()


def by_iterations(x):
    by_cg, _ = sparse.linalg.cg(SYMMETRIC, x**2, rtol=1e-14)
    by_gmres, info = sparse.linalg.gmres(SQUARE, x, rtol=1e-14, restart=3)
    if info != 0:
        return np.sum(x)
    others = [sparse.linalg.bicg(SQUARE, x, rtol=1e-14)[0], sparse.linalg.bicgstab(SQUARE, by_gmres, rtol=1e-14)[0]]
    return np.sum(by_cg**2) + np.sum(by_gmres**2) + others[0] @ others[1] + np.sum(sparse.linalg.cgs(SQUARE, x)[0])


def by_factors(x):
    return np.sum(FACTORS.solve(x**2) ** 2) + np.sum(FACTORS.solve(x, "T") ** 2) + np.sum(SOLVE(x) ** 3)


# ---------------------------------------------------------------- made in the function
ROWS, COLS = np.array([0, 1, 2, 0, 2]), np.array([1, 2, 0, 0, 2])
COUNTS = np.array([0, 1, 2, 4])


def made_of_places(x):
    matrix = sparse.csr_matrix((np.exp(x), ([0, 1, 2], [1, 2, 0])), shape=(3, 3))
    return np.sum((matrix @ x) ** 2) + np.sum(matrix.T.dot(x) ** 3) + np.sum(matrix.toarray() ** 2)


def made_of_rows(x):
    matrix = sparse.csr_array((np.append(x * 2, x[0]), np.array([1, 2, 0, 1]), COUNTS))
    return np.sum(sparse.linalg.spsolve(matrix, x) ** 2) + np.sum((x @ matrix) ** 2)


def made_of_cols(x):
    matrix = sparse.csc_matrix((np.append(x, 1.0), np.array([1, 2, 0, 1]), COUNTS), shape=(3, 3))
    return np.sum((matrix @ np.outer(x, x)) ** 2) + np.sum(matrix.diagonal() * x)


def factorized(x):
    matrix = sparse.coo_array((np.append(np.exp(x), x[:2] + 2), (ROWS, COLS))).tocsc()
    factors, solve = sparse.linalg.splu(matrix), sparse.linalg.factorized(matrix)
    return np.sum(factors.solve(x) ** 2) + np.sum(solve(x**2)) + np.sum(sparse.linalg.spsolve(matrix, np.outer(x, x)))


def of_a_diagonal(x):
    return np.sum((sparse.diags_array(x) @ x) ** 2) + np.sum(sparse.diags(x).T @ x)


def made_in_a_loop(x):
    y = x
    for k in range(3):
        y = sparse.csc_array((np.append(x, y[:2] + k), (ROWS, COLS)), (3, 3)) @ y
    return np.sum(y**2)


def product_of(matrix, x):
    return np.sum((matrix @ x) ** 2)


def handed_on(x):
    return product_of(sparse.csr_array((x, (ROWS[:3], COLS[:3])), (3, 3)), x)


MADE = [made_of_places, made_of_rows, made_of_cols, factorized, of_a_diagonal, made_in_a_loop, handed_on]


@pytest.mark.parametrize(
    "function",
    [
        product,
        from_the_left,
        quadratic_form,
        of_a_matrix,
        of_two,
        steps,
        solved,
        by_dot,
        by_a_star_of_a_matrix,
        by_an_operator,
        of_sums,
        of_its_parts,
        by_factors,
        by_iterations,
        by_dot_of_another_format,
        *MADE,
    ],
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
def test_by_dot_of_an_argument(form: str) -> None:
    def loss(x, matrix):
        return np.sum(matrix.T.dot(matrix.dot(x)) ** 2)

    matrix, x = getattr(sparse, form)(DENSE), np.array([0.3, -0.8, 1.2])
    square = DENSE.T @ DENSE
    np.testing.assert_allclose(bp.grad(loss)(x, matrix), 2 * square @ square @ x)
    np.testing.assert_allclose(bp.jvp(loss, (x, matrix), (x, None))[1], 2 * x @ square @ square @ x)


@pytest.mark.parametrize("form", FORMATS)
def test_as_an_argument(form: str) -> None:
    def loss(x, matrix):
        return np.sum((matrix @ x) ** 3)

    matrix, x = getattr(sparse, form)(DENSE), np.array([0.3, -0.8, 1.2])
    np.testing.assert_allclose(bp.grad(loss)(x, matrix), 3 * DENSE.T @ (DENSE @ x) ** 2)


def test_the_text() -> None:
    gradient = bp.grad(product)
    gradient(np.ones(3))
    assert "x_bar = A.T @ (result_bar * 2 * (A @ x))" in gradient.source


def test_what_means_another_thing_is_refused() -> None:
    def by_a_star(x):
        return np.sum((A * x) @ x)

    def by_numpy(x):
        return np.sum(np.dot(A, x))

    def by_the_matrix(x, matrix):
        return np.sum(matrix @ x)

    def multiplied(x):
        return np.sum(sparse.csr_array((x, (ROWS[:3], COLS[:3]))).multiply(x))

    def added(x):
        return np.sum((sparse.csr_array((x, (ROWS[:3], COLS[:3]))) + SQUARE) @ x)

    def handed_out(x):
        return sparse.linalg.norm(sparse.csr_array((x, (ROWS[:3], COLS[:3]))))

    def of_diagonals(x):
        return np.sum(sparse.diags_array([x, x[:2]], offsets=[0, 1]) @ x)

    for function, options, args in (
        (by_a_star, {}, (np.ones(3),)),
        (by_numpy, {}, (np.ones(3),)),
        (by_the_matrix, {"wrt": "matrix"}, (np.ones(3), A)),
        *((function, {}, (np.ones(3),)) for function in (multiplied, added, handed_out, of_diagonals)),
    ):
        with pytest.raises(bp.BackproseError):
            bp.grad(function, **options)(*args)

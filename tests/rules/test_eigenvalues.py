"""Eigenvalues and vectors of matrices that are not symmetric: LAPACK gives real or complex ones, as it turns out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences

RNG = np.random.default_rng(7)
WEIGHTS = np.cos(np.arange(9)).reshape(3, 3)
MATRICES = {
    "real values": np.diag([1.0, 2.0, 4.0]) + 0.2 * RNG.normal(size=(3, 3)),
    "a pair": np.array([[0.0, 1.0, 0.2], [-1.0, 0.1, 0.5], [0.3, 0.1, 2.0]]),
    "complex": RNG.normal(size=(3, 3)) + 1j * RNG.normal(size=(3, 3)),
    "a stack": np.stack([np.diag([1.0, 2.0, 4.0]), np.diag([0.0, 3.0, 1.0])]) + RNG.normal(size=(2, 3, 3)),
}


def both(a: Any) -> Any:
    """The squares: the sign of a vector is LAPACK's."""
    w, v = np.linalg.eig(a)
    of_values = np.sum(np.abs(w * (1 + 2j) + 0.3) ** 2 * np.arange(1, 4))
    return of_values + np.sum(np.real(v**2 * WEIGHTS)) + np.sum(np.imag(v**2) * WEIGHTS.T)


def vectors(a: Any) -> Any:
    return np.sum(np.real(np.linalg.eig(a)[1] ** 2 * WEIGHTS))


def values(a: Any) -> Any:
    w = np.linalg.eigvals(a)
    return np.sum(np.real(w**3)) + np.sum(np.abs(w) * np.real(w) ** 2)


def by_name(a: Any) -> Any:
    found = np.linalg.eig(a)
    return np.sum(np.abs(found.eigenvectors[..., 0] ** 2) * np.arange(3)) + np.sum(np.abs(found.eigenvalues) ** 3)


def both_sides(a: Any) -> Any:
    from scipy import linalg

    w, u, v = linalg.eig(a, left=True)
    return np.sum(np.abs(w) ** 3) + np.sum(np.real(u**2 * WEIGHTS)) + np.sum(np.imag(v**2 * u**2) * WEIGHTS.T)


def one_side(a: Any) -> Any:
    from scipy import linalg

    w, v = linalg.eig(a)
    return np.sum(np.abs(w) ** 3) + np.sum(np.imag((v**2 + 1j) ** 2) * WEIGHTS.T)


def values_of_scipy(a: Any) -> Any:
    from scipy import linalg

    return np.sum(np.abs(linalg.eigvals(a) + 1) ** 3) + np.sum(np.real(linalg.eig(a, right=False) ** 2))


@pytest.mark.parametrize("function", [both, vectors, values, by_name, both_sides, one_side, values_of_scipy])
@pytest.mark.parametrize("name", MATRICES)
def test_slopes(function: Callable[[Any], Any], name: str) -> None:
    if "side" in function.__name__ or "scipy" in function.__name__:
        pytest.importorskip("scipy", minversion="1.16" if name == "a stack" else "1.13")
    a = MATRICES[name]
    way = differences.random_direction(a, np.random.default_rng(3))
    slope = differences.slope(function, [a], [way])
    assert slope.agrees(np.real(np.sum(bp.grad(function)(a) * way))), "reverse"
    assert slope.agrees(bp.jvp(function, (a,), (way,))[1]), "forward"
    second = differences.slope(bp.grad(function), [a], [way])
    assert second.agrees(bp.hvp(function)(a, way)), "second order"


def test_equal_values() -> None:
    """What is made of all values alike is exact; vectors have no derivative, and NumPy warns of it."""
    np.testing.assert_allclose(
        bp.grad(lambda a: np.sum(np.real(np.linalg.eigvals(a)) ** 2))(2 * np.eye(3)), 4 * np.eye(3)
    )
    np.testing.assert_allclose(
        bp.grad(lambda a: np.sum(np.real(np.linalg.eig(a)[0]) ** 2))(2 * np.eye(3)), 4 * np.eye(3)
    )
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.all(np.isnan(bp.grad(vectors)(2 * np.eye(3))))


def test_two_matrices_are_refused() -> None:
    linalg = pytest.importorskip("scipy.linalg")

    def pencil(a: Any) -> Any:
        return np.sum(np.abs(linalg.eig(a, WEIGHTS)[0]))

    with pytest.raises(bp.BackproseError, match="of two matrices"):
        bp.grad(pencil)(MATRICES["a pair"])
    with pytest.raises(bp.BackproseError, match="of two matrices"):
        bp.jvp(pencil, (MATRICES["a pair"],), (WEIGHTS,))

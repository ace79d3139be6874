"""What is complex although its operands are real: nothing of it is taken for real."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import fft, linalg, signal

import backprose as bp

TURNED = np.array([[0.3, 1.0], [-0.8, 0.1]])
POINT = np.array([[0.4, -0.7], [1.1, 0.2]])


def envelope(x: Any) -> Any:
    return np.sum(np.abs(signal.hilbert(np.sin(x))) ** 2 * np.arange(2))


def roots(x: Any) -> Any:
    return np.sum(np.abs(linalg.sqrtm(x - 3 * np.eye(2)) * 1j + 1))


def logarithms(x: Any) -> Any:
    return np.sum(np.abs(linalg.logm(x - 3 * np.eye(2))) ** 2)


def powers(x: Any) -> Any:
    return np.sum(np.real(linalg.fractional_matrix_power(x - 3 * np.eye(2), 0.3) ** 2))


def frequencies(x: Any) -> Any:
    return np.sum(np.real(fft.ihfftn(x) ** 3)) + np.sum(np.abs(fft.rfft2(x)) ** 2 * np.arange(2))


def matrix(x: Any) -> Any:
    return np.sum(np.abs(linalg.dft(2) @ x - 1j * x) ** 2)


def values(x: Any, a: Any) -> Any:
    w, v = linalg.eig(a)
    return np.sum(np.abs(w * x + 1)) + np.sum(np.real(np.linalg.eigvals(a) * x * v) ** 2)


@pytest.mark.parametrize("function", [envelope, roots, logarithms, powers, frequencies, matrix, values])
def test_slopes(function: Any) -> None:
    way, h = np.array([[0.3, -0.2], [0.5, 0.9]]), 1e-6
    rest = (TURNED,) if function is values else ()
    slope = (function(POINT + h * way, *rest) - function(POINT - h * way, *rest)) / (2 * h)
    assert np.isclose(np.sum(bp.grad(function)(POINT, *rest) * way), slope, rtol=1e-6)
    assert np.isclose(bp.jvp(function, (POINT, *rest), (way, *(None for _ in rest)))[1], slope, rtol=1e-6)

"""Operations that give several arrays, of which one is taken by its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences

A = np.random.default_rng(0).normal(size=(4, 3))


def smallest(a):
    return np.linalg.eigh(a.T @ a)[0][0]


def singular(a):
    return np.sum(np.linalg.svd(a, full_matrices=False)[1] ** 2.5)


def held(a):
    parts = np.linalg.svd(a, full_matrices=False)
    return np.sum(parts[1] ** 3) + parts[-2][0]


def triangle(a):
    return np.sum(np.linalg.qr(a)[1] ** 2 * np.arange(3.0))


def in_a_loop(a):
    total = 0.0
    for k in range(2):
        both = np.linalg.slogdet(a.T @ a + k * np.eye(3))
        total += both[1] ** 2
    return total


@pytest.mark.parametrize("function", [smallest, singular, held, triangle, in_a_loop], ids=lambda one: one.__name__)
def test_right(function: Callable[..., Any]) -> None:
    gradient = bp.grad(function)(A)
    assert differences.gradient(function, (A,), 0).agrees(gradient, 1e-6, 1e-8)
    way = np.random.default_rng(1).normal(size=A.shape)
    assert np.isclose(bp.jvp(function, (A,), (way,))[1], np.sum(gradient * way))
    slope = differences.slope(bp.grad(function), (A,), (way,))
    assert slope.agrees(bp.hvp(function)(A, way), 1e-5, 1e-7)

"""Marks in a program, and solutions given by a condition: what users call by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


def stop_gradient(x: Any) -> Any:
    """``x`` itself, as a constant: no derivative passes through."""
    return x


@contextmanager
def adjoint_of(x: Any) -> Iterator[Any]:
    """The adjoint of a variable at this place, to print, clip or replace it in a ``with`` statement.

    The body belongs to the backward sweep of a derivative: it runs there when the adjoint of ``x`` is complete, as far
    as what follows this place goes. It does not run in forward mode and where ``x`` has no adjoint; a plain call of the
    function runs it with zeros.
    """
    yield np.zeros_like(x) if np.ndim(x) else 0.0


def evaluated(spline: Any, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
    """A derivative of a spline of SciPy's: a mark in programs, which is written as a call of the spline in a text."""
    return spline(x, nu) if extrapolate is None else spline(x, nu, extrapolate)


def observed(x: Any) -> Any:
    """``x`` itself: a mark in programs, never in a text, where a variable may have its last value."""
    return x


def fixed_point(step: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``x = step(x, *args)`` that ``x = step(x, *args)``, again and again from ``x0``, leads to.

    It stops where a step changes no element by more than ``tol``, relative to the largest one and to 1. Its derivative
    with respect to ``args`` is that of the solution, also where no step was needed, by the implicit function theorem:
    Griewank and Walther, "Evaluating Derivatives" (2008), chapter 15.
    """
    x = x0
    for _ in range(10_000):
        last, x = x, step(x, *args)
        if np.max(np.abs(x - last), initial=0.0) <= tol * max(1.0, np.max(np.abs(x), initial=0.0)):
            return x
    raise ArithmeticError("fixed_point: no convergence in 10000 steps")


def root(f: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``f(x, *args) = 0``, of the shape of ``x``, that Newton's method finds from ``x0``.

    Its matrix is made of differences, a step that does not help is halved. It stops where a step changes no element by
    more than ``tol``, relative to the largest one and to 1. Its derivative with respect to ``args`` is that of the
    root, also where no step was needed, by the implicit function theorem: Griewank and Walther, "Evaluating
    Derivatives" (2008), chapter 15.
    """
    x = np.array(x0, float)
    residual = np.asarray(f(x[()], *args), float)
    for _ in range(100):
        columns = []
        for i in range(x.size):
            h = 6e-6 * max(1.0, abs(x.flat[i]))
            ahead, behind = x.copy(), x.copy()
            ahead.flat[i] += h
            behind.flat[i] -= h
            columns.append(np.ravel(np.subtract(f(ahead[()], *args), f(behind[()], *args))) / (2 * h))
        if not columns or not np.any(residual):
            return x[()]
        step = np.reshape(np.linalg.solve(np.array(columns).T, np.ravel(residual)), x.shape)
        size = np.linalg.norm(np.ravel(residual))
        for halved in range(40):
            following = np.asarray(x - step / 2**halved)
            left = np.asarray(f(following[()], *args), float)
            if np.linalg.norm(np.ravel(left)) < size:
                break
        else:  # as near as rounding lets it come
            if np.max(np.abs(step)) <= 1e-6 * max(1.0, np.max(np.abs(x))):
                return x[()]
            raise ArithmeticError("root: no step makes the residual smaller")
        x, residual = following, left
        if np.max(np.abs(step)) <= tol * max(1.0, np.max(np.abs(x))):
            return x[()]
    raise ArithmeticError("root: no convergence in 100 steps")

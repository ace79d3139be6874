"""Elements that a loop overwrites: saved and put back where an adjoint reads them again, and only there."""

from __future__ import annotations

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X, Y = np.array([0.4, -1.3, 0.7, 0.2, -0.5]), np.array([1.2, 0.3, -0.8, 0.6, 0.1])


def substitution(x, y):
    for i in range(1, len(x)):
        x[i] -= y[i] * x[i - 1]
    return np.sum(x**2)


def downwards(x, y):
    for i in range(len(x) - 2, -1, -1):
        x[i] = (x[i] - y[i] * x[i + 1]) / y[i]
    return x[0] * x[2]


def every_other(x, y):
    for i in range(2, len(x) - 1, 2):
        x[i] = x[i] * 0.5 + x[i - 1] * y[i] + x[i - 2]
    return np.sum(x**3)


def first_element(x, y):
    for i in range(1, len(x)):
        x[i] += x[0] * y[i]
    return np.sum(x**2)


def several_rows(x, y):
    rows = np.outer(x, y)
    for i in range(1, len(x)):
        rows[i, 1:] += rows[i - 1, 1:] * x[i]
    return np.sum(rows**2)


def ahead(x, y):  # the element is read in an earlier turn than it is overwritten
    for i in range(1, len(x) - 1):
        x[i] = x[i + 1] * x[i - 1] * y[i]
    return np.sum(x**2)


def from_the_end(x, y):  # x[-1] in the first turn
    for i in range(len(x)):
        x[i] = x[i] + x[i - 1] * x[i - 1] * y[i]
    return np.sum(x**2)


def twice(x, y):  # of the other sweep the elements are read before
    for _ in range(2):
        for i in range(1, len(x)):
            x[i] = x[i - 1] * x[i - 1] * y[i]
    return np.sum(x**2)


def read_before(x, y):
    total = np.sum(x * x * y)
    for i in range(1, len(x)):
        x[i] = x[i - 1] * y[i]
    return total + np.sum(x)


def under_another_name(x, y):
    tail = x[1:]
    for i in range(1, len(x)):
        x[i] = x[i - 1] * y[i] * tail[i - 1]
    return np.sum(x**2)


def old_and_new(x, y):
    for i in range(1, len(x)):
        x[i] *= y[i] * x[i - 1]
    return np.sum(x)


def in_a_branch(x, y):
    for i in range(1, len(x)):
        if x[i] > 0:
            x[i] = x[i - 1] * y[i]
    return np.sum(x**2)


NOT_READ = (substitution, every_other, first_element, several_rows)
READ = (ahead, from_the_end, twice, read_before, under_another_name, old_and_new, in_a_branch)


@pytest.mark.parametrize("function", [*NOT_READ, downwards, *READ], ids=lambda f: f.__name__)
def test_gradient(function):
    outcome = check_function(function, (X.copy(), Y.copy()), ("x", "y"))
    assert outcome.kind == "right", outcome.detail


@pytest.mark.parametrize("function", NOT_READ, ids=lambda f: f.__name__)
def test_nothing_is_saved(function):
    gradient = bp.grad(function)
    gradient(X.copy(), Y)
    assert "saved" not in gradient.source


@pytest.mark.parametrize("function", READ, ids=lambda f: f.__name__)
def test_what_is_read_is_put_back(function):
    gradient = bp.grad(function, wrt=("x", "y"))
    gradient(X.copy(), Y.copy())
    assert "saved_x" in gradient.source


def test_a_number_is_read_where_it_was_written():
    gradient = bp.grad(downwards, wrt=("x", "y"))
    gradient(X.copy(), Y.copy())
    assert "ratio = x[i]" in gradient.source


def stencil(x, k, steps):
    for _ in range(steps):
        x[1:-1] += k * (x[2:] - 2.0 * x[1:-1] + x[:-2])
    return np.sum(x**2)


def advection(x, k, steps):
    for _ in range(steps):
        x[1:-1] -= k * x[1:-1] * (x[2:] - x[:-2])
    return np.sum(x**2)


def test_what_is_computed_is_kept_where_its_operands_would_be():
    """The array beside ``k`` is saved, and ``x`` is not put back for it; where ``x`` is read anyway it is not saved."""
    gradient = bp.grad(stencil, wrt=("x", "k"))
    gradient(X.copy(), 0.1, 3)
    assert "saved_x" not in gradient.source
    assert "saved_total.append(total)" in gradient.source
    gradient = bp.grad(advection, wrt=("x", "k"))
    gradient(X.copy(), 0.1, 3)
    assert gradient.source.count(".append(") == 1
    assert "x[1:-1] = saved_x.pop()" in gradient.source
    for function in (stencil, advection):
        outcome = check_function(function, (X.copy(), 0.1, 3), ("x", "k"))
        assert outcome.kind == "right", outcome.detail

"""How the elements of an array lie in memory decides whether a reshaped part of it is a view: NumPy's own answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import is_guard

rng = np.random.default_rng(11)
GIVEN = {"A": rng.uniform(0.3, 1.2, (3, 4)), "C": rng.uniform(0.3, 1.2, (2, 3, 4)), "x": rng.uniform(0.3, 1.2, 6)}
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "in C order": np.copy,
    "in Fortran order": lambda array: np.asfortranarray(array.copy()),
    "backwards": lambda array: array[::-1].copy()[::-1],
    "all backwards": lambda array: np.flip(np.flip(array).copy()),
    "with gaps": lambda array: np.repeat(array, 2, axis=-1)[..., ::2],
    "left half": lambda array: np.concatenate([array, array], axis=-1)[..., : array.shape[-1]],
}


def transposed(A):
    r = A.T.ravel()
    r[1] = A[0, 0] ** 3
    return np.sum(A**3) + np.sum(r**2)


def transposed_to_a_matrix(A):
    r = A.T.reshape(2, 6)
    r += A[0, 1]
    return np.sum(A**3) * np.sum(r**2)


def columns(A):
    r = A[:, 1:3].reshape(-1)
    r[1] = A[0, 1] ** 3
    return np.sum(A**3) + np.sum(r**2)


def columns_of_a_changed_array(A):
    r = A[:, 1:3].ravel()
    A[0] = A[1] ** 2
    return np.sum(A**3) + np.sum(r**2)


def one_column(A):  # a view, though its elements do not lie side by side
    r = A[:, 0].reshape(3, 1)
    r *= A[0, 1]
    return np.sum(A**3) + np.sum(r**2)


def columns_raveled(A):  # a copy, as ravel() is where elements do not lie side by side
    r = A[:, 0].ravel()
    r *= A[0, 1]
    return np.sum(A**3) + np.sum(r**2)


def backwards(x):
    r = x[::-1].reshape(2, 3)
    r[1] = x[0] ** 3
    return np.sum(x**3) + np.sum(r**2)


def every_other_row(A):
    B = A * A
    r = B[::2].reshape(-1)
    r[1] = A[0, 0] ** 3
    return np.sum(B**3) + np.sum(r**2)


def part_of_a_new_array(x):
    A = np.outer(x, x)[:, ::2]
    r = A.reshape(-1)
    r[0] = 7.0 * x[0]
    r *= x[1]
    return np.sum(A**2) + np.sum(r**2)


def two_ways(C):
    r = C.reshape(6, 4)
    r[1:] *= 2
    q = C.swapaxes(0, 2).reshape(4, -1)
    q[0] += r[0, 0]
    return np.sum(C**3) + np.sum(r**2) + np.sum(q**2)


def in_a_loop(A):
    y = A * 2
    for i in range(3):
        r = y[:, i:].ravel()
        r[0] *= A[0, 0]
        y[i] += np.sum(r[:4])
    return np.sum(y**2)


def chosen(A):
    y = np.sqrt(A**2 + 1)
    r = y.T.reshape(-1) if A[0, 0] > 0 else y.ravel()
    r[3] = A[0, 1]
    return np.sum(y**2) + np.sum(r)


def fill(v):
    v[:] = v**2 + v[0]


def by_a_procedure(A):
    fill(A.reshape(-1))
    fill(A[:, :2].reshape(-1))
    fill(A.T.ravel())
    return np.sum(A**3)


def chained(B):
    r = B.reshape(-1)
    for i in range(r.size - 1):
        r[i + 1] += 0.1 * r[i] ** 2


def procedure_that_reshapes(A):
    chained(A)
    return np.sum(A**3)


def read_after_the_array_changed(A):
    r = A.reshape(-1)
    A[0] = A[1] ** 2
    return np.sum(r**3)


def raveled(x):
    r = x.ravel()
    x[2] = np.mean(x)
    return np.mean(r**2)


def written_flat(A):
    A.T.flat[1] = A[0, 0] ** 2
    A.ravel()[0] = 3 * A[1, 1]
    return np.sum(A**3)


def rows_of_columns(A):
    for row in A.T.reshape(6, 2):
        row *= A[0, 0] + 2
    return np.sum(A**3)


@dataclass
class Grid:
    values: Any


def of_an_object(A):
    grid = Grid(A)
    r = grid.values.reshape(-1)
    r[0] = 5 * r[1] ** 2
    grid.values = grid.values.T
    q = grid.values.ravel()
    q[1] = r[0]
    return np.sum(A**3) + np.sum(q**2)


FUNCTIONS = (
    transposed, transposed_to_a_matrix, columns, columns_of_a_changed_array, one_column, columns_raveled, backwards,
    every_other_row, part_of_a_new_array, two_ways, in_a_loop, chosen, by_a_procedure, procedure_that_reshapes,
    read_after_the_array_changed, raveled, written_flat, rows_of_columns, of_an_object,
)  # fmt: skip
NEVER_PLAIN = {written_flat}  # ``A.T.flat`` is written in place whatever the order; the derivative takes ravel() for it


def derivative_is_right(function: Callable[..., Any], argument: np.ndarray) -> None:
    args = (argument,)
    (direction,) = differences.random_direction(args, np.random.default_rng(2))
    slope = differences.slope(function, args, (direction,))
    value, gradient = bp.value_and_grad(function)(*differences.fresh(args))
    assert value == function(*differences.fresh(args))
    assert slope.agrees(float(np.sum(gradient * direction)), 1e-6, 1e-7)
    value, tangent = bp.jvp(function, differences.fresh(args), (direction,))
    assert value == function(*differences.fresh(args))
    assert slope.agrees(tangent, 1e-6, 1e-7)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_right_or_refused(function: Callable[..., Any], layout: str) -> None:
    argument = LAYOUTS[layout](GIVEN[function.__code__.co_varnames[0]])
    plain = layout == "in C order" and function not in NEVER_PLAIN
    try:
        derivative_is_right(function, argument)
    except ValueError as error:
        if plain or not is_guard(error):
            raise


def of_a_dict(d):
    r = d["w"].reshape(-1)
    r[0] = r[1] ** 2
    return np.sum(d["w"] ** 3) + np.sum(r**2)


def of_a_list(arrays):
    total = 0.0
    for w in arrays:
        r = w.reshape(-1)
        r[0] = r[1] ** 2
        total += np.sum(w**3) + np.sum(r**2)
    return total


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("function", "structure"),
    [(of_a_dict, lambda one: {"w": one}), (of_a_list, lambda one: [one * 2, one]), (of_a_list, lambda one: (one,))],
    ids=["dict", "list", "tuple"],
)
def test_arrays_of_structures(function: Callable[..., Any], structure: Callable[..., Any], layout: str) -> None:
    argument = structure(LAYOUTS[layout](GIVEN["A"]))
    try:
        value, _ = bp.value_and_grad(function)(argument)
    except ValueError as error:
        if layout == "in C order" or not is_guard(error):
            raise
    else:
        assert value == function(differences.fresh(argument))


def test_gaps_are_no_matter_where_nothing_is_reshaped() -> None:
    def plain(A):
        A[0] = A[1] ** 2
        return np.sum(A**3)

    for lay_out in LAYOUTS.values():
        derivative_is_right(plain, lay_out(GIVEN["A"]))


def test_the_message_says_which_argument() -> None:
    with pytest.raises(ValueError, match=r"A is written, and lies in memory as no copy of it would: give it A.copy"):
        bp.grad(columns)(LAYOUTS["with gaps"](GIVEN["A"]))


def by_flags(x):
    x[0] *= 2.0
    return np.sum(x) * (1.0 if x.flags.c_contiguous else 10.0)


def by_strides(x):
    x[0] *= 2.0
    return np.sum(x) * (1.0 if x.strides[0] > 0 else 10.0)


def by_base(x):
    x[0] *= 2.0
    return np.sum(x) * (1.0 if x.base is None else 10.0)


def by_owner(x):
    x[0] *= 2.0
    return np.sum(x) * (1.0 if x.flags.owndata else 10.0)


@pytest.mark.parametrize(
    "of", [lambda: np.ones(4), lambda: np.ones(8)[::2], lambda: np.ones(4)[:], lambda: np.ones(4)[::-1]]
)
@pytest.mark.parametrize("function", [by_flags, by_strides, by_base, by_owner], ids=lambda function: function.__name__)
def test_a_primal_that_asks_how_its_argument_lies(function: Callable[..., Any], of: Callable[[], Any]) -> None:
    """The derivative works on a copy: where that lies otherwise, it is refused."""
    try:
        value, _ = bp.value_and_grad(function)(of())
    except ValueError as error:
        assert is_guard(error)  # noqa: PT017 - a refusal is as good as the right value
    else:
        assert value == function(of())

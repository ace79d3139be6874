"""Sparse Jacobians and Hessians against the dense ones and against differences, and their patterns."""

from __future__ import annotations

import copy
import pickle
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.sparse.colouring import coloured, smallest_last
from backprose.sparse.search import Search
from backprose.sparse.stars import places_of, star_greedy, starred
from backprose.sparse.study import is_symmetric
from tests import sparse_programs as programs

scipy_sparse = pytest.importorskip("scipy.sparse")

X = np.array([0.3, -0.8, 1.2, 0.5, -0.1, 0.7])
U = np.cos(np.arange(20.0)).reshape(4, 5)
PROGRAMS: dict[str, tuple[Any, ...]] = {
    "elementwise": (X,), "kinks": (X,), "masked": (X,), "chained": (X,), "rosenbrock_residual": (X,),
    "heat_step": (X, 0.1), "heat_steps": (X, 0.1, 2), "rolled": (X,), "differences": (X,), "bratu": (U, 0.5),
    "boxes": (U,), "transposed": (U,), "cumulative": (X,), "convolved": (X,), "recurrence": (X,),
    "tridiagonal_loop": (X,), "appended": (X,), "listed": (X,), "counted_while": (X, 5), "strided": (X, 2),
    "early": (X,), "branches": (X,), "one_branch": (X,), "sorted_values": (X,), "at_the_largest": (X,),
    "chosen_by_mask": (X,), "put_by_mask": (X,), "rounded_index": (X,), "newton_steps": (X,),
    "gathered": (X, np.array([1, 1, 4])), "scattered": (X, np.array([0, 2, 2, 3, 0, 1]), 5),
    "edges": (X, np.array([0, 1, 2, 2]), np.array([3, 3, 5, 0])), "permuted": (X,), "first_n": (X,),
    "taken": (U, np.array([3, 0, 0])), "with_callee": (X,), "callee_writes": (X,), "half_of": (X, 2.0),
    "on_grid": (X, programs.Grid(0.5, 2, np.arange(6.0))), "by_model": (X, programs.Model([1, 3], 0.5)),
    "settings": (X, {"gain": 2.0, "shifts": (1, 2)}), "in_pairs": (X,), "sweeps": (X,), "views": (X,),
    "overwritten": (X,), "argument_written": (X,), "arrowhead": (X,), "dense_row": (X,), "unused": (X,),
    "constant_result": (X,), "total": (X,), "several": (X, 2.0), "two_arguments": (X, X + 1), "of_number": (0.5,),
    "matrices": (np.sin(np.arange(27.0)).reshape(3, 3, 3), np.cos(np.arange(9.0)).reshape(3, 3)),
    "mixed_matrix": (X, np.diag(np.ones(5), 1)), "dotted": (U,), "solved": (X, np.eye(6) * 3 + 0.1),
    "transformed": (X,), "in_complex": (X,), "guarded": (X,), "tried": (X,),
}  # fmt: skip
WRT = {"several": ("x", "w"), "two_arguments": ("x", "y"), "matrices": ("rotations", "points")}
PATTERNS: dict[str, np.ndarray] = {
    "elementwise": np.eye(6), "kinks": np.eye(6), "chained": np.eye(5, 6) + np.eye(5, 6, 1),
    "heat_steps": np.vstack([np.zeros(6), [1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 0], [0, 1, 1, 1, 1, 1],
                             [0, 0, 1, 1, 1, 1], np.zeros(6)]),
    "differences": np.eye(4, 6) + np.eye(4, 6, 1) + np.eye(4, 6, 2), "cumulative": np.tri(6),
    "recurrence": np.diag([0, 1, 1, 1, 1, 1]) + np.eye(6, 6, -1),
    "tridiagonal_loop": np.eye(6) + np.eye(6, 6, 1) + np.eye(6, 6, -1), "appended": np.eye(4, 6) + np.eye(4, 6, 2),
    "permuted": np.eye(6)[programs.ORDER], "first_n": np.eye(3, 6), "unused": np.outer(np.eye(8)[1], np.eye(6)[0]),
    "constant_result": np.zeros((4, 6)), "sweeps": np.tri(6), "dense_row": np.vstack([np.eye(6), np.ones(6)]),
    "one_branch": np.eye(6), "in_pairs": np.eye(3, 6) + np.eye(3, 6, 3),
}  # fmt: skip


def flat(made: Any) -> list[Any]:
    return [part for one in made for part in flat(one)] if isinstance(made, tuple) else [made]


def same_as_dense(
    function: Callable[..., Any], args: tuple[Any, ...], wrt: Any = 0, sparse: Any = None, **options: Any
) -> list[Any]:
    """The matrices; each has the elements of the dense one, and at least its pattern, in order and named once."""
    sparse = bp.jacobian(function, wrt=wrt, sparse=True, **options) if sparse is None else sparse
    given = copy.deepcopy(args)
    found = flat(sparse(*given))
    expected = flat(bp.jacobian(function, wrt=wrt)(*copy.deepcopy(args)))
    assert len(found) == len(expected)
    for one, dense in zip(found, expected, strict=True):
        whole = np.asarray(dense).reshape(one.shape)
        np.testing.assert_allclose(one.toarray(), whole, rtol=1e-10, atol=1e-13)
        check_form(one)
    for before, after in zip(args, given, strict=True):
        if isinstance(before, np.ndarray):
            assert np.array_equal(before, after), "an argument was changed"
    return found


def check_form(one: Any) -> None:
    assert isinstance(one, scipy_sparse.csr_array)
    one.check_format(full_check=True)
    fresh = scipy_sparse.csr_array((one.data, one.indices, one.indptr), shape=one.shape)
    assert fresh.has_canonical_format, "sorted, nothing twice"


def pattern(one: Any) -> np.ndarray:
    made = one.copy()
    made.data = np.ones_like(made.data)
    return np.asarray(made.toarray())


# ---------------------------------------------------------------- every program
@pytest.mark.parametrize("direction", ["auto", "forward", "reverse"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_same_as_dense(name: str, direction: Any) -> None:
    function, args, wrt = getattr(programs, name), PROGRAMS[name], WRT.get(name, 0)
    sparse = bp.jacobian(function, wrt=wrt, sparse=True, direction=direction)
    found = same_as_dense(function, args, wrt, sparse)
    if name in PATTERNS:
        np.testing.assert_array_equal(pattern(found[0]), PATTERNS[name] != 0)
    for seed in range(6):  # other floats, with the plan of the first call or a new one
        rng = np.random.default_rng(seed)
        others = tuple(
            moved(arg, rng) if k < (len(wrt) if isinstance(wrt, tuple) else 1) else arg for k, arg in enumerate(args)
        )
        same_as_dense(function, others, wrt, sparse)


def moved(arg: Any, rng: np.random.Generator) -> Any:
    return float(rng.normal()) if isinstance(arg, float) else rng.normal(size=arg.shape)


@pytest.mark.parametrize("name", ["rosenbrock_residual", "bratu", "branches", "boxes", "sweeps", "two_arguments"])
def test_against_differences(name: str) -> None:
    function, args = getattr(programs, name), PROGRAMS[name]
    (found,) = flat(bp.jacobian(function, sparse=True)(*args))
    for j in range(args[0].size):
        step = np.zeros(args[0].size)
        step[j] = 1e-6
        step = step.reshape(args[0].shape)
        ahead, behind = function(args[0] + step, *args[1:]), function(args[0] - step, *args[1:])
        np.testing.assert_allclose(found.toarray()[:, j], np.ravel(ahead - behind) / 2e-6, rtol=1e-6, atol=1e-7)


def test_few_calls() -> None:
    """As many tangents as colours, and no search where floats alone are others."""
    sparse = bp.jacobian(programs.rosenbrock_residual, sparse=True)
    x = np.linspace(0, 1, 500)
    sparse(x)
    plan = sparse._variants.plan((x + 1,), {})
    assert plan is sparse._variants.plan((x,), {})
    assert plan.colours.max() + 1 == 2
    assert sparse._variants.plan((x[:-1],), {}) is not plan
    assert bp.jacobian(programs.rosenbrock_residual, sparse=True)._variants.plan((x,), {}) is plan


# ---------------------------------------------------------------- what changes between calls
def test_branches_change_the_pattern() -> None:
    sparse = bp.jacobian(programs.one_branch, sparse=True)
    assert pattern(sparse(X)).sum() == 6
    assert pattern(sparse(-X)).sum() == 12
    assert pattern(sparse(X)).sum() == 6


@pytest.mark.parametrize("name", ["branches", "rounded_index", "sorted_values", "early", "with_callee", "put_by_mask"])
def test_floats_decide(name: str) -> None:
    function = getattr(programs, name)
    sparse = bp.jacobian(function, sparse=True)
    for seed in range(20):
        same_as_dense(function, (np.random.default_rng(seed).normal(size=9),), sparse=sparse)


def test_an_index_is_another() -> None:
    sparse = bp.jacobian(programs.gathered, sparse=True)
    index = np.array([0, 1, 2])
    same_as_dense(programs.gathered, (X, index), sparse=sparse)
    index[:] = 5, 0, 3  # in place: the same array
    same_as_dense(programs.gathered, (X, index), sparse=sparse)


def test_an_integer_is_another() -> None:
    sparse = bp.jacobian(programs.strided, sparse=True)
    assert [sparse(X, step).nnz for step in (1, 2, 3, 1)] == [6, 3, 2, 6]


def test_globals_are_rebound(monkeypatch: pytest.MonkeyPatch) -> None:
    first, permuted = (bp.jacobian(one, sparse=True) for one in (programs.first_n, programs.permuted))
    assert first(X).shape == (3, 6)
    monkeypatch.setattr(programs, "N", 5)
    monkeypatch.setattr(programs, "SCALE", 3.0)
    assert same_as_dense(programs.first_n, (X,), sparse=first)[0].shape == (5, 6)
    same_as_dense(programs.permuted, (X,), sparse=permuted)
    order = programs.ORDER.copy()
    monkeypatch.setattr(programs, "ORDER", order)
    order[:] = order[::-1].copy()
    same_as_dense(programs.permuted, (X,), sparse=permuted)
    monkeypatch.setattr(programs, "WEIGHTS", np.ones((2, 6)))
    assert same_as_dense(programs.permuted, (X,), sparse=permuted)[0].shape == (12, 6)


def test_objects_change() -> None:
    model = programs.Model([1, 3], 0.5)
    sparse = bp.jacobian(programs.by_model, sparse=True)
    same_as_dense(programs.by_model, (X, model), sparse=sparse)
    model.lags[1] = 2
    same_as_dense(programs.by_model, (X, model), sparse=sparse)
    model.gain = 3.0
    same_as_dense(programs.by_model, (X, model), sparse=sparse)


def test_grid_changes() -> None:
    sparse = bp.jacobian(programs.on_grid, sparse=True)
    for offset in (1, 2, 4, 1):
        same_as_dense(programs.on_grid, (X, programs.Grid(0.5, offset, np.arange(6.0))), sparse=sparse)


def test_settings_change() -> None:
    sparse = bp.jacobian(programs.settings, sparse=True)
    for shifts in ((1, 2), (0, 3), (5, 4)):
        same_as_dense(programs.settings, (X, {"gain": 1.0, "shifts": shifts}), sparse=sparse)


def test_closures() -> None:
    for shift in (1, 2, 0):
        same_as_dense(programs.closure_of(shift, 0.5), (X,))


def test_a_cell_is_rebound() -> None:
    shift = 1

    def shifted(x: Any) -> Any:
        return x * np.roll(x, shift)

    sparse = bp.jacobian(shifted, sparse=True)
    same_as_dense(shifted, (X,), sparse=sparse)
    shift = 3
    same_as_dense(shifted, (X,), sparse=sparse)


def test_a_default_is_changed() -> None:
    index = np.array([0, 1, 2])

    def gathered(x: Any, index: Any = index) -> Any:
        return x[index] ** 2

    sparse = bp.jacobian(gathered, sparse=True)
    assert sparse(X).indices.tolist() == [0, 1, 2]
    index[:] = 3, 4, 5
    assert sparse(X).indices.tolist() == [3, 4, 5]


TABLE = [1, 2]


def test_a_list_outside_is_changed() -> None:
    def rolled(x: Any) -> Any:
        return x * np.roll(x, TABLE[0])

    sparse = bp.jacobian(rolled, sparse=True)
    try:
        same_as_dense(rolled, (X,), sparse=sparse)
        TABLE[0] = 2
        same_as_dense(rolled, (X,), sparse=sparse)
    finally:
        TABLE[0] = 1


def test_memory_order_is_another() -> None:
    def transposed(x: Any) -> Any:
        return np.ravel(x.T, order="F") ** 2

    sparse = bp.jacobian(transposed, sparse=True)
    for u in (U, np.asfortranarray(U), U):
        found = sparse(u).toarray()
        dense = bp.jacobian(transposed, direction="forward")(u).reshape(20, 20)
        np.testing.assert_array_equal(found, dense)


def test_values_that_would_hide_marks() -> None:
    """Zeros among the factors of the first call: the pattern is not that of these values alone."""
    sparse = bp.jacobian(programs.several, wrt=("x", "w"), sparse=True)
    same_as_dense(programs.several, (np.zeros(6), 0.0), ("x", "w"), sparse)
    same_as_dense(programs.several, (X, 2.0), ("x", "w"), sparse)
    matrix = bp.jacobian(programs.mixed_matrix, sparse=True)
    same_as_dense(programs.mixed_matrix, (X[:5], np.zeros((4, 5))), sparse=matrix)
    same_as_dense(programs.mixed_matrix, (X[:5], np.ones((4, 5))), sparse=matrix)


# ---------------------------------------------------------------- forms of arguments and results
def test_forms() -> None:
    blocks = bp.jacobian(programs.several, wrt=("x", "w"), sparse=True)(X, 2.0)
    assert [[one.shape for one in row] for row in blocks] == [[(5, 6), (5, 1)], [(1, 6), (1, 1)], [(1, 6), (1, 1)]]
    assert bp.jacobian(programs.of_number, sparse=True)(0.5).shape == (3, 1)
    assert bp.jacobian(programs.total, sparse=True)(X).shape == (1, 6)
    (only,) = bp.jacobian(programs.chained, wrt=("x",), sparse=True)(X)
    assert only.shape == (5, 6)


def test_single_precision() -> None:
    found = bp.jacobian(programs.rosenbrock_residual, sparse=True)(X.astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found.toarray(), bp.jacobian(programs.rosenbrock_residual)(X), rtol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 2])
def test_short(length: int) -> None:
    for function in (programs.elementwise, programs.rolled, programs.cumulative):
        if length:
            same_as_dense(function, (X[:length],))
        else:
            assert bp.jacobian(function, sparse=True)(X[:0]).shape == (0, 0)


def test_results_own_their_memory() -> None:
    sparse = bp.jacobian(programs.elementwise, sparse=True)
    first = sparse(X)
    first.data[:], first.indices[:], first.indptr[:] = 7, 0, 0
    same_as_dense(programs.elementwise, (X,), sparse=sparse)


def test_not_contiguous() -> None:
    same_as_dense(programs.bratu, (np.cos(np.arange(40.0)).reshape(5, 8)[:, ::2].T, 0.5))
    same_as_dense(programs.chained, (np.arange(12.0)[::-2],))


def test_keywords() -> None:
    sparse = bp.jacobian(programs.heat_steps, wrt="u", sparse=True)
    np.testing.assert_allclose(sparse(X, steps=2, alpha=0.1).toarray(), bp.jacobian(programs.heat_steps)(X, 0.1, 2))


def test_seeds_is_a_name_of_the_users() -> None:
    def scaled(x: Any, *, seeds: Any) -> Any:
        return x * seeds

    np.testing.assert_allclose(bp.jacobian(scaled, sparse=True)(X, seeds=2.0).toarray(), 2 * np.eye(6))


def test_pickle_and_text() -> None:
    sparse = bp.jacobian(programs.chained, sparse=True)
    again = pickle.loads(pickle.dumps(sparse))
    np.testing.assert_array_equal(again(X).toarray(), sparse(X).toarray())
    assert repr(sparse) == "backprose.jacobian(tests.sparse_programs.chained, wrt=0, sparse=True)"
    assert (
        sparse.source
        == """\
def chained_tangent(x, x_dot):
    return 10 * (x_dot[1:] - 2 * x[:-1] * x_dot[:-1])


# columns of the Jacobian: for each seed those in which it is 1, added up
def chained_jacobian(x, *, seeds):
    return [chained_tangent(x, x_dot) for x_dot in seeds]
"""
    )


# ---------------------------------------------------------------- few rows, few columns
def test_the_side_with_fewer_colours() -> None:
    x = np.linspace(0.1, 1, 400)
    sparse = bp.jacobian(programs.dense_row, sparse=True)
    same_as_dense(programs.dense_row, (x,), sparse=sparse)
    plan = sparse._variants.plan((x,), {})
    assert (plan.side, plan.colours.max() + 1) == ("rows", 2)
    total = bp.jacobian(programs.total, sparse=True)
    assert total._variants.plan((x,), {}).side == "rows"


def test_large() -> None:
    x = np.linspace(0.1, 1, 100_000)
    found = bp.jacobian(programs.rosenbrock_residual, sparse=True)(x)
    assert found.nnz == 3 * (len(x) - 1)
    np.testing.assert_array_equal(found.data[: 2 * (len(x) - 1) : 2], -20 * x[:-1])


# ---------------------------------------------------------------- Hessians
def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def coupled(x, y):
    return np.sum(x[:-1] * x[1:] * y) + np.sum(np.exp(y))


def springs(x):
    energy = 0.0
    for i in range(len(x) - 1):
        stretch = x[i + 1] - x[i] - 1
        if stretch > 0:
            energy += stretch**2
        else:
            energy += stretch**4
    return energy


@pytest.mark.parametrize("direction", ["auto", "forward", "reverse"])
def test_hessians(direction: Any) -> None:
    for function in (rosenbrock, springs):
        sparse = bp.hessian(function, sparse=True, direction=direction)
        for seed in range(5):
            x = np.random.default_rng(seed).normal(size=12)
            found = sparse(x)
            check_form(found)
            np.testing.assert_allclose(found.toarray(), bp.hessian(function)(x), rtol=1e-9, atol=1e-11)
            inside = np.eye(12) + np.eye(12, 12, 1) + np.eye(12, 12, -1)
            assert not np.any(pattern(found)[inside == 0])
            difference = bp.grad(function)(x + 1e-6 * np.ones(12)) - bp.grad(function)(x - 1e-6 * np.ones(12))
            np.testing.assert_allclose(found.toarray().sum(axis=1), difference / 2e-6, rtol=1e-4, atol=1e-5)
    assert "hvp" in bp.hessian(rosenbrock, sparse=True, direction="forward").source_for(X)


def test_hessian_of_several() -> None:
    found = bp.hessian(coupled, wrt=("x", "y"), sparse=True)(X, X[1:])
    dense = bp.hessian(coupled, wrt=("x", "y"))(X, X[1:])
    for row, expected_row in zip(found, dense, strict=True):
        for one, expected in zip(row, expected_row, strict=True):
            np.testing.assert_allclose(one.toarray(), expected, rtol=1e-12, atol=1e-14)


def test_sparse_jacobian_of_a_gradient() -> None:
    gradient = bp.grad(rosenbrock)
    np.testing.assert_allclose(bp.jacobian(gradient, sparse=True)(X).toarray(), bp.hessian(rosenbrock)(X))


# ---------------------------------------------------------------- Hessians: their symmetry
EDGES = np.random.default_rng(3).integers(30, size=(2, 45))


def arrow(x):
    return np.sum(np.exp(0.1 * x[0] * x[1:])) + np.sum(x**4)


def two_arrows(x):
    return np.sum(np.sin(x[0] * x[1:-1]) * x[-1]) + np.sum(x**3)


def arrow_on_a_band(x):
    return np.mean(x) * x[3] + np.sum(np.cos(x[1:] * x[:-1])) + np.sum(x**2 * x[3])


def graph(x, start, end):
    return np.sum(np.sin(x[start] * x[end])) + np.sum(x**3)


def bilinear(x):
    return np.sum(x[0] * x[1:])


def arrow_of_two(shared, x):
    return np.sum(np.tanh(shared * x)) + shared**2


def arrow_in_a_loop(x):
    total = 0.0
    for i in range(1, len(x)):
        if x[i] > 0:
            total += x[i] ** 2 * np.sin(x[0])
        else:
            total += x[i] ** 3 * x[0] ** 2
    return total


Y = np.cos(np.arange(30.0))
ENERGIES: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Any, int]] = {
    "arrow": (arrow, (Y,), 0, 2),
    "two_arrows": (two_arrows, (Y,), 0, 3),
    "arrow_on_a_band": (arrow_on_a_band, (Y,), 0, 5),
    "graph": (graph, (Y, *EDGES), 0, 9),
    "bilinear": (bilinear, (Y,), 0, 2),
    "arrow_of_two": (arrow_of_two, (0.5, Y), ("shared", "x"), 2),
    "arrow_in_a_loop": (arrow_in_a_loop, (Y,), 0, 2),
}


@pytest.mark.parametrize("direction", ["auto", "forward", "reverse"])
@pytest.mark.parametrize("name", ENERGIES)
def test_few_colours_of_a_hessian(name: str, direction: Any) -> None:
    function, args, wrt, most = ENERGIES[name]
    sparse = bp.hessian(function, wrt=wrt, sparse=True, direction=direction)
    size = sum(np.size(args[k]) for k in range(2 if isinstance(wrt, tuple) else 1))
    for seed in range(4):
        rng = np.random.default_rng(seed)
        given = tuple(moved(arg, rng) if not isinstance(arg, np.ndarray) or arg.dtype == float else arg for arg in args)
        found, dense = flat(sparse(*given)), flat(bp.hessian(function, wrt=wrt)(*given))
        for one, expected in zip(found, dense, strict=True):
            check_form(one)
            np.testing.assert_allclose(one.toarray(), np.reshape(expected, one.shape), rtol=1e-10, atol=1e-12)
    plan = sparse._variants.plan(given, {})
    whole = np.block([[pattern(one) for one in flat(row)] for row in as_rows(sparse(*given))])
    rows, columns = np.nonzero(whole)
    plain = coloured(rows, columns, (size, size)).max() + 1
    assert plan.colours.max() + 1 <= min(most, plain)
    if name != "graph":
        assert plain >= 29, "this is about rows that are full"


def as_rows(made: Any) -> tuple[Any, ...]:
    return made if isinstance(made, tuple) else (made,)


def test_few_colours_against_differences() -> None:
    found = bp.hessian(arrow_on_a_band, sparse=True)(Y).toarray()
    gradient = bp.grad(arrow_on_a_band)
    for j in range(30):
        step = 1e-6 * np.eye(30)[j]
        np.testing.assert_allclose(found[:, j], (gradient(Y + step) - gradient(Y - step)) / 2e-6, rtol=1e-6, atol=1e-7)


def held_still(x):
    return np.sum(np.exp(0.1 * bp.stop_gradient(x[0]) * x[1:])) + np.sum(x**4)


def clipped_back(x):
    y = x[1:] * x[0]
    with bp.adjoint_of(y) as y_bar:
        y_bar = y_bar * x[1:]
    return np.sum(y**2) + np.sum(x**3)


def bent_in_a_helper(x):
    return bent(x[0], x[1:]) + np.sum(x**4)


def bent(a, b):
    for _ in range(2):
        b = b * a
        with bp.adjoint_of(b) as b_bar:
            b_bar = b_bar * a
    return np.sum(b**2)


def with_a_rule(x):
    return np.sum(two_sided(x[0], x[1:])) + np.sum(x**3)


def two_sided(a, b):
    return a**2 * b


def held_still_in_a_helper(x):
    return still_times(x[0], x[1:]) + np.sum(x**4)


def still_times(a, b):
    for _ in range(2):
        b = b * bp.stop_gradient(a)
    return np.sum(b**2)


@pytest.mark.parametrize("function", [clipped_back, bent_in_a_helper, with_a_rule])
def test_symmetry_is_not_used_where_it_may_not_be(function: Callable[..., Any]) -> None:
    """Each is a derivative that the program made itself, and is not symmetric."""
    from backprose.rules.registry import put

    @bp.elementwise(two_sided)
    def rule(a, b):
        return a * b, a**2

    try:
        sparse, dense = bp.hessian(function, sparse=True), bp.hessian(function)(Y)
        assert not np.allclose(dense, dense.T)
        np.testing.assert_allclose(sparse(Y).toarray(), dense, rtol=1e-10, atol=1e-12)
        assert not is_symmetric(sparse._variants.plan((Y,), {}).study)
    finally:
        put(two_sided, None)


@pytest.mark.parametrize("function", [held_still, held_still_in_a_helper])
def test_what_is_held_still(function: Callable[..., Any]) -> None:
    sparse = bp.hessian(function, sparse=True)
    np.testing.assert_allclose(sparse(Y).toarray(), bp.hessian(function)(Y), rtol=1e-10, atol=1e-12)
    assert not is_symmetric(sparse._variants.plan((Y,), {}).study)


def test_what_symmetry_is_known_of() -> None:
    sparse = bp.hessian(arrow, sparse=True)
    sparse(Y)
    assert is_symmetric(sparse._variants.plan((Y,), {}).study)
    jacobian = bp.jacobian(lambda x: x[0] * x, sparse=True)
    np.testing.assert_allclose(jacobian(Y).toarray(), bp.jacobian(lambda x: x[0] * x)(Y))


# ---------------------------------------------------------------- what is refused
def prints(x):
    print(x[0])
    return x**2


def complex_result(x):
    return x * 1j


def of_structure(params):
    return params["a"] * 2


def rooted(x):
    return np.sqrt(x)


def signs_of(x):
    return np.array([user_rule(v) for v in x])


def user_rule(v):
    return v * 2


@pytest.mark.parametrize(
    ("function", "args", "says"),
    [
        (prints, (X,), "may print"),
        (complex_result, (X,), "no Jacobian"),
        (complex_result, (X * 1j,), "complex"),
        (of_structure, ({"a": X},), "is a structure"),
        (rooted, (np.array([0.0, 1.0]),), "element 0 of the result is nan"),
    ],
)
def test_refused(function: Any, args: Any, says: str) -> None:
    with pytest.raises(bp.BackproseError, match=says), np.errstate(divide="ignore", invalid="ignore"):
        bp.jacobian(function, sparse=True)(*args)


def test_known_pattern_where_the_derivative_is_not_finite() -> None:
    sparse = bp.jacobian(rooted, sparse=True)
    sparse(np.array([0.5, 1.0]))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = sparse(np.array([0.0, 1.0]))
    np.testing.assert_array_equal(found.data, [np.inf, 0.5])


def test_rules_of_users_are_not_looked_into() -> None:
    @bp.linear(user_rule)
    def rule(v, *, out_bar):
        return 2 * out_bar

    try:
        with pytest.raises(bp.BackproseError, match="cannot be seen") as caught:
            bp.jacobian(signs_of, sparse=True, direction="forward")(X)
        assert "user_rule(v) for v in x" in str(caught.value)
        assert bp.jacobian(signs_of, sparse=True)(X).nnz == 6, "its adjoint is looked into"
    finally:
        from backprose.rules.registry import put

        put(user_rule, None)


def test_nothing_is_made_of_it(tmp_path: Any) -> None:
    sparse = bp.jacobian(programs.chained, sparse=True)
    for use in (
        lambda: bp.jacobian(sparse)(X),
        lambda: sparse.save(tmp_path / "chained.py"),
        lambda: bp.grad(lambda x: np.sum(sparse(x)))(X),
    ):
        with pytest.raises(bp.BackproseError):
            use()


def test_without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fresh(x: Any) -> Any:
        return x**2

    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(bp.BackproseError, match="needs SciPy, which is not installed"):
        bp.jacobian(fresh, sparse=True)(X)
    assert bp.jacobian(fresh)(X).shape == (6, 6)


# ---------------------------------------------------------------- colours, search
def random_matrix(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    height, width = rng.integers(1, 60, 2)
    made = rng.random((height, width)) < rng.choice([0.02, 0.1, 0.3])
    if seed % 3 == 0:
        made[rng.integers(height)] = True
    return made


@pytest.mark.parametrize("seed", range(25))
def test_search_and_colours(seed: int) -> None:
    matrix = random_matrix(seed)
    search = Search(lambda marked: [(matrix & flags).any(axis=1) for flags in marked], *matrix.shape)
    assert search.refine(None)
    found = np.zeros_like(matrix)
    found[search.rows, search.blocks] = True
    np.testing.assert_array_equal(found, matrix)
    rows, columns = np.nonzero(matrix)
    colours = coloured(rows, columns, matrix.shape)
    for colour in range(colours.max() + 1):
        assert matrix[:, colours == colour].sum(axis=1).max() <= 1
    order = smallest_last(rows, columns, matrix.shape)
    assert order is not None
    assert sorted(order) == list(range(matrix.shape[1]))


def symmetric_matrix(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    size = rng.integers(1, 40)
    made = rng.random((size, size)) < rng.choice([0.02, 0.05, 0.1, 0.3, 0.6])
    made = made | made.T
    if seed % 2:
        np.fill_diagonal(made, True)
    if seed % 5 == 0:
        hub = rng.integers(size)
        made[hub] = made[:, hub] = True
    return np.asarray(made)


@pytest.mark.parametrize("seed", range(40))
def test_stars(seed: int) -> None:
    matrix = symmetric_matrix(seed)
    rng = np.random.default_rng(seed)
    values = np.where(matrix, rng.normal(size=matrix.shape), 0.0)
    values = values + values.T
    rows, columns = np.nonzero(matrix)
    size = len(matrix)
    half = rng.random(rows.size) < 0.5  # of each pair at least one is named
    half |= rows <= columns
    for order in (None, range(size), rng.permutation(size).tolist()):
        near = [[j for j in np.flatnonzero(matrix[i]) if j != i] for i in range(size)]
        colours = starred(rows[half], columns[half], size) if order is None else star_greedy(near, order)
        products = np.concatenate([values @ (colours == colour) for colour in range(colours.max() + 1)])
        found = products[places_of(rows, columns, colours, (rows, columns))]
        np.testing.assert_allclose(found, values[rows, columns], rtol=1e-12)
        for i in range(size):  # no path of four vertices has two colours
            for j in near[i]:
                assert colours[i] != colours[j]
                for k in near[j]:
                    if k != i and colours[k] == colours[i]:
                        assert not [m for m in near[k] if m != j and colours[m] == colours[j]]


def test_places_that_colours_do_not_show() -> None:
    rows, columns = np.nonzero(np.eye(4, k=1) + np.eye(4, k=-1))  # a path of four, in two colours
    with pytest.raises(AssertionError, match="no product shows"):
        places_of(rows, columns, np.array([0, 1, 0, 1]), (rows, columns))


def test_stars_of_bands() -> None:
    """No fewer than without symmetry: the least that a band can have."""
    away = np.abs(np.subtract.outer(np.arange(50), np.arange(50)))
    for width in (1, 2, 3):
        rows, columns = np.nonzero(away <= width)
        assert starred(rows, columns, 50).max() + 1 == coloured(rows, columns, (50, 50)).max() + 1 == 2 * width + 1


def test_colours_of_a_stencil() -> None:
    n = 30
    band = scipy_sparse.diags_array([1, 1, 1], offsets=[-1, 0, 1], shape=(n, n), dtype=float)
    grid = scipy_sparse.csr_array(
        scipy_sparse.kron(band, scipy_sparse.eye_array(n)) + scipy_sparse.kron(scipy_sparse.eye_array(n), band)
    )
    rows, columns = grid.nonzero()
    assert coloured(rows, columns, grid.shape).max() + 1 <= 8

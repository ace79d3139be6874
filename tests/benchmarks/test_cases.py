"""What the benchmark times is right: by hand, by HIPS autograd where it is installed, and by backprose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests import differences
from tests.benchmarks import compare, sparse
from tests.benchmarks.cases import CASES, Case
from tests.benchmarks.rivals import autograd_gradient, jax_gradients
from tests.benchmarks.straight_line import fresh_chain

cases = pytest.mark.parametrize("case", CASES, ids=[case.shown for case in CASES])


def agrees(case: Case, gradient: Callable[..., Any]) -> None:
    """Along a random direction, the gradient gives the slope that differences find."""
    given = differences.fresh(case.args)
    found = gradient(*given)
    found = found if len(case.wrt) > 1 else (found,)
    rng = np.random.default_rng(1)
    direction: list[Any] = [None] * len(case.args)
    parts: list[Any] = [None] * len(case.args)
    for k, part in zip(case.positions, found, strict=True):
        direction[k], parts[k] = differences.random_direction(case.args[k], rng), part
    slope = differences.slope(case.fresh(), case.args, direction)
    assert slope.trusted
    derivative = differences.inner(parts, direction)
    assert slope.agrees(derivative, 1e-7, 1e-9, differences.magnitude(parts, direction))
    for before, after in zip(case.args, given, strict=True):
        assert np.array_equal(before, after), "an argument was changed"


@cases
def test_by_hand(case: Case) -> None:
    agrees(case, case.by_hand)


@cases
def test_autograd(case: Case) -> None:
    gradient = autograd_gradient(case)
    if gradient is None:
        pytest.skip(case.refused or "autograd is not installed")
    agrees(case, gradient)


@cases
@pytest.mark.parametrize("form", ["jit", "scan", "checkpoint"])
def test_jax(case: Case, form: str) -> None:
    pytest.importorskip("jax")
    gradients = jax_gradients(case)
    if form not in gradients:
        pytest.skip("has no such form")
    agrees(case, gradients[form])


@cases
@pytest.mark.usefixtures("api")
def test_backprose(case: Case) -> None:
    import backprose as bp

    agrees(case, bp.grad(case.fresh(), wrt=case.asked))


@pytest.mark.parametrize("function", sparse.FUNCTIONS)
@pytest.mark.usefixtures("api")
def test_sparse(function: Callable[..., Any]) -> None:
    pytest.importorskip("scipy")
    import backprose as bp

    x = np.sin(np.arange(40.0))
    np.testing.assert_allclose(bp.jacobian(function, sparse=True)(x).toarray(), bp.jacobian(function)(x), atol=1e-13)


@pytest.mark.parametrize("function", sparse.ENERGIES)
@pytest.mark.usefixtures("api")
def test_sparse_hessians(function: Callable[..., Any]) -> None:
    pytest.importorskip("scipy")
    import backprose as bp

    x = np.sin(np.arange(40.0))
    np.testing.assert_allclose(bp.hessian(function, sparse=True)(x).toarray(), bp.hessian(function)(x), atol=1e-13)


@pytest.mark.usefixtures("api")
def test_bundle_adjustment() -> None:
    """The known pattern, by no more tangents than its fullest row asks for, and one."""
    pytest.importorskip("scipy")
    (case,) = [one for one in sparse.cases() if one.shown == "bundle adjustment"]
    jacobian = case.derivative()
    for block, (rows, columns) in zip(jacobian(*case.args), sparse.bundle_adjustment()["known"], strict=True):
        found = np.zeros(block.shape, bool)
        found[np.repeat(np.arange(block.shape[0]), np.diff(block.indptr)), block.indices] = True
        known = np.zeros(block.shape, bool)
        known[rows, columns] = True
        assert np.array_equal(found, known)
    assert jacobian._variants.plan(case.args, {}).colours.max() + 1 <= 10 + 3 + 1 + 1


@pytest.mark.usefixtures("api")
def test_straight_line() -> None:
    import backprose as bp

    with fresh_chain(30) as chain:
        slope = differences.slope(chain, (0.3,), (1.0,))
        assert slope.trusted
        assert slope.agrees(bp.grad(chain)(0.3))


def test_compare(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout beside itself; no time is asserted."""
    pytest.importorskip("scipy")
    monkeypatch.setattr("sys.argv", ["compare", str(compare.ROOT), "--rounds", "3", "--only", "Rosenbrock (20)"])
    assert compare.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" (20)")[0] for line in lines[1:]] == ["gradient: Rosenbrock", "transform: Rosenbrock"]
    assert all("us" in line and "refused" not in line for line in lines[1:])

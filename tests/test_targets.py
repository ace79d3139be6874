"""The emitted text against what a careful colleague wrote: length, numbers, and nothing saved where nothing is read."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests import differences

pytestmark = pytest.mark.usefixtures("api")
ALLOWED = 1.3  # emitted statements for each one written by hand


# ---------------------------------------------------------------- counting
def statements(text: str) -> int:
    """The statements of all functions in a text: ``def`` lines with them, no docstrings, no entry checks."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return sum(1 + _count(_without_docstring(function.body)) for function in functions)


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return body[1:] if is_text else body


def _count(body: list[ast.stmt]) -> int:
    total = 0
    for statement in body:
        if _is_check(statement):
            continue
        total += 1
        for inner in ("body", "orelse"):
            total += _count(getattr(statement, inner, []))
    return total


def _is_check(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and not statement.orelse and isinstance(statement.body[0], ast.Raise)


def test_counting() -> None:
    text = "def f(x):\n    'doc'\n    if x < 0:\n        raise ValueError\n    if x:\n        y = 1\n    return y\n"
    assert statements(text) == 4


# ---------------------------------------------------------------- the four targets
@dataclass(frozen=True)
class Target:
    """A primal of ``tests/targets``, what to derive, and the function written by hand."""

    module: str
    primal: str
    by_hand: str
    wrt: str | tuple[str, ...]
    args: tuple[Any, ...]
    value: bool = False

    @property
    def home(self) -> ModuleType:
        return importlib.import_module(f"tests.targets.{self.module}")

    @property
    def function(self) -> Callable[..., Any]:
        return getattr(self.home, self.primal)  # type: ignore[no-any-return]

    @property
    def written(self) -> Callable[..., Any]:
        return getattr(self.home, self.by_hand)  # type: ignore[no-any-return]


rng = np.random.default_rng(0)
REVERSE = {
    "softmax": Target(
        "softmax_regression",
        "softmax_loss",
        "softmax_loss_value_and_grad",
        ("W", "b"),
        (rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(7, 5)), np.eye(3)[rng.integers(0, 3, 7)]),
        value=True,
    ),
    "heat u": Target("heat", "heat", "heat_grad_u", "u", (rng.normal(size=12), 0.1, 7)),
    "heat u alpha": Target("heat", "heat", "heat_grad_u_alpha", ("u", "alpha"), (rng.normal(size=12), 0.1, 7)),
    "newton": Target("newton", "newton_sqrt", "newton_sqrt_grad", "a", (2.0, 1e-14, 50)),
}
rosenbrock = Target("forward_and_hvp", "rosenbrock", "rosenbrock_jvp", "x", (rng.normal(size=6),))


def derivative(target: Target) -> Any:
    import backprose as bp

    return (bp.value_and_grad if target.value else bp.grad)(target.function, wrt=target.wrt)


@pytest.mark.parametrize("name", REVERSE)
def test_length(name: str) -> None:
    target = REVERSE[name]
    text = derivative(target).source_for(*differences.fresh(target.args))
    mine, theirs = statements(text), statements(inspect.getsource(target.written))
    assert mine <= ALLOWED * theirs, f"{mine} statements, by hand {theirs}:\n{text}"


@pytest.mark.parametrize("name", REVERSE)
def test_agrees(name: str) -> None:
    target = REVERSE[name]
    result = derivative(target)(*differences.fresh(target.args))
    expected = target.written(*differences.fresh(target.args))
    for one, two in zip(differences.leaves(result), differences.leaves(expected), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-10, atol=1e-12)
    gradient = result[1] if target.value else result
    parts = gradient if isinstance(target.wrt, tuple) else (gradient,)
    names = target.wrt if isinstance(target.wrt, tuple) else (target.wrt,)
    parameters = list(inspect.signature(target.function).parameters)
    for name_of, part in zip(names, parts, strict=True):
        slope = differences.gradient(target.function, target.args, parameters.index(name_of))
        assert slope.agrees(part, 1e-7, 1e-8, float(np.max(np.abs(part)))), f"{name_of}: {part}, {slope.value}"


def test_linear_saves_nothing() -> None:
    """``heat`` is linear in ``u``: its backward sweep reads nothing of the forward one."""
    target = REVERSE["heat u"]
    text = derivative(target).source_for(*differences.fresh(target.args))
    assert not re.search(r"append|saved|\.pop\(", text), text


def test_forward_length() -> None:
    from tests.corpus import forward_source

    text = forward_source(rosenbrock.function, rosenbrock.wrt, rosenbrock.args)
    mine, theirs = statements(text), statements(inspect.getsource(rosenbrock.written))
    assert mine <= ALLOWED * theirs, f"{mine} statements, by hand {theirs}:\n{text}"


def test_forward_agrees() -> None:
    import backprose as bp

    (x,) = rosenbrock.args
    x_dot = np.cos(np.arange(6.0))
    value, slope = bp.jvp(rosenbrock.function, (x,), (x_dot,))
    expected, by_hand = rosenbrock.written(x, x_dot)
    assert value == expected
    np.testing.assert_allclose(slope, by_hand, rtol=1e-12)
    assert differences.slope(rosenbrock.function, (x,), (x_dot,)).agrees(slope, 1e-7, 1e-8, abs(slope))


def test_hessian_vector_product() -> None:
    """Forward over reverse, against the product written by hand."""
    import backprose as bp

    (x,) = rosenbrock.args
    v = np.sin(np.arange(6.0))
    _, product = bp.jvp(bp.grad(rosenbrock.function), (x,), (v,))
    np.testing.assert_allclose(product, rosenbrock.home.rosenbrock_hvp(x, v), rtol=1e-10)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [*REVERSE, "rosenbrock"])
def test_second_derivatives(name: str) -> None:
    """Forward over reverse and reverse over reverse, against differences of the gradient."""
    import backprose as bp

    target = REVERSE.get(name, rosenbrock)
    wrt = target.wrt if isinstance(target.wrt, str) else target.wrt[0]
    which = list(inspect.signature(target.function).parameters).index(wrt)
    df = bp.grad(target.function, wrt=wrt)
    direction = np.cos(1.0 + np.arange(np.size(target.args[which]))).reshape(np.shape(target.args[which]))
    way: Any = direction if direction.ndim else float(direction)
    ways = [way if k == which else None for k in range(len(target.args))]
    bend = differences.slope(lambda *args: df(*args), target.args, ways)
    scale = float(np.max(np.abs(bend.value)))
    _, forward = bp.jvp(df, differences.fresh(target.args), tuple(ways))
    assert bend.agrees(forward, 1e-6, 1e-8, scale), f"jvp of grad {forward!r}, differences {bend.value!r}"
    _, pullback = bp.vjp(df, *differences.fresh(target.args), wrt=wrt)
    backward = pullback(way)  # the Hessian is symmetric
    assert bend.agrees(backward, 1e-6, 1e-8, scale), f"vjp of grad {backward!r}, differences {bend.value!r}"

"""What is timed: each primal with its arguments, the gradient asked for, and the rivals that can compute it."""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks import handwritten

PRIMALS = Path(__file__).with_name("primals.py")


@dataclass(frozen=True)
class Case:
    """One row of the table. ``refused`` says why HIPS autograd cannot run the primal; empty where it can."""

    name: str
    size: str
    primal: str
    wrt: tuple[str, ...]
    args: tuple[Any, ...]
    by_hand: Callable[..., Any]
    refused: str = ""
    writes_into: tuple[int, ...] = ()

    def function(self, module: types.ModuleType) -> types.FunctionType:
        return getattr(module, self.primal)  # type: ignore[no-any-return]

    @property
    def asked(self) -> str | tuple[str, ...]:
        """``wrt`` as a user writes it."""
        return self.wrt[0] if len(self.wrt) == 1 else self.wrt

    @property
    def positions(self) -> tuple[int, ...]:
        code = self.function(load_primals()).__code__
        return tuple(code.co_varnames.index(name) for name in self.wrt)

    def keeping_arguments(self, primal: Callable[..., Any]) -> Callable[..., Any]:
        """The primal, on a copy of what it writes into: the derivatives leave their arguments as they are, too."""
        if not self.writes_into:
            return primal
        return lambda *args: primal(*(arg.copy() if k in self.writes_into else arg for k, arg in enumerate(args)))


def load_primals() -> types.ModuleType:
    """The primals as a new module, of functions that no cache knows."""
    spec = importlib.util.spec_from_file_location("benchmark_primals", PRIMALS)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def autograd_gradient(case: Case) -> Callable[..., Any] | None:
    """HIPS autograd's gradient of the same source: its NumPy under the name ``np``; None where it cannot run it."""
    if case.refused or importlib.util.find_spec("autograd") is None:
        return None
    import autograd
    import autograd.numpy
    import autograd.tracer

    module: Any = load_primals()
    module.np = autograd.numpy
    module.bp = types.SimpleNamespace(stop_gradient=autograd.tracer.getval)
    positions = case.positions
    argnum = positions[0] if len(positions) == 1 else positions
    gradient: Callable[..., Any] = autograd.grad(case.function(module), argnum)
    return gradient


def _softmax(pictures: int, pixels: int, digits: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    labels = np.eye(digits)[rng.integers(0, digits, pictures)]
    return 0.1 * rng.normal(size=(pixels, digits)), np.zeros(digits), rng.random((pictures, pixels)), labels


def _mixture(points: int, components: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    means, log_scales, logits = rng.normal(size=(3, components))
    return means, 0.1 * log_scales, logits, rng.normal(size=points)


def _network(pictures: int, pixels: int, width: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(pixels, width)) / 8, rng.normal(size=(width, 4)) / 8
    return W, np.zeros(width), V, rng.normal(size=(pictures, pixels)), rng.normal(size=(pictures, 4))


def _tridiagonal(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    return -rng.random(size - 1), 3 + rng.random(size), -rng.random(size - 1), rng.normal(size=size)


def _normal(size: int) -> Any:
    return np.random.default_rng(0).normal(size=size)


IN_PLACE = "writes in place"

CASES = (
    Case("softmax loss", "30 x 8, 3", "softmax_loss", ("W", "b"), _softmax(30, 8, 3), handwritten.softmax_loss),
    Case("softmax loss", "1347 x 64, 10", "softmax_loss", ("W", "b"), _softmax(1347, 64, 10), handwritten.softmax_loss),
    Case("two-layer network", "200 x 64, 32", "network", ("W", "b", "V"), _network(200, 64, 32), handwritten.network),
    Case(
        "mixture of Gaussians, log-likelihood",
        "5000, 4",
        "mixture",
        ("means", "log_scales", "logits"),
        _mixture(5000, 4),
        handwritten.mixture,
    ),
    Case("Rosenbrock", "20", "rosenbrock", ("x",), (_normal(20),), handwritten.rosenbrock),
    Case("Rosenbrock", "100 000", "rosenbrock", ("x",), (_normal(100_000),), handwritten.rosenbrock),
    Case(
        "heat, in place, w.r.t. u",
        "1000, 200 steps",
        "heat",
        ("u",),
        (_normal(1000), 0.1, 200),
        handwritten.heat_u,
        refused=IN_PLACE,
        writes_into=(0,),
    ),
    Case(
        "heat, in place, w.r.t. u and alpha",
        "1000, 200 steps",
        "heat",
        ("u", "alpha"),
        (_normal(1000), 0.1, 200),
        handwritten.heat_u_alpha,
        refused=IN_PLACE,
        writes_into=(0,),
    ),
    Case(
        "tridiagonal solve, in place",
        "300",
        "tridiagonal",
        ("diagonal", "right"),
        _tridiagonal(300),
        handwritten.tridiagonal,
        refused=IN_PLACE,
    ),
    Case("Newton's square root", "scalar", "newton_sqrt", ("a",), (2.0, 1e-14, 50), handwritten.newton_sqrt),
    Case(
        "Lorenz, Runge-Kutta",
        "200 steps",
        "lorenz",
        ("x", "y", "z"),
        (1.0, 2.0, 20.0, 0.001, 200),
        handwritten.lorenz,
    ),
)

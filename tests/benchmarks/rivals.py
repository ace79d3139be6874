"""What else computes the gradient of a case: HIPS autograd from the same source, JAX from a form of its own."""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Callable
from typing import Any

from tests.benchmarks.cases.case import Case, load_primals


def autograd_gradient(case: Case) -> Callable[..., Any] | None:
    """HIPS autograd's gradient of the same source: its NumPy under the name ``np``; None where it cannot run it."""
    if case.refused or importlib.util.find_spec("autograd") is None:
        return None
    import autograd
    import autograd.numpy
    import autograd.tracer

    module: Any = load_primals(case.family)
    module.np = autograd.numpy
    module.bp = types.SimpleNamespace(stop_gradient=autograd.tracer.getval)
    gradient: Callable[..., Any] = autograd.grad(getattr(module, case.primal), _argnum(case))
    return gradient


def jax_gradients(case: Case) -> dict[str, Callable[..., Any]]:
    """JAX's gradients, by the name of the form; each waits for its result. None where JAX is not installed."""
    if importlib.util.find_spec("jax") is None:
        return {}
    import jax

    from tests.benchmarks.jax_forms import forms_of

    numbers = tuple(k for k, value in enumerate(case.args) if isinstance(value, int))  # trip counts

    def waiting(form: Callable[..., Any]) -> Callable[..., Any]:
        gradient = jax.jit(jax.grad(form, _argnum(case)), static_argnums=numbers)
        return lambda *args: jax.block_until_ready(gradient(*args))

    return {name: waiting(form) for name, form in forms_of(case.family, case.primal).items()}


def _argnum(case: Case) -> int | tuple[int, ...]:
    positions = case.positions
    return positions[0] if len(positions) == 1 else positions

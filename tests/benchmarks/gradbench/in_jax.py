"""Evals written for JAX, as its users would: primals and derivatives under ``jit``, in double precision."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.gradbench.gmm import wishart_constant


def programs() -> Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]]:
    """The primal and the derivative of each; they take what the evals' own functions take, and give NumPy's arrays."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def determinant(a: Any) -> Any:
        if len(a) == 1:
            return a[0, 0]
        columns = np.arange(len(a))
        minors = jnp.stack([determinant(a[1:, columns != j]) for j in columns])
        return a[0] @ ((-1.0) ** columns * minors)

    def mixture(alphas: Any, means: Any, icf: Any, x: Any, gamma: Any, m: int) -> Any:
        n, d = x.shape
        k = len(alphas)
        log_scales = jnp.sum(icf[:, :d], axis=1)
        scales = jnp.exp(icf[:, :d])
        column, row = np.triu_indices(d, 1)
        axes = np.arange(d)
        roots = jnp.zeros((k, d, d)).at[:, row, column].set(icf[:, d:]).at[:, axes, axes].set(scales)
        z = (x - means[:, None]) @ roots.transpose(0, 2, 1)
        log_p = (alphas + log_scales)[:, None] - 0.5 * jnp.sum(z**2, axis=2)
        lse = jax.scipy.special.logsumexp
        fit = jnp.sum(lse(log_p, axis=0)) - n * lse(alphas) - 0.5 * n * d * math.log(2 * math.pi)
        prior = 0.5 * gamma**2 * (jnp.sum(scales**2) + jnp.sum(icf[:, d:] ** 2)) - m * jnp.sum(log_scales)
        return fit + prior - k * wishart_constant(d, gamma, m)

    def cost(points: Any, centroids: Any) -> Any:
        return jnp.sum(jnp.min(jnp.sum((points[:, None] - centroids) ** 2, axis=2), axis=1))

    def direction(points: Any, centroids: Any) -> Any:
        slope = functools.partial(jax.grad(cost, argnums=1), points)
        gradient, curvature = jax.jvp(slope, (centroids,), (jnp.ones_like(centroids),))
        return gradient / curvature

    def least_squares(x: Any, n: int) -> Any:
        t = np.linspace(-1.0, 1.0, n)
        return 0.5 * jnp.sum((np.sign(t) - np.vander(t, len(x), increasing=True) @ x) ** 2)

    def lstm(main_params: Any, extra_params: Any, state: Any, sequence: Any) -> Any:
        def step(state: Any, pair: Any) -> Any:
            given, wanted = pair
            x, new = given * extra_params[0], []
            for i in range(0, len(state), 2):
                gates = jnp.stack([x, state[i], x, state[i]]) * main_params[i] + main_params[i + 1]
                forget, enter, leave = jax.nn.sigmoid(gates[:3])
                cell = state[i + 1] * forget + enter * jnp.tanh(gates[3])
                x = leave * jnp.tanh(cell)
                new += [x, cell]
            found = x * extra_params[1] + extra_params[2]
            return jnp.stack(new), jnp.sum(wanted * (found - jnp.log(jnp.sum(jnp.exp(found)) + 2)))

        _, totals = jax.lax.scan(step, state, (sequence[:-1], sequence[1:]))
        return -jnp.sum(totals) / sequence[1:].size

    def solution(x: Any, s: int) -> Any:
        h = 2 / s
        rate = lambda y: jnp.concatenate([x[:1], x[1:] * y[:-1]])

        def step(_: Any, y: Any) -> Any:
            k1 = rate(y)
            k2 = rate(y + h / 2 * k1)
            k3 = rate(y + h / 2 * k2)
            k4 = rate(y + h * k3)
            return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

        return jax.lax.fori_loop(0, s, step, jnp.zeros_like(x))

    def both(primal: Any, derivative: Any, static: tuple[int, ...] = ()) -> Any:
        return tuple(_numpy(jax.jit(one, static_argnums=static)) for one in (primal, derivative))

    square, lse = lambda x: x * x, jax.scipy.special.logsumexp
    last = lambda x, s: solution(x, s)[-1]
    return {
        "hello": both(square, jax.grad(square)),
        "det": both(determinant, jax.grad(determinant)),
        "gmm": both(mixture, jax.grad(mixture, argnums=(0, 1, 2)), static=(4, 5)),
        "kmeans": both(cost, direction),
        "llsq": both(least_squares, jax.grad(least_squares), static=(1,)),
        "lse": both(lse, jax.grad(lse)),
        "lstm": both(lstm, jax.grad(lstm, argnums=(0, 1))),
        "ode": both(solution, jax.grad(last), static=(1,)),
    }


def _numpy(function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*args: Any) -> Any:
        found = function(*args)
        return tuple(map(np.asarray, found)) if isinstance(found, tuple) else np.asarray(found)

    return called

"""In JAX: linear algebra."""

import jax.numpy as jnp
from jax import lax
from jax.scipy.linalg import solve_triangular

from tests.benchmarks.jax_forms import plain


def forward_substitution(L, b, around=plain):
    """The elements of ``x`` that are not known yet are 0: they add nothing to the product."""

    def step(x, i):
        return x.at[i].set((b[i] - L[i] @ x) / L[i, i]), None

    x, _ = lax.scan(around(step), jnp.zeros_like(b), jnp.arange(len(b)))
    return jnp.sum(x**2)


def gaussian_process(log_length, log_amplitude, log_noise, points, y):
    squared = (points[:, None] - points) ** 2
    K = jnp.exp(2 * log_amplitude - 0.5 * squared / jnp.exp(2 * log_length))
    L = jnp.linalg.cholesky(K + jnp.exp(2 * log_noise) * jnp.eye(len(y)))
    white = solve_triangular(L, y, lower=True)
    return 0.5 * jnp.sum(white**2) + jnp.sum(jnp.log(jnp.diag(L)))


def kalman(process, noise, F, G, H, y, around=plain):
    def step(state, measured):
        x, P, loss = state
        x = F @ x
        P = F @ P @ F.T + process * G
        innovation = measured - H @ x
        S = H @ P @ H + noise
        gain = P @ H / S
        loss = loss + jnp.log(S) + innovation**2 / S
        return (x + gain * innovation, P - jnp.outer(gain, H @ P), loss), None

    (_, _, loss), _ = lax.scan(around(step), (jnp.zeros(len(H)), jnp.eye(len(H)), 0.0), y)
    return 0.5 * loss

"""In JAX: loops in time over arrays."""

import jax.numpy as jnp
from jax import lax

from tests.benchmarks.jax_forms import plain


def heat(u, alpha, steps, around=plain):
    def step(u, _):
        return u.at[1:-1].add(alpha * (u[2:] - 2 * u[1:-1] + u[:-2])), None

    u, _ = lax.scan(around(step), u, length=steps)
    return jnp.sum(u**2)


def wave(u, c2, steps, around=plain):
    def step(state, _):
        before, now = state
        beside = now[2:, 1:-1] + now[:-2, 1:-1] + now[1:-1, 2:] + now[1:-1, :-2]
        after = (2 * now - before).at[1:-1, 1:-1].add(c2 * (beside - 4 * now[1:-1, 1:-1]))
        return (now, after), None

    (_, now), _ = lax.scan(around(step), (u, u), length=steps)
    return jnp.sum(now**2)


def n_body(x, v, masses, dt, steps, around=plain):
    def accelerations(x):
        apart = x[None, :, :] - x[:, None, :]
        squared = jnp.sum(apart**2, axis=2) + 0.01
        return jnp.sum((masses / squared**1.5)[:, :, None] * apart, axis=1)

    def step(state, _):
        x, v, a = state
        v = v + 0.5 * dt * a
        x = x + dt * v
        a = accelerations(x)
        return (x, v + 0.5 * dt * a, a), None

    (x, _, _), _ = lax.scan(around(step), (x, v, accelerations(x)), length=steps)
    return jnp.sum(x**2)


def lorenz96(x, forcing, dt, steps, around=plain):
    def slope(x):
        return (jnp.roll(x, -1) - jnp.roll(x, 2)) * jnp.roll(x, 1) - x + forcing

    def step(x, _):
        k1 = slope(x)
        k2 = slope(x + 0.5 * dt * k1)
        k3 = slope(x + 0.5 * dt * k2)
        k4 = slope(x + dt * k3)
        return x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4), None

    x, _ = lax.scan(around(step), x, length=steps)
    return jnp.sum(x**2)

"""In JAX: functions of numbers, and loops over the elements of arrays."""

import jax.numpy as jnp
from jax import lax

from tests.benchmarks.jax_forms import plain


def pendulum_energy(angle1, angle2, speed1, speed2, mass1, mass2):
    kinetic = 0.5 * (mass1 + mass2) * speed1**2 + 0.5 * mass2 * speed2**2
    coupling = mass2 * speed1 * speed2 * jnp.cos(angle1 - angle2)
    return kinetic + coupling - 9.81 * ((mass1 + mass2) * jnp.cos(angle1) + mass2 * jnp.cos(angle2))


def newton_sqrt(a, tol, most, around=plain):
    """A while loop has no reverse mode: all turns are made, and those after the last count for nothing."""

    def step(x, _):
        return jnp.where(jnp.abs(x * x - a) < tol, x, 0.5 * (x + a / x)), None

    x, _ = lax.scan(around(step), a, length=most)
    return x


def lorenz(x, y, z, dt, steps, around=plain):
    def slope(state):
        x, y, z = state
        return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z

    def ahead(state, by, slopes):
        return tuple(a + by * b for a, b in zip(state, slopes, strict=True))

    def step(state, _):
        k1 = slope(state)
        k2 = slope(ahead(state, 0.5 * dt, k1))
        k3 = slope(ahead(state, 0.5 * dt, k2))
        k4 = slope(ahead(state, dt, k3))
        total = tuple(a + 2.0 * b + 2.0 * c + d for a, b, c, d in zip(k1, k2, k3, k4, strict=True))
        return ahead(state, dt / 6.0, total), None

    (x, y, z), _ = lax.scan(around(step), (x, y, z), length=steps)
    return x * x + y * y + z * z


def garch(omega, alpha, beta, returns, around=plain):
    def step(state, r):
        variance, loss = state
        loss = loss + jnp.log(variance) + r * r / variance
        return (omega + alpha * r * r + beta * variance, loss), None

    (_, loss), _ = lax.scan(around(step), (omega / (1 - alpha - beta), 0.0), returns)
    return 0.5 * loss


def tridiagonal(lower, diagonal, upper, right, around=plain):
    def eliminate(state, row):
        pivot, x = state
        below, middle, above, b = row
        factor = below / pivot
        found = middle - factor * above, b - factor * x
        return found, found

    def substitute(after, row):
        pivot, x, above = row
        x = (x - above * after) / pivot
        return x, x

    first = diagonal[0], right[0]
    (pivot, x), (pivots, xs) = lax.scan(around(eliminate), first, (lower, diagonal[1:], upper, right[1:]))
    pivots, xs = jnp.append(diagonal[0], pivots), jnp.append(right[0], xs)
    last = x / pivot
    _, solved = lax.scan(around(substitute), last, (pivots[:-1], xs[:-1], upper), reverse=True)
    return jnp.sum(solved**2) + last**2


def gauss_seidel(u, f, sweeps, around=plain):
    rows, columns = u.shape
    i, j = jnp.meshgrid(jnp.arange(1, rows - 1), jnp.arange(1, columns - 1), indexing="ij")

    def step(u, place):
        i, j = place
        beside = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1]
        return u.at[i, j].set(0.25 * (beside + f[i, j])), None

    u, _ = lax.scan(around(step), u, (jnp.tile(i.ravel(), sweeps), jnp.tile(j.ravel(), sweeps)))
    return jnp.sum(u**2)

"""In JAX: recurrent networks."""

import jax
import jax.numpy as jnp
from jax import lax

from tests.benchmarks.jax_forms import plain


def recurrent(W, U, b, h, inputs, around=plain):
    def step(h, x):
        return jnp.tanh(W @ h + U @ x + b), None

    h, _ = lax.scan(around(step), h, inputs)
    return jnp.sum(h**2)


def lstm(W, b, V, inputs, outputs, around=plain):
    def step(state, given):
        h, c, loss = state
        x, y = given
        i, f, o, g = jnp.split(jnp.concatenate([x, h], axis=1) @ W + b, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c, loss + jnp.sum((h @ V - y) ** 2)), None

    empty = jnp.zeros((inputs.shape[1], len(V)))
    (_, _, loss), _ = lax.scan(around(step), (empty, empty, 0.0), (inputs, outputs))
    return loss

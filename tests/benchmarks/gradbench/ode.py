"""``ode``: y0' = x0 and yi' = xi * y(i-1) from y = 0 at time 0 to time 2, in ``s`` steps of the classical Runge-Kutta
method; the derivative of the last of y."""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list


def rate(x, y):
    return np.concatenate([x[:1], x[1:] * y[:-1]])


def primal(x, s):
    h = 2 / s
    y = np.zeros_like(x)
    for _ in range(s):
        k1 = rate(x, y)
        k2 = rate(x, y + h / 2 * k1)
        k3 = rate(x, y + h / 2 * k2)
        k4 = rate(x, y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def last(x, s):
    return primal(x, s)[-1]


gradient = bp.grad(last)


def read(given: Any) -> tuple[Any, ...]:
    return as_array(given["x"]), int(given["s"])


FUNCTIONS = {"primal": Function(primal, read, as_list), "gradient": Function(gradient, read, as_list)}


def sample(n: int = 10, s: int = 50) -> dict[str, Any]:
    return {"x": np.random.default_rng(0).uniform(0.5, 1.5, n).tolist(), "s": s}

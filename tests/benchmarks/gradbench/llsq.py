"""``llsq``: how far a polynomial is from the sign function, by least squares on an even grid from -1 to 1."""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list


def primal(x, n):
    t = np.linspace(-1.0, 1.0, n)
    powers = np.vander(t, len(x), increasing=True)
    return 0.5 * np.sum((np.sign(t) - powers @ x) ** 2)


gradient = bp.grad(primal)


def read(given: Any) -> tuple[Any, ...]:
    return as_array(given["x"]), int(given["n"])


FUNCTIONS = {"primal": Function(primal, read), "gradient": Function(gradient, read, as_list)}


def sample(n: int = 1000, coefficients: int = 16) -> dict[str, Any]:
    return {"x": np.random.default_rng(0).normal(size=coefficients).tolist(), "n": n}

"""``det``: the determinant by minors, expanded along the first row."""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list


def determinant(a):
    n = len(a)
    if n == 1:
        return a[0, 0]
    columns = np.arange(n)
    minors = np.zeros(n)
    for j in range(n):
        minors[j] = determinant(a[1:, columns != j])
    return a[0] @ ((-1.0) ** columns * minors)


gradient = bp.grad(determinant)


def read(given: Any) -> tuple[Any, ...]:
    return (as_array(given["A"]).reshape(given["ell"], given["ell"]),)


FUNCTIONS = {"primal": Function(determinant, read), "gradient": Function(gradient, read, as_list)}


def sample(ell: int = 5) -> dict[str, Any]:
    return {"A": np.random.default_rng(0).normal(size=ell * ell).tolist(), "ell": ell}

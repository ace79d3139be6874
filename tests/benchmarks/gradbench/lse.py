"""``lse``: the logarithm of the sum of exponentials."""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, as_array, as_list


def logsumexp(x):
    """Along the first axis."""
    shift = bp.stop_gradient(np.max(x, axis=0))  # whatever it is, it cancels
    return shift + np.log(np.sum(np.exp(x - shift), axis=0))


gradient = bp.grad(logsumexp)


def read(given: Any) -> tuple[Any, ...]:
    return (as_array(given["x"]),)


FUNCTIONS = {"primal": Function(logsumexp, read), "gradient": Function(gradient, read, as_list)}


def sample(n: int = 1000) -> dict[str, Any]:
    return {"x": np.random.default_rng(0).normal(size=n).tolist()}

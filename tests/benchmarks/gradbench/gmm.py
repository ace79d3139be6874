"""``gmm``: the logarithm of the posterior of a mixture of Gaussians, under a Wishart prior.

The root of each inverse covariance is a lower triangular matrix. ``icf`` holds the logarithms of its diagonal, and then
what is below, column by column.
"""

import math
from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, all_as_list, as_array
from tests.benchmarks.gradbench.lse import logsumexp


def objective(alphas, means, icf, x, gamma, m):
    n, d = x.shape
    k = len(alphas)
    log_scales = np.sum(icf[:, :d], axis=1)
    scales = np.exp(icf[:, :d])
    roots = np.zeros((k, d, d))
    column, row = np.triu_indices(d, 1)
    roots[:, row, column] = icf[:, d:]
    roots[:, np.arange(d), np.arange(d)] = scales
    z = (x - means[:, None]) @ roots.transpose(0, 2, 1)  # component, point, axis
    log_p = (alphas + log_scales)[:, None] - 0.5 * np.sum(z**2, axis=2)
    fit = np.sum(logsumexp(log_p)) - n * logsumexp(alphas) - 0.5 * n * d * math.log(2 * math.pi)
    prior = 0.5 * gamma**2 * (np.sum(scales**2) + np.sum(icf[:, d:] ** 2)) - m * np.sum(log_scales)
    return fit + prior - k * wishart_constant(d, gamma, m)


def wishart_constant(d, gamma, m):
    freedom = d + m + 1
    log_gamma = 0.25 * d * (d - 1) * math.log(math.pi)
    for j in range(d):
        log_gamma += math.lgamma(0.5 * (freedom - j))
    return freedom * d * (math.log(gamma) - 0.5 * math.log(2)) - log_gamma


jacobian = bp.grad(objective, wrt=("alphas", "means", "icf"))


def read(given: Any) -> tuple[Any, ...]:
    return *(as_array(given[name]) for name in ("alpha", "means", "icf", "x")), float(given["gamma"]), int(given["m"])


FUNCTIONS = {"objective": Function(objective, read), "jacobian": Function(jacobian, read, all_as_list)}


def sample(n: int = 1000, d: int = 4, k: int = 5) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "d": d,
        "k": k,
        "n": n,
        "x": rng.normal(size=(n, d)).tolist(),
        "m": 2,
        "gamma": 1.5,
        "alpha": rng.normal(size=k).tolist(),
        "means": rng.normal(size=(k, d)).tolist(),
        "icf": rng.normal(size=(k, d * (d + 1) // 2)).tolist(),
    }

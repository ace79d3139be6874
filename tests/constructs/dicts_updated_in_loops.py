"""Dicts made over the keys of another one, updated key by key in a loop over steps (Adam)."""

import numpy as np

GROUP = "Data"


def dicts_updated_in_loops(params, n):
    m = {key: np.zeros_like(value) for key, value in params.items()}
    for _ in range(n):
        grads = {key: 2 * value for key, value in params.items()}
        for key in params:
            m[key] = 0.9 * m[key] + grads[key]
            params[key] = params[key] - 0.1 * m[key]
    return sum(np.sum(value**2) for _, value in sorted(params.items()))


EXAMPLE = dict(args=({"w": np.array([0.3, 1.2]), "b": np.array([1.0])}, 3), wrt="params")

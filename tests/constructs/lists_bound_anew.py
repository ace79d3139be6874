"""A list that is an argument, bound anew in a loop."""

import numpy as np

GROUP = "Data"


def lists_bound_anew(params, n):
    for _ in range(n):
        grads = [2 * p for p in params]
        params = [p - 0.1 * g for p, g in zip(params, grads)]
    return sum(np.sum(p**2) for p in params)


EXAMPLE = dict(args=([np.array([0.3, 1.2]), np.array([1.0, 0.2])], 3), wrt="params")

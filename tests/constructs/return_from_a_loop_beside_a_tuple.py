"""A tuple that is used after a loop in a branch from which the function may return."""

import numpy as np

GROUP = "Data"


def return_from_a_loop_beside_a_tuple(x, limit):
    levels = (0.8, x, x * x)
    if limit > 0:
        for j in range(3):
            if np.sum(levels[j]) > limit:
                return np.sum(levels[j]) * j + levels[0]
    return levels[0] * np.sum(levels[1] ** 2)


EXAMPLE = dict(args=(np.array([0.4, 1.3]), 1.0), wrt="x")

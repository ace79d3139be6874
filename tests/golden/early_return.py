"""Early returns, in branches and from inside nested loops."""

import numpy as np


def early_return(x, limit):
    if limit < 0:
        return 0.0
    total = np.sum(x) * 0.1
    for i in range(len(x)):
        for j in range(i):
            total += x[i] * np.sin(x[j])
            if total > limit:
                return total**2 + x[i]
    if total < 0:
        return -total
    return total


EXAMPLE = dict(args=(np.array([0.4, 1.1, -0.3, 0.9, 1.3]), 0.8), wrt=("x", "limit"))

"""No return in the else of a loop within a loop: what the loop around returns at its end took its place."""

import numpy as np


def program(y, u):
    total = 0.0
    for j in range(2, -1, -1):
        for k in range(1, int(y[j])):
            if u[0] * k > 0.5:
                break
            total += np.sum(u) * k
        else:
            return 0.8 * u[0] + total
    return u[0] * total


EXAMPLE = dict(args=(np.array([3.0, 3.0, 4.0]), np.array([0.3, 0.7])), wrt=("u",))

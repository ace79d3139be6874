"""Power iteration with a norm at each step, left when the vector settles."""

import numpy as np


def power_iteration(A, v):
    eigenvalue = 0.0
    for k in range(200):
        w = A @ v
        eigenvalue = np.sqrt(np.sum(w * w))
        change = np.max(np.abs(w / eigenvalue - v))
        v = w / eigenvalue
        if change < 1e-14:
            break
    return eigenvalue + np.sum(v**2) * v[0]


A = np.array([[3.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 0.4]])
EXAMPLE = dict(args=(A, np.array([1.0, 0.5, 0.2])), wrt=("A", "v"))
FLOAT32 = False  # the tolerance is below what float32 can reach
LENGTH_ONE = False  # a single element is the solution from the start: no turn differentiates what is found

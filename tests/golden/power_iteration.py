"""Power iteration with a norm at each step, left when it settles."""

import numpy as np


def power_iteration(A, v):
    eigenvalue = 0.0
    for k in range(100):
        w = A @ v
        length = np.sqrt(np.sum(w * w))
        v = w / length
        if np.abs(length - eigenvalue) < 1e-13:
            break
        eigenvalue = length
    return eigenvalue


A = np.array([[3.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 0.4]])
EXAMPLE = dict(args=(A, np.array([1.0, 0.5, 0.2])), wrt=("A", "v"))
FLOAT32 = False  # the tolerance is below what float32 can reach

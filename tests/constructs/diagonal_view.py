"""A diagonal written through a view."""

import numpy as np

GROUP = "Writes"


def diagonal_view(A):
    A.reshape(-1)[::4] += A[0] * A[1]
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

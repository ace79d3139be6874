"""`np.fill_diagonal`."""

import numpy as np

GROUP = "Writes"


def fill_diagonal(A):
    np.fill_diagonal(A, A[0] ** 2)
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

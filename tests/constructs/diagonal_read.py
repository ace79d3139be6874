"""`np.diagonal` held while the matrix changes."""

import numpy as np

GROUP = "Writes"


def diagonal_read(A):
    d = np.diagonal(A)
    A[1, 1] = A[0, 1] ** 2
    return np.sum(d**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

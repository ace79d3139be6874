"""A write through `.T`."""

import numpy as np

GROUP = "Writes"


def transposed(A):
    B = A.T
    B[0] = A[1] ** 2
    return np.sum(A * A.T)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

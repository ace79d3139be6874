"""A write through `reshape`."""

import numpy as np

GROUP = "Writes"


def reshaped(A):
    B = A.reshape(9)
    B[4] = A[0, 0] * A[2, 2]
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

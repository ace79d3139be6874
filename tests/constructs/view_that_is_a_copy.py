"""A write through `ravel` that is a copy."""

import numpy as np

GROUP = "Writes"


def view_that_is_a_copy(A):
    flat = A.T.ravel()
    flat[0] = A[1, 1] ** 2
    return np.sum(flat) + np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

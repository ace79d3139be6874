"""A row written under a name (`r = A[i]`)."""

import numpy as np

GROUP = "Writes"


def row_view(A):
    for i in range(len(A)):
        r = A[i]
        r *= r[0]
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

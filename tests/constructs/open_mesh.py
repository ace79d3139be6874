"""`np.ix_`, read and written."""

import numpy as np

GROUP = "Writes"


def open_mesh(A):
    A[np.ix_([0, 2], [1, 2])] *= A[0, 0]
    return np.sum(A[np.ix_([0, 1], [0, 2])] ** 2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

"""`...` and `None` in an index."""

import numpy as np

GROUP = "Writes"


def ellipsis_and_none(A):
    B = A[..., None] * A[None, ...]
    B[..., 0] *= A
    return np.sum(B)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

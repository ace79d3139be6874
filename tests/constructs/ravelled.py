"""A write through `ravel` that is a view."""

import numpy as np

GROUP = "Writes"


def ravelled(A):
    flat = A.ravel()
    flat *= flat[::-1]
    return np.sum(np.sin(A))


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

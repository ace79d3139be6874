"""`raise`."""

import numpy as np

GROUP = "Statements"


def raises(x):
    if np.sum(x) > 1e6:
        raise ValueError(f"too large: {x}")
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

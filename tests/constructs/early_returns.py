"""Early returns."""

import numpy as np

GROUP = "Statements"


def early_returns(x):
    for v in x:
        if v < 0:
            return v**2 * x[0]
    return np.sum(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

"""`assert` with an f-string."""

import numpy as np

GROUP = "Statements"


def asserts(x):
    s = np.sum(x**2)
    assert s > 0, f"not positive: {s:.3f}"
    return np.log(s)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

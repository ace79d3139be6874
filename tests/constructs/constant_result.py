"""A result that does not depend on the argument."""

import numpy as np

GROUP = "Statements"


def constant_result(x, n):
    return 3.0 * n


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), 2), wrt='x')

"""An import within the function."""

import numpy as np

GROUP = "Statements"


def imports(x):
    import math

    return math.sin(x[0]) * x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

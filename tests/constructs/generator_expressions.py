"""Generator expressions given to `sum`, `max`, `list`."""

import numpy as np

GROUP = "Data"


def generator_expressions(x):
    return sum(v**2 for v in x) + max(np.sin(v) for v in x) + list(v * 2 for v in x)[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

"""List comprehensions."""

import numpy as np

GROUP = "Data"


def list_comprehension(x):
    squares = [v**2 for v in x]
    return sum([s * x[0] for s in squares if s > 1])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

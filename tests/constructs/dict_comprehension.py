"""Dict comprehensions."""

import numpy as np

GROUP = "Data"


def dict_comprehension(x):
    table = {k: v**2 for k, v in zip(("a", "b"), x)}
    return table["a"] * table["b"]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

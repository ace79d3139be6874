"""Functions stored in data."""

import numpy as np

GROUP = "Functions"


def functions_in_data(x):
    table = {"sin": np.sin, "square": lambda v: v**2}
    return np.sum(table["square"](x)) + np.sum(table["sin"](x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

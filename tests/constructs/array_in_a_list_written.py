"""An array in a list, written."""

import numpy as np

GROUP = "Writes"


def array_in_a_list_written(x):
    parts = [x, x * 2]
    parts[0][1:] = parts[1][:-1] ** 2
    return np.sum(x * parts[1])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

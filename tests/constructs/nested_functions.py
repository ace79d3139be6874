"""A function within the function."""

import numpy as np

GROUP = "Functions"


def nested_functions(x):
    def square(v):
        return v * v

    return np.sum(square(square(x)))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

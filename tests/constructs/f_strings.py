"""F-strings."""

import numpy as np

GROUP = "Statements"


def f_strings(x):
    label = f"{x[0]:.2f} and {len(x)}"
    return np.sum(x**2) + len(label)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

"""Stars in lists: `[0.0, *x]`."""

import numpy as np

GROUP = "Data"


def starred_display(x):
    padded = [0.0, *x, 0.0]
    return sum(a * np.sin(b) for a, b in zip(padded[1:], padded))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')

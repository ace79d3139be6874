"""`match` with values and alternatives."""

import numpy as np

GROUP = "Statements"


def match_values(x, mode):
    match mode:
        case "square":
            return np.sum(x**2)
        case "sine" | "cosine":
            return np.sum(np.sin(x))
        case _:
            return np.sum(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), "square"), wrt='x')

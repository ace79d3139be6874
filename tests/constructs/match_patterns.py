"""`match` with patterns that bind names."""

import numpy as np

GROUP = "Statements"


def match_patterns(x):
    match (x[0], x[1]):
        case (a, b) if a < b:
            return a * b
        case (a, b):
            return a * b**2


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

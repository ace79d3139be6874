"""`break` in the first turn."""

import numpy as np

GROUP = "Statements"


def break_in_the_first_turn(x):
    total = x[0]
    for v in x:
        if v > 0:
            break
        total *= v
    return total * x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

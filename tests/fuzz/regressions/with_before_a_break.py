"""A ``with`` in the branch that leaves a loop: the backward sweep undid that branch in each turn, not the turn."""

import numpy as np


def program(w, steps):
    k = 0
    while k < 5:
        k += 1
        if steps == 0:
            with np.errstate(divide="ignore"):
                pass
            break
        w = w[::-1] * 2.0
    for _ in range(3):
        if steps > 0:
            w = w * np.array([1.0, 2.0])
        else:
            with np.errstate(divide="ignore"):
                w = w + 0.0
            break
    return np.sum(w**2)


EXAMPLE = dict(args=(np.array([-0.654, 0.146]), 3), wrt="w")

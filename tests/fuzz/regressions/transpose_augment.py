"""An array multiplied by its own transpose in place: Right or refused."""

import numpy as np


def program(M):
    M *= M.T
    return np.sum(M)


EXAMPLE = dict(args=(np.array([[0.3, 0.55], [1.05, 1.3]]),), wrt="M")

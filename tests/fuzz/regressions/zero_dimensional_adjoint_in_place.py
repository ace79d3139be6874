"""The adjoint of a number that may be an array of no axes, multiplied in place in a loop after a try."""
import numpy as np


def program(y, gain=-0.16):
    try:
        k = 0
        while k < 3:
            k += 1
            gain *= y ** 2
    except (TypeError, np.linalg.LinAlgError):
        return 1.0
    t = ((np.full((1, 2), gain), 1.17), 0.5)
    return np.sum(t[0][0])


EXAMPLE = dict(args=(1.368,), wrt=('y',))

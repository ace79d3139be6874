"""A break in the else of a loop that is written out turn by turn."""

import numpy as np


def program(y, u, x, z):
    for k12 in range(1, -1, -1):
        for j16 in range(2):
            if (z[1] if k12 == 2 else z[1]) <= -0.63:
                break
        else:
            return np.sum(u.T)
    return np.sum(x)


EXAMPLE = dict(args=(np.array([1.358, -0.134]), np.array([[-1.139, 0.628], [0.659, -0.702]]), np.array([[-0.375, -1.784], [0.745, -1.551]]), (np.array([0.516, 0.854]), -0.77, ),), wrt=('y', 'z', 'x', 'u'))

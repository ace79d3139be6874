"""The adjoint of a Python number that np.array made an array, and that a helper writes into."""
import numpy as np


def shrink(v, k):
    v += 0.1


def program(u, y):
    total = sum(v for v in u)
    held = np.array(total)
    shrink(held, y[1])
    kept = held
    return y[1] ** 2 + kept


EXAMPLE = dict(args=(np.array([-1.272, -1.999, -0.657]), np.array([1.2, 3.0, 4.0])), wrt=('u', 'y'))

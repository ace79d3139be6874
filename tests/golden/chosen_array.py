"""One of two arrays, as a test says: what is written to it is written to the array that it is."""

import numpy as np


def chosen_array(x, spare, limit):
    # work in place where that is allowed
    target = x if limit > 0 else spare
    target[1:] = np.sin(target[:-1]) * limit
    peak = np.max(target)
    x[0] *= peak
    return np.sum(x * spare) + np.sum(target**2)


rng = np.random.default_rng(11)
EXAMPLE = dict(args=(rng.normal(size=5), rng.normal(size=5), 0.7), wrt=("x", "spare", "limit"))
SECOND_ORDER = True

"""NumPy's functions as arguments and under local names."""

import numpy as np

GROUP = "Functions"


def layer(v, act=np.tanh):
    return act(v)


def functions_of_numpy_as_arguments(x):
    f = np.sin
    return np.sum(layer(x)) * np.sum(layer(f(x), np.exp))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt="x")

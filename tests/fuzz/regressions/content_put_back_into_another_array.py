"""An array changed in place and then bound to another one: the other one was written by the backward sweep."""
import numpy as np


def program(u, y):
    return np.mean(u)


EXAMPLE = dict(args=(np.array([[0.824, 0.921, 0.357], [2.426, 0.151, 0.031], [-1.662, -0.167, -0.167], [0.842, 0.099, -0.083], [0.752, 0.263, 2.365]]), np.array([1.005, 1.511, 0.243]),), wrt='y')

"""Lambdas."""

import numpy as np

GROUP = "Functions"


def lambdas(x):
    double = lambda v, k=2.0: v * k
    return np.sum(double(x) * double(x, k=x[0]))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

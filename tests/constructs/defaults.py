"""Defaults and keyword-only parameters of a callee."""

import numpy as np

GROUP = "Functions"


def scaled(v, *, by=2.0, power=2):
    return by * v**power


def defaults(x):
    return np.sum(scaled(x) + scaled(x, by=x[0]))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

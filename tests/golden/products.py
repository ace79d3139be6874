"""Cumulative products by a loop, into an array of results."""

import numpy as np


def products(rates):
    factors = np.ones(len(rates) + 1)
    for i in range(len(rates)):
        factors[i + 1] = factors[i] * (1 + rates[i])
    return np.sum(np.log(factors)) + factors[-1]


EXAMPLE = dict(args=(np.array([0.1, -0.2, 0.05, 0.3]),), wrt="rates")
SECOND_ORDER = True

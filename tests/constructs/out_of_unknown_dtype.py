"""`out=` of a reduction of something whose dtype is known only when it runs."""

import numpy as np

GROUP = "Writes"


def either(x, whole):
    if whole:
        return np.sum(x)
    return x


def out_of_unknown_dtype(x, whole):
    table = np.hypot.outer(np.cos(either(x, whole)), 1.5 + np.sin(x))
    totals = np.zeros(3)
    np.add.reduce(table, 1, None, totals)
    means = np.ones(3)
    np.mean(table, axis=1, out=means)
    return np.sum(totals**2 * means)


EXAMPLE = dict(args=(np.array([0.4, 1.3, -0.2]), False), wrt="x")

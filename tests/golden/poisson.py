"""A deviance of counts: log(0) of a count is silenced where it is masked; the slope of the rates stays in the body."""

import numpy as np


def poisson(slope, offset, x, counts):
    rate = np.exp(slope * x + offset)
    with np.errstate(divide="ignore", invalid="ignore"):  # counts may be 0
        expected = counts * np.log(rate)
        terms = np.where(counts > 0, counts * np.log(counts), 0.0) - expected
    return 2 * np.sum(terms - (counts - rate))


EXAMPLE = dict(
    args=(0.7, -0.2, np.array([0.5, 0.1, 1.2, 2.0]), np.array([2, 0, 1, 4])),
    wrt=("slope", "offset"),
)

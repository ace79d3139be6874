"""A for loop over the elements of an array: exponential smoothing, and how badly it predicts."""

import numpy as np


def running_mean(series, rate):
    level = series[0]
    error = 0.0
    for value in series[1:]:
        miss = value - level
        error += miss**2
        level += rate * miss
    return error / series.size


EXAMPLE = dict(args=(np.array([1.0, 1.4, 0.9, 2.0, 1.7]), 0.3), wrt=("series", "rate"))

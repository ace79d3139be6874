"""Where a planet was seen, and where Kepler's equation says it was: a root of a function in the function."""

import numpy as np

import backprose as bp


def orbit(e, period, times, seen):
    def kepler(anomaly, mean):
        return anomaly - e * np.sin(anomaly) - mean

    mean = 2 * np.pi * times / period
    anomaly = bp.root(kepler, mean, mean)
    return np.sum((np.cos(anomaly) - e - seen) ** 2)


EXAMPLE = dict(
    args=(0.3, 5.0, np.array([0.4, 1.1, 2.3]), np.array([0.5, -0.6, -1.2])),
    wrt=("e", "period"),
)
SECOND_ORDER = True

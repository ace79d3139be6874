"""Options that are passed on by name: ``**kwargs`` on both sides of a call, keyword-only parameters, a dict unpacked."""

import numpy as np


def decay(t, *, rate, floor=0.0):
    return floor + np.exp(-rate * t)


def observed(t, scale, **shape):
    return scale * decay(t, **shape)


def keyword_options(rate, floor, t, data):
    options = {"rate": rate, "floor": floor}
    early = observed(t[:3], 2.0, **options)
    late = observed(t[3:], scale=1.5, rate=0.5 * rate)
    return np.sum((early - data[:3]) ** 2) + np.sum((late - data[3:]) ** 2)


EXAMPLE = dict(
    args=(0.7, 0.2, np.array([0.1, 0.4, 0.9, 1.3, 2.2]), np.array([1.9, 1.6, 1.2, 0.8, 0.6])), wrt=("rate", "floor")
)

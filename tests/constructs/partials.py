"""`functools.partial`."""

import functools

import numpy as np

GROUP = "Functions"


def euler(f, v, dt):
    return v + dt * f(v)


def partials(x):
    step = functools.partial(euler, np.cos, dt=0.3)
    return np.sum(step(step(x)))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

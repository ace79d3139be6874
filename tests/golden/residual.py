"""The residual of y'' + y' / 10 + y = 0 for a trial function: the tangent of a gradient."""

import numpy as np

import backprose as bp


def residual(w, times):
    trial = lambda t: w[0] * np.sin(w[1] * t) + w[2] * t
    speed = bp.grad(trial)
    total = 0.0
    for t in times:
        velocity, acceleration = bp.jvp(speed, (t,), (1.0,))
        total += (acceleration + 0.1 * velocity + trial(t)) ** 2
    return total


EXAMPLE = dict(args=(np.array([0.8, 1.1, 0.2]), np.array([0.1, 0.7, 1.3])), wrt=("w",))

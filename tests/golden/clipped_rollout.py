"""A long rollout whose adjoint is clipped in every turn, as one does against gradients that explode."""

import numpy as np

import backprose as bp


def clipped_rollout(x, force, limit):
    energy = 0.0
    for t in range(len(force)):
        # a stiff step
        x = x + 0.5 * np.sin(3.0 * x) * force[t]
        with bp.adjoint_of(x) as x_bar:
            size = np.sqrt(np.sum(x_bar * x_bar))
            if size > limit:
                x_bar = x_bar * (limit / size)
        energy += np.sum(x * x)
    return energy


EXAMPLE = dict(args=(np.array([0.1, 1.2, -0.4]), np.array([1.0, 0.7, 0.9, 1.1]), 1e9), wrt=("x", "force"))
SECOND_ORDER = True

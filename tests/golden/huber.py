"""where, maximum, minimum, clip and abs."""

import numpy as np


def huber(predicted, observed, delta):
    miss = np.abs(predicted - observed)
    loss = np.where(miss < delta, 0.5 * miss**2, delta * (miss - 0.5 * delta))
    hinge = np.maximum(0.0, 1 - predicted) + np.minimum(predicted, observed)
    return np.sum(loss) + np.mean(hinge) + np.sum(np.clip(predicted, -0.5, 0.5) ** 2)


EXAMPLE = dict(
    args=(np.array([0.2, 1.4, -0.7, 2.1]), np.array([0.0, 0.9, 0.8, 2.2]), 0.6),
    wrt=("predicted", "observed", "delta"),
)

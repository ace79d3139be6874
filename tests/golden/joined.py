"""concatenate, stack, reshape, transpose, cumsum, diff and flips."""

import numpy as np


def joined(x, y, M):
    both = np.concatenate((x, y, x * 2))
    stacked = np.stack([x, np.flip(x), x**2], axis=1)
    walk = np.cumsum(both) * np.linspace(0.0, 1.0, both.size)
    jumps = np.diff(walk)
    turned = M.T.reshape(-1)
    return np.sum(jumps**2) + np.sum(stacked[:, 1] * stacked[:, 2]) + np.sum(turned[::2] ** 3) + walk.mean()


EXAMPLE = dict(
    args=(np.array([0.3, -0.8, 1.1]), np.array([1.0, 0.6]), np.cos(np.arange(8.0)).reshape(4, 2)),
    wrt=("x", "y", "M"),
)

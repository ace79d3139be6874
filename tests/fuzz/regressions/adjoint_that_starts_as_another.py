"""Seed 238: what is added to an adjoint that starts as another one was dropped."""

import numpy as np


def program(x, steps):
    b5 = x
    v6 = b5.reshape(2, 1)

    def h7(p):
        return 0.5

    d8 = h7(b5[[1, 1]] > 0.01)
    f9 = h7(v6[:, -1])
    h10 = lambda p, q=f9: p - p[[1]]
    d11 = np.sin(h10(np.cumsum(x), np.max(np.full((2, 1), f9))))
    return np.mean(v6) + d8**2 + f9**2 + np.sum(d11**2) + np.mean(x) + (f9 * b5.max())


EXAMPLE = dict(
    args=(
        np.array([0.736, -2.247]),
        2,
    ),
    wrt=("x",),
)

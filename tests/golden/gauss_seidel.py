"""Elements written one by one in nested loops, each read again in the same sweep."""

import numpy as np


def gauss_seidel(A, b, x, sweeps=2):
    x = x.copy()
    n = len(b)
    for _ in range(sweeps):
        for i in range(n):
            rest = 0.0
            for j in range(n):
                if j != i:
                    rest += A[i, j] * x[j]
            x[i] = (b[i] - rest) / A[i, i]
    return np.sum(x**2)


rng = np.random.default_rng(6)
EXAMPLE = dict(
    args=(rng.normal(size=(3, 3)) + 4 * np.eye(3), rng.normal(size=3), rng.normal(size=3)),
    wrt=("A", "b", "x"),
)

"""A solver that falls back to a damped system where the matrix turns out to be singular."""

import numpy as np


def ridge(A, b, damping):
    gram = A.T @ A
    right = A.T @ b
    try:
        w = np.linalg.solve(gram, right)
    except np.linalg.LinAlgError:  # columns that depend on each other
        w = np.linalg.solve(gram + damping * np.eye(gram.shape[0]), right)
    r = A @ w - b
    return np.sum(r * r) + damping * np.sum(w * w)


EXAMPLE = dict(
    args=(np.array([[1.0, 0.3], [0.2, 1.1], [0.5, -0.4]]), np.array([0.7, -0.2, 1.3]), 0.1),
    wrt=("A", "damping"),
)
LENGTH_ONE = False  # one column of length one has no residual to speak of
LENGTH_ZERO = False
FLOAT32 = False

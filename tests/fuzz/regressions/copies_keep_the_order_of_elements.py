"""A reshaped array whose elements lie in another order is written: the pullback's own copy of it had them in C order."""

import numpy as np


def program(x):
    rows = x[[3, 1, 1, 1, 4]].T
    flat = rows.T.reshape(-1)
    flat[14] *= np.max(flat)
    for _ in range(2):
        rows[:, [2, 2, 4]] += 0.5
    for i in range(3):
        rows[i] *= flat[i]
        flat[i] = rows[0, i] * rows[1, i]
    return np.sum(rows)


EXAMPLE = dict(args=(np.sin(np.arange(25.0) ** 2).reshape(5, 5),), wrt="x")

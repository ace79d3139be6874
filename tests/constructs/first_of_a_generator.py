"""`next(v for v in x if ...)`, with and without a default, and a generator taken apart."""

import numpy as np

GROUP = "Data"


def first_of_a_generator(x):
    large = next(k for k in range(len(x)) if x[k] > 1.0)
    other = next((v for v in x if v > 9.0), 0.5)
    a, b, *rest = (v * v for v in x)
    return x[large] ** 2 * other + a * b + np.sum(rest[0])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

"""A function that calls itself."""

import numpy as np

GROUP = "Functions"


def power(v, n):
    if n == 0:
        return 1.0
    half = power(v, n // 2)
    return half * half * v if n % 2 else half * half


def recursion(x):
    return power(x[0], 5) + np.sum(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

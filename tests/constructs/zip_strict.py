"""`zip(..., strict=True)`: it raises where the lengths differ."""

import numpy as np

GROUP = "Statements"


def zip_strict(x):
    total = 0.0
    for a, b in zip(x, x[::-1], strict=True):
        total += a * b**2
    turns = 0
    try:
        for _, _ in zip(x, [1.0, 2.0], strict=True):
            turns += 1
    except ValueError:
        turns *= 10
    return total * turns


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')

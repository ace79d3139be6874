"""Nested loops with `break`, `continue` and `return`."""

import numpy as np

GROUP = "Statements"


def nested_exits(A):
    total = 0.0
    for i in range(3):
        for j in range(3):
            if j == i:
                continue
            if A[i, j] > 2:
                break
            total += A[i, j] * A[j, i]
            if total > 50:
                return total * A[0, 0]
    return total**2


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')

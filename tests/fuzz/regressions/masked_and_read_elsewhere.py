"""What ``where`` does not take was taken for 0 in the adjoint although a part of it is read elsewhere, or in a block."""

import numpy as np


def head(A):
    t = A[0] * A[1]
    A[0] = 3.0
    return t


def program(x):
    part = 1.0 / x
    s = part[1]
    total = np.sum(np.where(x > 1.0, part, 0.5))
    branch = 2.0 / x
    if x[0] < 5.0:
        s = s + branch[0]
    total += np.sum(np.where(x > 1.0, branch, 0.5))
    turned = 3.0 / x
    for k in range(3):
        s = s + np.sum(turned) * k
    total += np.sum(np.where(x > 1.0, turned, 0.5))
    written = 4.0 / x
    s = s + head(written)
    total += np.sum(np.where(x > 1.0, written, 0.5))
    before = 5.0 / x
    s = s + before[-1]
    np.copyto(before, x[0], where=x < 1.0)
    return total + np.sum(before**2) + s


EXAMPLE = dict(args=(np.array([0.645, 0.859, 2.053, 1.324, 0.89]),), wrt="x")

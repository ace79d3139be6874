"""What is assigned before a raise in a ``try`` and read in its handler had no tangent."""
import numpy as np


def program(w, u, x):
    try:
        w = 0.7 * w
        raise 1
    except Exception:
        a4 = w[:, :1]
    return np.mean(a4)


EXAMPLE = dict(args=(np.array([[1.305, -0.935]]), np.array([0.134]), np.array([[-0.377]]),), wrt=('w',))

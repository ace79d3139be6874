"""`np.linalg.cholesky` of complex matrices."""

import numpy as np

GROUP = "Complex"


def complex_cholesky(m):
    a = m @ m.conj().T + 2 * np.eye(2)
    return np.sum(np.abs(np.linalg.cholesky(a)))


EXAMPLE = dict(args=(np.array([[0.5 + 1j, 0.2], [0.1j, 1.0]]),), wrt="m")

"""The adjoint of a real array in the form of a complex argument: it was complex, and with it the gradient of w."""
import numpy as np


def program(w, c):
    w += 0.1 * w ** 2
    r = np.abs(c) ** 2
    r[-1, 1] /= 1.2 + 0.8 * np.tanh(w.max()) ** 2
    return np.mean(r) + np.sum(w)


EXAMPLE = dict(args=(np.array([[-1.63, 0.123], [2.631, -1.499]]), np.array([[-1.476 - 0.005j, -0.389 - 0.283j], [-1.312 + 1.142j, -0.645 + 1.242j]])), wrt=('c', 'w'))

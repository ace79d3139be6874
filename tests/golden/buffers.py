"""Work in buffers that are there already: ``out=``, ``where=``, ``np.copyto``, ``fill``, operators in place."""

import numpy as np


def buffers(signal, gain, steps=3):
    work = np.empty_like(signal)
    np.multiply(signal, gain, out=work)
    for _ in range(steps):
        np.tanh(work, out=work)
        work **= 2
        work += signal
    safe = np.divide(work, signal, out=np.zeros_like(work), where=np.abs(signal) > 0.1)
    np.copyto(work, safe, where=safe < 2)
    edge = np.empty(2)
    edge.fill(gain)
    edge *= work[:2]
    return np.sum(work * safe) + edge[0] * edge[1]


EXAMPLE = dict(args=(np.array([0.4, -0.7, 0.02, 1.1]), 0.8), wrt=("signal", "gain"))
LENGTH_ONE = False  # the edge has two elements
SECOND_ORDER = True

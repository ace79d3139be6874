"""What a helper gives of an array that is a view or a copy, written by it in turn, with nothing of it used."""
import numpy as np


def update(p):
    p /= 1.2
    held = np.ones(4) > 0.17
    return np.cos(held[::1])


def program(u):
    c = update(u.T.reshape(-1))
    d = update(c)
    return u


EXAMPLE = dict(args=(np.array([[1.507, 0.541], [2.369, -1.313]]),), wrt='u')

"""What a helper was given, and saved, is written under another name after its own was bound anew."""
import numpy as np


def energy(p):
    c = p
    return np.sum(np.sin(c) * p)


def program(x, u):
    v = x * 1.0
    r = energy(v)
    kept = [v]
    w = v
    v = u
    w[0] = 5.0
    s = x * u
    r += energy(s)
    s, t = w, s
    t[1] *= 2.0
    return r + np.sum(v) + np.sum(w ** 2) + np.sum(kept[0]) + np.sum(t ** 2)


EXAMPLE = dict(args=(np.array([0.2, -0.78]), np.array([1.0, 0.7])), wrt=('x', 'u'))

"""What a helper returns, and saved, is written under another name after its own was bound anew (seed 74015367)."""
import numpy as np


def tail(p):
    c = p
    return np.tanh(np.concatenate((np.ones(2), c[1:])))


def program(x, u):
    d = tail(x[3, :])
    d, u = u, d
    u[-1] += 0.63
    return np.sum(u) + np.sum(d)


EXAMPLE = dict(args=(np.array([[-0.199, 0.652], [-0.478, 0.202], [-0.217, -1.944], [-0.516, -0.078]]), np.array([-1.911, 0.495])), wrt=('x', 'u'))

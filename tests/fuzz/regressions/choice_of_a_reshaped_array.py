"""Seed 600053: one of two arrays, one of them reshaped, and of these again one."""

import numpy as np


def program(y):
    s1 = y.ravel()
    s1[[-1, 0]] = np.tanh(np.concatenate((s1, np.full(1, y[0]))))
    a2 = np.mean(s1 * 1.41) + np.sum(np.sin(y))
    d3 = y if -0.46 < np.dot(y[::-1], s1[[-1]]) < 0.79 else s1
    d3[...] /= 1.2 + np.tanh(a2) ** 2
    s4 = d3[None]
    a5 = np.zeros(1)
    a6 = a5 if (s4[-1, 0] if 1.41 <= a2 else a2) > 0.42 else s1
    a6[0] = np.cos(max(np.mean(a6[::-1]), s4.sum()))
    d7 = a5
    b8 = s1 if np.linalg.norm(d7) <= 0.54 else d3
    b8[0] *= np.cos(np.arctan2(a2, 2 + a2**2))
    return (
        np.mean(a5)
        + np.sum(a6)
        + np.sum(d7)
        + np.sum(b8)
        + np.sum(d3**2)
        + np.mean(y)
        + np.sum(s1**2)
        + np.sum(d3[d3 > 0.61])
    )


EXAMPLE = dict(args=(np.array([-0.739]),), wrt="y")

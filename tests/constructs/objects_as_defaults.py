"""Globals, arrays, lists and objects as the defaults of functions that are called."""

import numpy as np

GROUP = "Functions"
G = 9.81
SCALES = np.array([1.0, 2.0, 3.0])


class Setting:
    def __init__(self):
        self.gain = 0.5


def weight(m, g=G):
    return m * g


def scaled(v, scales=SCALES, offsets=np.array([0.1, 0.2, 0.3])):
    return np.sum(v * scales + offsets * v**2)


def lined(v, line=[2.0, 0.5], *, setting=Setting()):
    return line[0] * v + line[1] * setting.gain


def objects_as_defaults(x):
    return weight(x[0]) + scaled(x) * lined(x[1]) + weight(x[2], 2.0)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')

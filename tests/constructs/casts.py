"""`float(x)`, `.item()`, functions of `math`."""

import math

import numpy as np

GROUP = "Data"


def casts(x):
    return float(x[0]) * x[1].item() + math.sin(x[2])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

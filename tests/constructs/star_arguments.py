"""`*args` and `**kwargs` on both sides of a call."""

import numpy as np

GROUP = "Data"


def total(first, *others, **named):
    result = first * named["scale"]
    for other in others:
        result = result + other
    return result


def star_arguments(x):
    values = (x, x**2)
    options = {"scale": x[0]}
    return np.sum(total(*values, 2.0, **options))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

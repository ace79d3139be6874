"""`print` of structures as they are, and of the items of an array."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

GROUP = "Statements"
Point = namedtuple("Point", "x y")


@dataclass
class Params:
    rate: float
    points: list


def structures_printed(x):
    params = Params(x[0] * 2.0, [Point(x[1], 1.0)])
    print(params, {"params": params, "point": params.points[0]}, sep=" | ")
    print(*x, str(params.points))
    return params.rate * params.points[0].x


EXAMPLE = dict(args=(np.array([0.5, -1.2]),), wrt='x')

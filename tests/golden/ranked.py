"""Sorted with a key, the best of them, neighbours of a list, a fold; a queue."""

from collections import deque
from functools import reduce
from itertools import pairwise

import numpy as np


def ranked(x, decay=0.5):
    by_size = sorted(x, key=abs, reverse=True)
    roughness = sum((b - a) ** 2 for a, b in pairwise(by_size))
    nearest = min(x, key=lambda v: abs(v - 1.0))
    queue = deque()
    for v in x:
        queue.append(np.sin(v))
    total = 0.0
    while queue:
        total = total * decay + queue.popleft()
    return reduce(lambda a, b: a * decay + b * b, by_size) + roughness * nearest + total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), 0.4), wrt=("x", "decay"))
LENGTH_ONE = False  # a list of one item has no neighbours

"""A Newton step that is taken back where it leaves the domain: an exception ends the statements tried half way."""

import math


def retreat(x, rate, steps):
    path = 0.0
    for _ in range(steps):
        try:
            x = x + rate
            path = path + math.sqrt(2.0 - x) * rate
        except ValueError:  # too far: what was added to x stays
            x = 0.5 * x
            path = path + 0.1 * x * x
    return path * x


EXAMPLE = dict(args=(0.3, 0.6, 6), wrt=("x", "rate"))
SECOND_ORDER = True

"""Explicit steps that are taken again with half the length where one of them leaves the domain."""

import math


def stepping(x, rate, steps=7):
    h, rejected = 0.9, 0
    for k in range(steps):
        try:
            middle = x - 0.5 * h * rate * math.sqrt(x)
            ahead = x - h * rate * math.sqrt(middle)
        except ValueError:  # the square root of a negative number
            h = h / 2
            rejected += 1
            continue
        finally:
            last = k
        x = ahead
    return x * (1 + 0.01 * rejected) + 0.001 * last


EXAMPLE = dict(args=(1.7, 1.3), wrt=("x", "rate"))
FLOAT32 = False  # whether a step is rejected is not the same in float32

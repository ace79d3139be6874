"""Scalar code with math, comparison chains, and/or and conditional expressions."""

import math


def piecewise(x, low, high):
    if not low < x < high or (x > 0 and math.isnan(high)):
        return math.exp(-x)
    centre = (low + high) / 2
    sharp = 2.0 if x > centre else 0.5
    inside = math.cos(sharp * (x - centre)) + math.log(high - x)
    return inside if inside > 0 else -inside * math.atan2(x, centre)


EXAMPLE = dict(args=(0.3, -1.0, 2.0), wrt=("x", "low", "high"))

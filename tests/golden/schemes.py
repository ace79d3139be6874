"""match on a flag: one step of an explicit scheme, in a loop; unpacking with a star."""

import numpy as np


def schemes(y, rate, scheme="heun", steps=4):
    h = 0.1
    for _ in range(steps):
        slope = -rate * y * y
        match scheme:
            case "euler":
                y = y + h * slope
            case "heun" | "rk2":
                ahead = y + h * slope
                y = y + 0.5 * h * (slope - rate * ahead * ahead)
            case _:
                raise ValueError(f"unknown scheme {scheme}")
    mean, *others = np.mean(y), y[0], y[-1]
    lowest, highest = others
    return mean + lowest * highest


EXAMPLE = dict(args=(np.array([1.2, 0.9, 0.4]), 0.7), wrt=("y", "rate"))
LENGTH_ZERO = False  # element 0 is read

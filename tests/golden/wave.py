"""A wave on a string: two arrays that change places every step, boundaries written in place."""

import numpy as np


def wave(start, speed, steps):
    before = start.copy()
    now = start.copy()
    for t in range(steps):
        after = np.zeros_like(now)
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + speed**2 * (now[2:] - 2 * now[1:-1] + now[:-2])
        after[0] = 0.5 * after[1]
        before, now = now, after
    return np.sum(now * now) + now[2]


EXAMPLE = dict(args=(np.exp(-((np.arange(8.0) - 3) ** 2)), 0.4, 3), wrt=("start", "speed"))
LENGTH_ONE = False  # element 2 is read

"""A list of states that grows in a loop, is read from both ends and stacked at the end."""

import numpy as np


def trajectory(x, rate, steps):
    states = [x]
    for t in range(steps):
        states.append(states[-1] + rate * np.sin(states[t]))
    drift = sum(np.sum(state) for state in states)
    return np.sum(np.stack(states) ** 2) + drift * np.sum(states[0] * states[-1])


EXAMPLE = dict(args=(np.array([0.4, -1.1, 0.8]), 0.3, 4), wrt=("x", "rate"))
SECOND_ORDER = True

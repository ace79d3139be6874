"""The last state of a damped oscillator as a function of the first one: the Jacobian is the flow's."""

import numpy as np


def oscillator(state, steps, h):
    state = state.copy()
    for _ in range(steps):
        place, speed = state[0], state[1]
        state[0] += h * speed
        state[1] -= h * (np.sin(place) + 0.1 * speed)
    return state


EXAMPLE = dict(args=(np.array([0.7, -0.2]), 5, 0.1), wrt="state")
MODES = ("jacobian forward", "jacobian reverse")

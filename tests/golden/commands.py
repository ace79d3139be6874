"""Structural patterns that bind: a list of commands, each a tuple, carried out on a state."""

import numpy as np


def commands(x, gain):
    program = [("scale", gain), ("shift", 0.5, -0.5), ("mix", 0.3), ("square",)]
    state = x
    for command in program:
        match command:
            case ("scale", factor):
                state = factor * state
            case ("shift", *steps):
                state = state + sum(steps) + steps[0] * gain
            case ("mix", weight):
                state = (1 - weight) * state + weight * np.tanh(state)
            case _:
                state = state**2
    return np.sum(np.sin(state))


EXAMPLE = dict(args=(np.array([0.3, -0.8, 1.1, 0.4]), 1.3), wrt=("x", "gain"))

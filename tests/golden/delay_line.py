"""State in a dict of arrays: a line of samples that is shifted in place, written by a helper that returns nothing."""

import numpy as np


def push(line, sample):
    """The newest sample first."""
    line[1:] = line[:-1]
    line[0] = sample


def delay_line(signal, gain, damping, delay=3):
    state = {"line": np.zeros(delay), "level": 0.0}
    out = np.empty_like(signal)
    for k, sample in enumerate(signal):
        out[k] = sample + gain * state["line"][-1]
        push(state["line"], np.tanh(out[k]))
        state["level"] = damping * state["level"] + out[k] ** 2
    return state["level"] + np.sum(np.maximum.accumulate(out))


EXAMPLE = dict(args=(np.array([0.4, -0.9, 0.7, 0.2, 1.3]), 0.6, 0.8), wrt=("signal", "gain", "damping"))

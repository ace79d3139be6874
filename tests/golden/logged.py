"""Effects in a loop, each once and in order: drawn noise, a printed line, a check that raises."""

import numpy as np


def shrunk(x, noise):
    print("noise", noise)
    return x - 0.1 * x * noise


def logged(x, steps=3, seed=7):
    rng = np.random.default_rng(seed)
    total = 0.0
    for step in range(steps):
        x = shrunk(x, rng.normal(size=x.shape))
        loss = np.sum(x**2)
        if loss > 100.0:
            raise ValueError(f"step {step} diverges")
        print("step", step, "loss", loss)
        total += loss
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.5, 2.0]),), wrt="x")

"""Parameters in a dict, by names that are put together; an import in the function; a loop that `any` ends."""

import numpy as np


def layers(params, x):
    import math

    penalty = 0.0
    for name in params:
        if name.startswith("W"):
            penalty += np.sum(params[name] ** 2)
    for i in range(len(params) // 2):
        x = np.tanh(params[f"W{i}"] @ x + params[f"b{i}"])
    while any(abs(one) > 0.5 for one in x):
        x = x * 0.5
    return math.log(1.0 + penalty) * np.sum(x)


EXAMPLE = dict(
    args=(
        {
            "W0": np.array([[0.5, -1.2], [0.3, 0.8]]),
            "b0": np.array([0.1, -0.2]),
            "W1": np.array([[0.7, 0.4], [-0.6, 1.1]]),
            "b1": np.array([0.3, 0.2]),
        },
        np.array([1.5, -0.7]),
    ),
    wrt="x",
)
LENGTH_ONE = False  # the weights fix the lengths
DUMPED = False  # what a dict holds is known from a call

"""A `while` whose test calls a helper, with `else`."""

import numpy as np

GROUP = "Statements"


def measured(x):
    return {"size": np.sum(x * x)}


def while_else_of_a_call(x):
    turns = 0
    while measured(x)["size"] > 1.0:
        x = x * 0.7
        turns += 1
        if turns > 5:
            break
    else:
        x = np.sin(x)
    return np.sum(x) * turns


EXAMPLE = dict(args=(np.array([1.3, 2.0]),), wrt="x")

"""Tuples, lists and dicts in each other as an argument."""

import numpy as np

GROUP = "Data"


def nested_arguments(layers, x):
    for W, b in layers["hidden"]:
        x = np.tanh(W @ x + b)
    return np.sum(x) * layers["scale"]


EXAMPLE = dict(args=({"hidden": [(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]), np.array([0.5, -1.2, 2.1, 0.7])[:3]), (np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]).T, np.array([0.5, -1.2, 2.1, 0.7])[1:])], "scale": 0.7}, np.array([0.5, -1.2, 2.1, 0.7])[:3]), wrt='layers')

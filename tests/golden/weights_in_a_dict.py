"""The gradient with respect to a dict of parameters, in a step of gradient descent."""

import numpy as np

import backprose as bp


def weights_in_a_dict(w, b, x, y):
    parameters = {"w": w, "b": b}
    gradient = bp.grad(lambda p: np.sum((np.tanh(x @ p["w"]) + p["b"] - y) ** 2))(parameters)
    parameters = {name: parameters[name] - 0.1 * gradient[name] for name in parameters}
    return np.sum(parameters["w"] ** 2) * parameters["b"]


EXAMPLE = dict(
    args=(np.array([0.3, -0.7]), 0.4, np.array([[0.5, 1.0], [-0.2, 0.4], [1.5, 0.1]]), np.array([0.1, -0.3, 0.8])),
    wrt=("w", "b"),
)

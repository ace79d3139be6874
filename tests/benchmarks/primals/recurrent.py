"""Recurrent networks."""

import numpy as np


def recurrent(W, U, b, h, inputs):
    for x in inputs:
        h = np.tanh(W @ h + U @ x + b)
    return np.sum(h**2)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(W, b, V, inputs, outputs):
    """The squared errors of a long short-term memory, over a batch of sequences."""
    n = len(V)
    h = np.zeros((inputs.shape[1], n))
    c = np.zeros((inputs.shape[1], n))
    loss = 0.0
    for t in range(len(inputs)):
        gates = np.concatenate([inputs[t], h], axis=1) @ W + b
        i, f, o = sigmoid(gates[:, :n]), sigmoid(gates[:, n : 2 * n]), sigmoid(gates[:, 2 * n : 3 * n])
        c = f * c + i * np.tanh(gates[:, 3 * n :])
        h = o * np.tanh(c)
        loss = loss + np.sum((h @ V - outputs[t]) ** 2)
    return loss

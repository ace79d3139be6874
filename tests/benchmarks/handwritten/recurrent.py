"""By hand: recurrent networks. What the steps owe to the weights is one product of matrices, after the loop."""

import numpy as np


def recurrent(W, U, b, h, inputs):
    states = [h]
    for x in inputs:
        h = np.tanh(W @ h + U @ x + b)
        states.append(h)
    before = np.empty((len(inputs), len(h)))
    h_bar = 2 * h
    for t in range(len(inputs) - 1, -1, -1):
        before[t] = h_bar * (1 - states[t + 1] ** 2)
        h_bar = before[t] @ W
    return before.T @ np.array(states[:-1]), before.T @ inputs, before.sum(axis=0)


def lstm(W, b, V, inputs, outputs):
    n, (steps, batch, width) = len(V), inputs.shape
    h, c = np.zeros((batch, n)), np.zeros((batch, n))
    joined = np.empty((steps, batch, width + n))
    joined[:, :, :width] = inputs
    states, errors = np.empty((steps, batch, n)), np.empty_like(outputs)
    saved = []
    for t in range(steps):
        joined[t, :, width:] = h
        gates = joined[t] @ W + b
        share = 1 / (1 + np.exp(-gates[:, : 3 * n]))
        g = np.tanh(gates[:, 3 * n :])
        before, c = c, share[:, n : 2 * n] * c + share[:, :n] * g
        squashed = np.tanh(c)
        h = states[t] = share[:, 2 * n :] * squashed
        errors[t] = 2 * (h @ V - outputs[t])
        saved.append((share, g, before, squashed))
    gates_bar = np.empty((steps, batch, 4 * n))
    h_bar = c_bar = np.zeros((batch, n))
    for t in range(steps - 1, -1, -1):
        share, g, before, squashed = saved[t]
        h_bar = h_bar + errors[t] @ V.T
        c_bar = c_bar + h_bar * share[:, 2 * n :] * (1 - squashed**2)
        bar = gates_bar[t]
        bar[:, :n] = c_bar * g
        bar[:, n : 2 * n] = c_bar * before
        bar[:, 2 * n : 3 * n] = h_bar * squashed
        bar[:, : 3 * n] *= share * (1 - share)
        bar[:, 3 * n :] = c_bar * share[:, :n] * (1 - g**2)
        h_bar = (bar @ W.T)[:, width:]
        c_bar = c_bar * share[:, n : 2 * n]
    gates_bar = gates_bar.reshape(steps * batch, 4 * n)
    W_bar = joined.reshape(steps * batch, width + n).T @ gates_bar
    return W_bar, gates_bar.sum(axis=0), np.einsum("tbn,tbm->nm", states, errors)

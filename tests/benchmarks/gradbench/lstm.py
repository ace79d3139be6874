"""``lstm``: what a recurrent network of layers with diagonal weights loses when it predicts the rest of a sequence.

The parameters of a layer are two rows, weights and biases, each of four gates side by side; its state is two rows,
hidden and cell.
"""

import itertools
from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.function import Function, all_as_list, as_array


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def layer(weight, bias, hidden, cell, x):
    forget, enter, leave, change = np.stack([x, hidden, x, hidden]) * weight + bias
    cell = cell * sigmoid(forget) + sigmoid(enter) * np.tanh(change)
    return sigmoid(leave) * np.tanh(cell), cell


def predict(main_params, extra_params, state, x):
    """What comes after ``x``; the state moves on."""
    x = x * extra_params[0]
    for i in range(0, len(state), 2):
        state[i], state[i + 1] = layer(main_params[i], main_params[i + 1], state[i], state[i + 1], x)
        x = state[i]
    return x * extra_params[1] + extra_params[2]


def objective(main_params, extra_params, state, sequence):
    """The benchmark adds 2 to the sum of exponentials."""
    state = state.copy()
    total = 0.0
    for given, wanted in itertools.pairwise(sequence):
        found = predict(main_params, extra_params, state, given)
        total += np.sum(wanted * (found - np.log(np.sum(np.exp(found)) + 2)))
    return -total / sequence[1:].size


jacobian = bp.grad(objective, wrt=("main_params", "extra_params"))


def read(given: Any) -> tuple[Any, ...]:
    main_params = as_array(given["main_params"])
    gates = main_params.reshape(len(main_params), 4, -1)
    return gates, *(as_array(given[name]) for name in ("extra_params", "state", "sequence"))


FUNCTIONS = {"objective": Function(objective, read), "jacobian": Function(jacobian, read, all_as_list)}


def sample(layers: int = 2, length: int = 30, width: int = 14) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "main_params": rng.normal(size=(2 * layers, 4 * width)).tolist(),
        "extra_params": rng.normal(size=(3, width)).tolist(),
        "state": rng.normal(size=(2 * layers, width)).tolist(),
        "sequence": rng.integers(0, 2, (length, width)).tolist(),
    }

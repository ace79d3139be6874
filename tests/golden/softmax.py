"""Cross entropy of a softmax, the largest score taken out, with two layers before it."""

import numpy as np


def softmax(W1, b1, W2, b2, inputs, targets):
    hidden = np.tanh(inputs @ W1 + b1)
    scores = hidden @ W2 + b2
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -(targets * log_p).sum() / len(inputs)


rng = np.random.default_rng(2)
EXAMPLE = dict(
    args=(
        rng.normal(size=(5, 4)),
        rng.normal(size=4),
        rng.normal(size=(4, 3)),
        rng.normal(size=3),
        rng.normal(size=(7, 5)),
        np.eye(3)[[0, 1, 2, 2, 1, 0, 1]],
    ),
    wrt=("W1", "b1", "W2", "b2"),
)

"""A chain of matrix products with a softmax between, and batched ones."""

import numpy as np


def attention(queries, keys, values):
    scores = queries @ np.swapaxes(keys, -1, -2) / np.sqrt(keys.shape[-1])
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights /= np.sum(weights, axis=-1, keepdims=True)
    return np.sum((weights @ values) ** 2)


rng = np.random.default_rng(11)
EXAMPLE = dict(
    args=(rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 6))),
    wrt=("queries", "keys", "values"),
)

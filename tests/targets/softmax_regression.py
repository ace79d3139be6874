"""Vectorised code with known shapes: no helpers, no zeros, whole expressions, the primal line above its adjoint."""

import numpy as np

from backprose import stop_gradient


# ---------------------------------------------------------------- primal
def softmax_loss(W, b, images, labels):
    scores = images @ W + b                          # a row for each picture
    scores -= stop_gradient(np.max(scores, axis=1, keepdims=True))
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(np.sum(labels * log_p, axis=1))


# ------------------------------------- value_and_grad(softmax_loss, wrt=("W", "b"))
# W: float64[:, :]  b: float64[:]  images: float64[:, :]  labels: float64[:, :]   (no axis of length 1)
def softmax_loss_value_and_grad(W, b, images, labels, *, result_bar=1.0):
    # forward
    scores = images @ W + b                          # a row for each picture
    if not (b.shape == scores.shape[1:] and labels.shape == scores.shape):
        raise ValueError("softmax_loss_value_and_grad was made for b and labels that do not broadcast")
    scores -= np.max(scores, axis=1, keepdims=True)
    exp_scores = np.exp(scores)
    total = np.sum(exp_scores, axis=1, keepdims=True)
    log_p = scores - np.log(total)
    result = -np.mean(np.sum(labels * log_p, axis=1))

    # return -np.mean(np.sum(labels * log_p, axis=1))
    log_p_bar = -result_bar / len(labels) * labels
    # log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    total_bar = -np.sum(log_p_bar, axis=1, keepdims=True) / total
    scores_bar = log_p_bar + total_bar * exp_scores
    # scores = images @ W + b
    W_bar = images.T @ scores_bar
    b_bar = np.sum(scores_bar, axis=0)
    return result, (W_bar, b_bar)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(5, 3)), rng.normal(size=3)
    images, labels = rng.normal(size=(7, 5)), np.eye(3)[rng.integers(0, 3, 7)]
    value, (W_bar, b_bar) = softmax_loss_value_and_grad(W, b, images, labels)
    v, u, h = rng.normal(size=W.shape), rng.normal(size=b.shape), 1e-6
    slope = (softmax_loss(W + h * v, b + h * u, images, labels) - softmax_loss(W - h * v, b - h * u, images, labels)) / (2 * h)
    assert value == softmax_loss(W, b, images, labels)
    assert abs(slope - np.sum(W_bar * v) - np.sum(b_bar * u)) < 1e-8

"""Functions of whole arrays."""

import numpy as np

import backprose as bp


def softmax_loss(W, b, images, labels):
    scores = images @ W + b
    scores -= bp.stop_gradient(np.max(scores, axis=1, keepdims=True))
    log_p = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(np.sum(labels * log_p, axis=1))


def rosenbrock(x):
    ahead = x[1:] - x[:-1] ** 2
    return np.sum(100 * ahead**2 + (1 - x[:-1]) ** 2)


def mixture(means, log_scales, logits, data):
    log_weights = logits - np.log(np.sum(np.exp(logits)))
    z = (data[:, None] - means) / np.exp(log_scales)
    log_p = log_weights - log_scales - 0.5 * z**2
    shift = bp.stop_gradient(np.max(log_p, axis=1, keepdims=True))
    return np.sum(np.log(np.sum(np.exp(log_p - shift), axis=1, keepdims=True)) + shift)


def network(W, b, V, inputs, outputs):
    hidden = np.tanh(inputs @ W + b)
    return np.mean((hidden @ V - outputs) ** 2)


def logistic_loss(w, b, X, labels, decay):
    """Minus the mean log-likelihood of labels 0 and 1, with a penalty on the weights."""
    z = X @ w + b
    return np.mean(np.logaddexp(0, z) - labels * z) + 0.5 * decay * np.sum(w**2)


def decay_curve(amplitude, rate, offset, t, y):
    """Pseudo-Huber loss of an exponential decay that is fitted to points."""
    residual = amplitude * np.exp(-rate * t) + offset - y
    return np.sum(np.sqrt(1 + residual**2) - 1)


def denoise(image, noisy, weight):
    """Total variation, smoothed, and the distance from the picture that was taken."""
    across = image[:-1, 1:] - image[:-1, :-1]
    down = image[1:, :-1] - image[:-1, :-1]
    return 0.5 * np.sum((image - noisy) ** 2) + weight * np.sum(np.sqrt(across**2 + down**2 + 1e-4))

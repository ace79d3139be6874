"""By hand: functions of whole arrays."""

import numpy as np


def softmax_loss(W, b, images, labels):
    scores = images @ W + b
    scores -= scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    p /= p.sum(axis=1, keepdims=True)
    p *= labels.sum(axis=1, keepdims=True)
    p -= labels
    p /= len(labels)
    return images.T @ p, p.sum(axis=0)


def rosenbrock(x):
    ahead_bar = 200 * (x[1:] - x[:-1] ** 2)
    x_bar = np.empty_like(x)
    x_bar[:-1] = -2 * (1 - x[:-1]) - 2 * ahead_bar * x[:-1]
    x_bar[-1] = 0
    x_bar[1:] += ahead_bar
    return x_bar


def mixture(means, log_scales, logits, data):
    weights = np.exp(logits)
    weights /= weights.sum()
    scales = np.exp(log_scales)
    z = (data[:, None] - means) / scales
    log_p = np.log(weights) - log_scales - 0.5 * z**2
    share = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)  # how much of each point each component explains
    weight = share.sum(axis=0)
    share *= z
    means_bar = share.sum(axis=0) / scales
    share *= z
    return means_bar, share.sum(axis=0) - weight, weight - len(data) * weights


def network(W, b, V, inputs, outputs):
    hidden = np.tanh(inputs @ W + b)
    error = hidden @ V - outputs
    error *= 2 / error.size
    before = (error @ V.T) * (1 - hidden**2)
    return inputs.T @ before, before.sum(axis=0), hidden.T @ error


def logistic_loss(w, b, X, labels, decay):
    z = X @ w + b
    error = (0.5 + 0.5 * np.tanh(0.5 * z) - labels) / len(labels)  # the logistic function, without overflow
    return error @ X + decay * w, error.sum()


def decay_curve(amplitude, rate, offset, t, y):
    decay = np.exp(-rate * t)
    residual = amplitude * decay
    residual += offset
    residual -= y
    weight = residual / np.sqrt(1 + residual**2)
    decay *= weight
    return decay.sum(), -amplitude * (decay @ t), weight.sum()


def denoise(image, noisy, weight):
    across = image[:-1, 1:] - image[:-1, :-1]
    down = image[1:, :-1] - image[:-1, :-1]
    scale = weight / np.sqrt(across**2 + down**2 + 1e-4)
    across *= scale
    down *= scale
    image_bar = image - noisy
    image_bar[:-1, 1:] += across
    image_bar[1:, :-1] += down
    across += down
    image_bar[:-1, :-1] -= across
    return image_bar

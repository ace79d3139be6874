"""The functions that are timed, written as a user would write them."""

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


def heat(u, alpha, steps):
    for _ in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def tridiagonal(lower, diagonal, upper, right):
    pivots = diagonal.copy()
    x = right.copy()
    for i in range(1, len(x)):
        factor = lower[i - 1] / pivots[i - 1]
        pivots[i] -= factor * upper[i - 1]
        x[i] -= factor * x[i - 1]
    x[-1] = x[-1] / pivots[-1]
    for i in range(len(x) - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / pivots[i]
    return np.sum(x**2)


def improve(x, a):
    return 0.5 * (x + a / x)


def newton_sqrt(a, tol, most):
    x = a
    for _ in range(most):
        if abs(x * x - a) < tol:
            return x
        x = improve(x, a)
    return x


def lorenz(x, y, z, dt, steps):
    for _ in range(steps):
        x1 = 10.0 * (y - x)
        y1 = x * (28.0 - z) - y
        z1 = x * y - 2.5 * z
        xm, ym, zm = x + 0.5 * dt * x1, y + 0.5 * dt * y1, z + 0.5 * dt * z1
        x2 = 10.0 * (ym - xm)
        y2 = xm * (28.0 - zm) - ym
        z2 = xm * ym - 2.5 * zm
        xn, yn, zn = x + 0.5 * dt * x2, y + 0.5 * dt * y2, z + 0.5 * dt * z2
        x3 = 10.0 * (yn - xn)
        y3 = xn * (28.0 - zn) - yn
        z3 = xn * yn - 2.5 * zn
        xe, ye, ze = x + dt * x3, y + dt * y3, z + dt * z3
        x4 = 10.0 * (ye - xe)
        y4 = xe * (28.0 - ze) - ye
        z4 = xe * ye - 2.5 * ze
        x = x + dt / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4)
        y = y + dt / 6.0 * (y1 + 2.0 * y2 + 2.0 * y3 + y4)
        z = z + dt / 6.0 * (z1 + 2.0 * z2 + 2.0 * z3 + z4)
    return x * x + y * y + z * z

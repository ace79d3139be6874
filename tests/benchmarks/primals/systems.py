"""Linear algebra: solves, likelihoods of Gaussians, filters."""

import numpy as np


def forward_substitution(L, b):
    x = b.copy()
    for i in range(len(x)):
        x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    return np.sum(x**2)


def gaussian_process(log_length, log_amplitude, log_noise, points, y):
    """Minus the log-likelihood of a Gaussian process."""
    squared = (points[:, None] - points) ** 2
    K = np.exp(2 * log_amplitude - 0.5 * squared / np.exp(2 * log_length))
    L = np.linalg.cholesky(K + np.exp(2 * log_noise) * np.eye(len(y)))
    white = np.linalg.solve(L, y)
    return 0.5 * np.sum(white**2) + np.sum(np.log(np.diag(L)))


def kalman(process, noise, F, G, H, y):
    """Minus the log-likelihood of measurements of a moving thing, by Kalman's filter."""
    x, P = np.zeros(len(H)), np.eye(len(H))
    loss = 0.0
    for k in range(len(y)):
        x = F @ x
        P = F @ P @ F.T + process * G
        innovation = y[k] - H @ x
        S = H @ P @ H + noise
        gain = P @ H / S
        x = x + gain * innovation
        P = P - np.outer(gain, H @ P)
        loss = loss + np.log(S) + innovation**2 / S
    return 0.5 * loss

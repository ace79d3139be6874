"""By hand: linear algebra."""

import numpy as np


def forward_substitution(L, b):
    """The adjoint solves the transposed system."""
    x = b.copy()
    for i in range(len(x)):
        x[i] = (x[i] - L[i, :i] @ x[:i]) / L[i, i]
    b_bar = 2 * x
    for i in range(len(x) - 1, -1, -1):
        b_bar[i] /= L[i, i]
        b_bar[:i] -= b_bar[i] * L[i, :i]
    return np.tril(np.outer(-b_bar, x)), b_bar


def gaussian_process(log_length, log_amplitude, log_noise, points, y):
    """Rasmussen and Williams, Gaussian processes for machine learning, equation 5.9."""
    squared = (points[:, None] - points) ** 2
    shrink, noise = np.exp(-2 * log_length), np.exp(2 * log_noise)
    K = np.exp(2 * log_amplitude - 0.5 * shrink * squared)
    inverse = np.linalg.inv(K + noise * np.eye(len(y)))
    alpha = inverse @ y
    K_bar = inverse - np.outer(alpha, alpha)  # twice the adjoint
    noise_bar = noise * np.trace(K_bar)
    K_bar *= K
    return 0.5 * shrink * np.vdot(K_bar, squared), K_bar.sum(), noise_bar


def kalman(process, noise, F, G, H, y):
    x, P = np.zeros(len(H)), np.eye(len(H))
    saved = []
    for k in range(len(y)):
        x = F @ x
        P = F @ P @ F.T + process * G
        innovation = y[k] - H @ x
        PH = P @ H
        S = H @ PH + noise
        saved.append((innovation, PH, S))
        x = x + PH * (innovation / S)
        P = P - np.outer(PH, PH / S)
    x_bar, P_bar = np.zeros_like(x), np.zeros_like(P)
    process_bar = noise_bar = 0.0
    for innovation, PH, S in reversed(saved):
        scaled = innovation / S
        x_PH, P_PH = x_bar @ PH, (P_bar + P_bar.T) @ PH
        S_bar = 0.5 * (1 / S - scaled**2) - x_PH * scaled / S + 0.5 * (PH @ P_PH) / S**2
        PH_bar = x_bar * scaled - P_PH / S + S_bar * H
        noise_bar += S_bar
        P_bar = P_bar + PH_bar[:, None] * H
        process_bar += np.vdot(P_bar, G)
        x_bar = F.T @ (x_bar - (scaled + x_PH / S) * H)
        P_bar = F.T @ P_bar @ F
    return process_bar, noise_bar

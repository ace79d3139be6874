"""A Kalman filter over a list of measurements, some of them missing: the negative log-likelihood."""

import numpy as np


def constant_velocity(dt, acceleration_noise):
    """Transition and process noise of a point that moves in one dimension."""
    F = np.array([[1.0, dt], [0.0, 1.0]])
    G = np.array([0.5 * dt**2, dt])
    return F, np.outer(G, G) * acceleration_noise**2


def predict(mean, cov, F, Q):
    return F @ mean, F @ cov @ F.T + Q


def update(mean, cov, z, H, R):
    """The state after the measurement z, and the log-likelihood of z."""
    innovation = z - H @ mean
    S = H @ cov @ H.T + R
    gain = np.linalg.solve(S, H @ cov).T
    mean = mean + gain @ innovation
    # Joseph's form: stays symmetric
    I_KH = np.eye(len(mean)) - gain @ H
    cov = I_KH @ cov @ I_KH.T + gain @ R @ gain.T
    mahalanobis = innovation @ np.linalg.solve(S, innovation)
    log_likelihood = -0.5 * (mahalanobis + np.log(np.linalg.det(S)) + len(z) * np.log(2 * np.pi))
    return mean, cov, log_likelihood


def kalman_filter(start, acceleration_noise, sensor_noise, bias, measurements, dt=0.5):
    H = np.array([[1.0, 0.0], [1.0, 0.3]])
    R = np.diag([sensor_noise**2, 2 * sensor_noise**2])
    F, Q = constant_velocity(dt, acceleration_noise)

    mean, cov = start, np.eye(2)
    total = 0.0
    history = []
    for z in measurements:
        mean, cov = predict(mean, cov, F, Q)
        if z is None:  # the sensor was silent
            history.append(mean)
            continue
        mean, cov, log_likelihood = update(mean, cov, z - bias, H, R)
        total += log_likelihood
        history.append(mean)

    # a smooth path is preferred
    roughness = 0.0
    for before, after in zip(history[:-1], history[1:]):
        roughness += np.sum((after - before) ** 2)
    return -total + 0.01 * roughness


EXAMPLE = dict(
    args=(
        np.array([0.1, 0.8]),
        0.4,
        0.3,
        0.05,
        [np.array([0.6, 0.8]), np.array([1.0, 1.1]), None, np.array([1.9, 2.3]), np.array([2.2, 2.4])],
    ),
    wrt=("start", "acceleration_noise", "sensor_noise", "bias"),
)

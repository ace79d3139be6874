"""Gaussian process regression: the negative log marginal likelihood, with a dataclass of hyperparameters."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Hyperparameters:
    """All on a logarithmic scale, but for the mean."""

    log_amplitude: float
    log_lengths: np.ndarray  # one for each input
    log_noise: float
    mean: float = 0.0

    @property
    def amplitude(self):
        return np.exp(self.log_amplitude)

    @property
    def noise(self):
        return np.exp(self.log_noise)

    def kernel(self, X, Y):
        """Matern 5/2 with a length for each dimension."""
        lengths = np.exp(self.log_lengths)
        difference = (X[:, None, :] - Y[None, :, :]) / lengths
        r2 = np.sum(difference**2, axis=-1)
        r = np.sqrt(5 * r2 + 1e-12)
        return self.amplitude**2 * (1 + r + r**2 / 3) * np.exp(-r)


@dataclass
class Prior:
    """Normal priors that keep the hyperparameters in a sensible range."""

    location: float
    scale: float

    def penalty(self, value):
        return 0.5 * np.sum(((value - self.location) / self.scale) ** 2)


def forward_substitution(L, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    return x


def gaussian_process(theta, X, y, priors, jitter=1e-8):
    n = len(y)
    K = theta.kernel(X, X)
    K[np.diag_indices(n)] += theta.noise**2 + jitter
    L = np.linalg.cholesky(K)
    white = forward_substitution(L, y - theta.mean)
    fit = 0.5 * white @ white
    complexity = np.sum(np.log(np.diag(L)))
    value = fit + complexity + 0.5 * n * np.log(2 * np.pi)

    for name, prior in priors.items():
        value += prior.penalty(getattr(theta, name))
    return value


EXAMPLE = dict(
    args=(
        Hyperparameters(0.2, np.array([-0.1, 0.4]), -1.2, 0.3),
        np.array([[0.1, 0.5], [0.6, -0.2], [-0.4, 0.9], [1.1, 0.3], [-0.7, -0.6]]),
        np.array([0.4, 1.1, -0.2, 0.9, -0.6]),
        {"log_lengths": Prior(0.0, 1.0), "log_noise": Prior(-1.0, 0.5)},
    ),
    wrt="theta",
)

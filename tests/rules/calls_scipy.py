"""As ``calls.py``, of SciPy's functions."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft, integrate, linalg, ndimage, optimize, signal, special, stats

A = np.array([[2.0, 0.5, 0.1], [0.5, 3.0, 0.2], [0.1, 0.2, 1.5]])
x = np.array([0.3, 0.8, 1.2])
B = np.array([[0.3, -0.8, 1.2, 0.4], [0.9, 0.1, -0.5, 0.7], [1.1, 0.6, 0.2, -0.3]])


def log_gamma(x):
    return np.sum(special.gammaln(x))


def error_function(x):
    return np.sum(special.erf(x) ** 2)


def bessel(x):
    return np.sum(special.jv(1.5, x))


def log_sum_exp(B):
    return np.sum(special.logsumexp(B, axis=1) ** 2)


def sigmoid(x):
    return np.sum(special.expit(x) ** 2)


def incomplete_gamma(x):
    return np.sum(special.gammainc(2.5, x))


def normal(x):
    return np.sum(stats.norm.logpdf(x, 0.5, 2.0))


def student(x):
    return np.sum(stats.t.logpdf(x, 5.0))


def gamma_density(x):
    return np.sum(stats.gamma.logpdf(x, 2.0, scale=0.5))


def triangular(A, x):
    return np.sum(linalg.solve_triangular(A, x, lower=True) ** 2)


def exponential(A):
    return np.sum(linalg.expm(A) ** 2)


def cosines(x):
    return np.sum(fft.dct(x) ** 3)


def filtered(x):
    return np.sum(signal.fftconvolve(x, np.array([1.0, 2.0, 1.0]), mode="same") ** 2)


def recursive(x):
    return np.sum(signal.lfilter([0.5], [1.0, -0.5], x) ** 2)


def blurred(B):
    return np.sum(ndimage.gaussian_filter(B, 1.0) ** 2)


def simpson(x):
    return integrate.simpson(x**2, dx=0.1)


def kepler(E, m, e):
    return E - e * np.sin(E) - m


def root(m, e):
    return optimize.brentq(kepler, 0.0, 10.0, args=(m, e)) ** 2


def integral(m, e):
    return integrate.quad(lambda t: np.exp(-m * t) * e, 0.0, 1.0)[0]


SAMPLES: dict[str, Any] = {"A": A, "B": B, "x": x, "m": 0.8, "e": 0.3}

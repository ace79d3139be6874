"""Functions of whole arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tests.benchmarks.cases.case import Case
from tests.benchmarks.handwritten import vectorised

of = functools.partial(Case, family="vectorised")


def _softmax(pictures: int, pixels: int, digits: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    labels = np.eye(digits)[rng.integers(0, digits, pictures)]
    return 0.1 * rng.normal(size=(pixels, digits)), np.zeros(digits), rng.random((pictures, pixels)), labels


def _mixture(points: int, components: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    means, log_scales, logits = rng.normal(size=(3, components))
    return means, 0.1 * log_scales, logits, rng.normal(size=points)


def _network(pictures: int, pixels: int, width: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    W, V = rng.normal(size=(pixels, width)) / 8, rng.normal(size=(width, 4)) / 8
    return W, np.zeros(width), V, rng.normal(size=(pictures, pixels)), rng.normal(size=(pictures, 4))


def _logistic(people: int, features: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(people, features))
    w = rng.normal(size=features) / np.sqrt(features)
    labels = (rng.random(people) < 1 / (1 + np.exp(-X @ w))).astype(float)
    return 0.5 * w, 0.1, X, labels, 0.01


def _decay(points: int) -> tuple[Any, ...]:
    t = np.linspace(0.0, 5.0, points)
    return 2.0, 0.7, 0.3, t, 1.8 * np.exp(-0.8 * t) + 0.2 + 0.1 * np.random.default_rng(0).normal(size=points)


def _picture(size: int) -> tuple[Any, ...]:
    noise = np.random.default_rng(0).normal(size=(2, size, size))
    return 0.1 * noise[0], 0.1 * noise[0] + 0.3 * noise[1], 0.5


def _normal(size: int) -> Any:
    return np.random.default_rng(0).normal(size=size)


_softmax_loss = functools.partial(
    of, "softmax loss", primal="softmax_loss", wrt=("W", "b"), by_hand=vectorised.softmax_loss
)
_logistic_loss = functools.partial(
    of, "logistic regression", primal="logistic_loss", wrt=("w", "b"), by_hand=vectorised.logistic_loss
)
_rosenbrock = functools.partial(of, "Rosenbrock", primal="rosenbrock", wrt=("x",), by_hand=vectorised.rosenbrock)
_denoise = functools.partial(of, "denoising of a picture", primal="denoise", wrt=("image",), by_hand=vectorised.denoise)

CASES = (
    _softmax_loss("30 x 8, 3", args=_softmax(30, 8, 3), elements=240),
    _softmax_loss("1347 x 64, 10", args=_softmax(1347, 64, 10), elements=1347 * 64),
    _logistic_loss("100 x 5", args=_logistic(100, 5), elements=500),
    _logistic_loss("10 000 x 20", args=_logistic(10_000, 20), elements=200_000),
    of(
        "two-layer network",
        "200 x 64, 32",
        primal="network",
        wrt=("W", "b", "V"),
        args=_network(200, 64, 32),
        by_hand=vectorised.network,
        elements=200 * 64,
    ),
    of(
        "mixture of Gaussians, log-likelihood",
        "5000, 4",
        primal="mixture",
        wrt=("means", "log_scales", "logits"),
        args=_mixture(5000, 4),
        by_hand=vectorised.mixture,
        elements=20_000,
    ),
    _rosenbrock("20", args=(_normal(20),), elements=20),
    _rosenbrock("100 000", args=(_normal(100_000),), elements=100_000),
    _denoise("24 x 24", args=_picture(24), elements=576),
    _denoise("1000 x 1000", args=_picture(1000), elements=1_000_000),
    of(
        "fit of a decay, robust",
        "1 000 000",
        primal="decay_curve",
        wrt=("amplitude", "rate", "offset"),
        args=_decay(1_000_000),
        by_hand=vectorised.decay_curve,
        elements=1_000_000,
    ),
)

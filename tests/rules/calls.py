"""One call of each of many functions: the texts of their gradients are kept in ``calls.txt``, to be read."""

from __future__ import annotations

from typing import Any

import numpy as np

A = np.array([[2.0, 0.5, 0.1], [0.5, 3.0, 0.2], [0.1, 0.2, 1.5]])
x = np.array([0.3, 0.8, 1.2])
B = np.array([[0.3, -0.8, 1.2, 0.4], [0.9, 0.1, -0.5, 0.7], [1.1, 0.6, 0.2, -0.3]])


def matrix_product(B, A):
    return np.sum((A @ B) ** 2)


def vector_product(x, A):
    return x @ A @ x


def outer(x):
    return np.sum(np.outer(x, x) ** 2)


def einsum(B, x):
    return np.sum(np.einsum("ij,i->j", B, x) ** 2)


def tensordot(B, A):
    return np.sum(np.tensordot(B, A, axes=(0, 1)) ** 2)


def kron(x):
    return np.sum(np.kron(x, x) ** 3)


def solve(A, x):
    return np.sum(np.linalg.solve(A, x) ** 2)


def inv(A):
    return np.sum(np.linalg.inv(A) ** 2)


def logdet(A):
    return np.linalg.slogdet(A)[1]


def cholesky(A):
    return np.sum(np.linalg.cholesky(A) ** 3)


def eigenvalues(A):
    return np.sum(np.linalg.eigvalsh(A) ** 3)


def svd(B):
    return np.sum(np.linalg.svd(B, compute_uv=False))


def norm(B):
    return np.sum(np.linalg.norm(B, axis=1))


def pinv(B):
    return np.sum(np.linalg.pinv(B) ** 2)


def mean(B):
    return np.sum(np.mean(B, axis=0) ** 2)


def std(B):
    return np.sum(np.std(B, axis=1, ddof=1))


def prod(x):
    return np.prod(x)


def cumsum(B):
    return np.sum(np.cumsum(B, axis=1) ** 2)


def cumprod(x):
    return np.sum(np.cumprod(x))


def largest(B):
    return np.sum(np.max(B, axis=1) ** 2)


def median(x):
    return np.median(x) ** 2


def ordered(x):
    return np.sum(np.sort(x) * np.arange(3))


def clip(x):
    return np.sum(np.clip(x, 0.0, 1.0) ** 2)


def where(x):
    return np.sum(np.where(x > 0.5, x**2, -x))


def maximum(x):
    return np.sum(np.maximum(x, 0.5))


def logaddexp(x):
    return np.sum(np.logaddexp(x, 1.0))


def arctan2(x):
    return np.sum(np.arctan2(x, 2.0))


def sinc(x):
    return np.sum(np.sinc(x))


def power(x):
    return np.sum(x**2.5)


def convolve(x):
    return np.sum(np.convolve(x, [1.0, 2.0, 1.0], "same") ** 2)


def interp(x):
    return np.sum(np.interp(x, [0.0, 0.5, 2.0], [1.0, 3.0, 0.0]) ** 2)


def spectrum(x):
    return np.sum(np.abs(np.fft.rfft(x)) ** 2)


def pad(x):
    return np.sum(np.pad(x, (1, 2), mode="reflect") ** 2)


def roll(x):
    return np.sum(np.roll(x, 1) * x)


def repeat(x):
    return np.sum(np.repeat(x, 2) ** 3)


def stack(x):
    return np.sum(np.stack([x, x**2], axis=1) ** 2)


def concatenate(x):
    return np.sum(np.concatenate([x, x[::-1]]) ** 3)


def take(x):
    return np.sum(np.take(x, [0, 2, 2]) ** 2)


def diff(x):
    return np.sum(np.diff(x) ** 2)


def trapezoid(x):
    return np.trapezoid(x**2, dx=0.1)


def triangle(A):
    return np.sum(np.tril(A) ** 2)


def trace(A):
    return np.trace(A @ A)


def polyval(x):
    return np.sum(np.polyval(x, 2.0) ** 2)


def gradient_of_samples(x):
    return np.sum(np.gradient(x, 0.1) ** 2)


SAMPLES: dict[str, Any] = {"A": A, "B": B, "x": x}

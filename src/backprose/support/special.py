"""Special functions whose formulas take a loop or a case."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def polygamma(order: int, x: float) -> float:
    """The derivatives of ``log(gamma(x))`` from the first (``order`` 0) on: NIST DLMF 5.15, 5.5.2 and 5.11.2."""
    total, sign = 0.0, -1.0 if order % 2 else 1.0
    while x < 20.0 + order:  # psi(x) = psi(x + 1) - 1 / x, and its derivatives
        total -= sign * math.factorial(order) / x ** (order + 1)
        x += 1.0
    if order == 0:
        series = math.log(x) - 0.5 / x
    else:
        series = -sign * (math.factorial(order - 1) / x**order + math.factorial(order) / (2 * x ** (order + 1)))
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        rising = math.factorial(2 * k + order - 1) / math.factorial(2 * k)
        series -= sign * bernoulli * rising / x ** (2 * k + order)
    return total + series


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function of order 1, as the mean of ``exp(x cos t) cos t`` over a circle."""
    cosines = np.cos((np.arange(256) + 0.5) * np.pi / 256)
    return np.mean(np.exp(np.expand_dims(x, -1) * cosines) * cosines, axis=-1)


def carlson(x: Any, y: Any, z: Any, p: Any, a: float, b: float, c: float, d: float) -> Any:
    """The integral of ``(t + x)**-a * (t + y)**-b * (t + z)**-c * (t + p)**-d`` over positive ``t``, of no negative x.

    By the trapezoidal rule in ``log(t)``: Trefethen and Weideman, "The exponentially convergent trapezoidal rule",
    SIAM Review 56 (2014).
    """
    places = np.stack(np.broadcast_arrays(x, y, z, p), axis=-1).astype(float)
    powers = np.array((a, b, c, d))
    largest = np.max(places, axis=-1)
    smallest = np.min(np.where(places > 0, places, largest[..., None]), axis=-1)
    low, high = np.log(smallest)[..., None] - 80, np.log(largest)[..., None] + 40
    t = np.exp(low + (high - low) * np.linspace(0, 1, 801))[..., None]
    terms = t[..., 0] * np.exp(-np.sum(powers * np.log(t + places[..., None, :]), axis=-1))
    whole = np.sum(terms, axis=-1) * (high - low)[..., 0] / 800
    diverges = np.sum(powers * (places == 0), axis=-1) >= 1
    return np.where(np.any(places < 0, axis=-1), np.nan, np.where(diverges, np.inf, whole))[()]


def gamma_moment(k: int, a: Any, x: Any) -> Any:
    """The integral of ``(log(t) - psi(a))**k * t**(a - 1) * exp(-t) / gamma(a)`` over ``t`` from 0 to ``x``.

    In ``log(t)``, to the side of ``x`` where the integrand falls off, by the double exponential rule of Takahasi and
    Mori (1974); what is beyond ``x`` is taken from the whole, the central moment of ``log(t)``, by its cumulants.
    """
    from scipy import special

    a, x = np.broadcast_arrays(np.asarray(a, float)[..., None], np.asarray(x, float)[..., None])
    above, center = x > a, special.psi(a)
    v = np.linspace(-4.2, 16, 801)
    u = np.exp(v - np.exp(-v)) / (np.sqrt(np.where(above, x, a)) + np.abs(x - a))
    turned = np.where(above, u, -u)
    place = np.log(np.where(x > 0, x, 1)) + turned
    weight = np.exp(a * place - np.exp(np.minimum(place, 700)) - special.gammaln(a)) * u * (1 + np.exp(-v))
    part = np.sum(np.where(x > 0, weight * (place - center) ** k, 0), axis=-1) * (v[1] - v[0])
    moments = [1.0, 0.0]
    for n in range(2, k + 1):
        terms = [math.comb(n - 1, j) * special.polygamma(j, a[..., 0]) * moments[n - 1 - j] for j in range(1, n)]
        moments.append(sum(terms))
    return np.where(above[..., 0], moments[k] - part, part)[()]


def beta_moment(k: int, m: int, a: Any, b: Any, x: Any, y: Any = None) -> Any:
    """As ``gamma_moment``, of ``log(t)**k * log(1 - t)**m`` less their means and the beta density.

    The means are psi(a) - psi(a + b) and psi(b) - psi(a + b), and the central moments of order 1 are 0; ``y`` is
    ``1 - x``, where that is known better than from ``x``.
    """
    from scipy import special

    y = np.subtract(1, x) if y is None else y
    v = np.linspace(-4.2, 16, 801)
    u = np.exp(v - np.exp(-v))

    def below(k: int, m: int, a: Any, b: Any, x: Any, y: Any) -> Any:
        a, b, x, y = (np.asarray(one, float)[..., None] for one in (a, b, x, y))
        fall = u / (1 + a)
        log_t = np.log(np.where(x > 0, x, 1)) - fall
        log_rest = np.log(np.where(x > 0, y - x * np.expm1(-fall), 0.5))
        weight = np.exp(a * log_t + (b - 1) * log_rest - special.betaln(a, b)) * fall * (1 + np.exp(-v))
        both = special.psi(a + b)
        terms = weight * (log_t - special.psi(a) + both) ** k * (log_rest - special.psi(b) + both) ** m
        return np.sum(np.where(x > 0, terms, 0), axis=-1) * (v[1] - v[0])

    mean, rest = np.divide(a, np.add(a, b)), np.divide(b, np.add(a, b))
    whole: Any = 1 - min(k + m, 1)
    if k + m > 1:
        whole = below(k, m, a, b, mean, rest) + below(m, k, b, a, rest, mean)
    return np.where(x <= mean, below(k, m, a, b, x, y), whole - below(m, k, b, a, y, x))[()]

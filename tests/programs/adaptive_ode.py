"""A chemical reaction integrated with an adaptive Bogacki-Shampine step; the misfit to two samples."""

import numpy as np

SAFETY, SHRINK, GROW = 0.9, 0.2, 5.0


def oscillator(t, y, params):
    """The Brusselator with a seasonal feed."""
    a, b = params
    feed = a * (1 + 0.1 * np.sin(2 * t))
    u, v = y
    return np.array([feed + u**2 * v - (b + 1) * u, b * u - u**2 * v])


def bogacki_shampine(f, t, y, k1, h, params):
    """The solution of third order, the slope at its end, and the estimate of the error."""
    k2 = f(t + 0.5 * h, y + 0.5 * h * k1, params)
    k3 = f(t + 0.75 * h, y + 0.75 * h * k2, params)
    y_new = y + h * (2 * k1 + 3 * k2 + 4 * k3) / 9
    k4 = f(t + h, y_new, params)
    error = h * (-5 * k1 / 72 + k2 / 12 + k3 / 9 - k4 / 8)
    return y_new, k4, error


def integrate(f, y, params, t0, t1, rtol=1e-3, atol=1e-4, max_steps=500):
    """y at t1, from y at t0; the step follows the error."""
    t, h = t0, 0.1 * (t1 - t0)
    k1 = f(t, y, params)
    rejected = 0
    for _ in range(max_steps):
        if t >= t1:
            break
        h = min(h, t1 - t)
        y_new, k_new, error = bogacki_shampine(f, t, y, k1, h, params)
        scale = atol + rtol * np.maximum(np.abs(y), np.abs(y_new))
        norm = np.sqrt(np.mean((error / scale) ** 2))
        if norm <= 1:
            t += h
            y, k1 = y_new, k_new
        else:
            rejected += 1
        if norm == 0:
            factor = GROW
        else:
            factor = min(GROW, max(SHRINK, SAFETY * norm ** (-1 / 3)))
        h *= factor
    else:
        raise RuntimeError("too many steps")
    return y, rejected


def adaptive_ode(y0, params, times, samples):
    """The sum of squares of what the model misses of the samples."""
    y, t = y0, 0.0
    misfit = 0.0
    for when, sample in zip(times, samples):
        y, rejected = integrate(oscillator, y, params, t, when)
        misfit += np.sum((y - sample) ** 2)
        t = when
    return misfit


EXAMPLE = dict(
    args=(
        np.array([1.2, 2.9]),
        np.array([1.0, 2.6]),
        (0.6, 1.5),
        np.array([[1.9, 1.9], [2.0, 1.3]]),
    ),
    wrt=("y0", "params"),
)

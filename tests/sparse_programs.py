"""Programs whose sparse Jacobian is tested: of every way in which an element of a result can depend on few others."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

N = 3
ORDER = np.array([2, 0, 1, 5, 4, 3])
SCALE = 1.5
WEIGHTS = np.array([0.5, -1.0, 2.0, 0.25, 1.5, -0.5])


# ---------------------------------------------------------------- element by element, bands
def elementwise(x):
    return np.sin(x) * np.exp(-(x**2))


def kinks(x):
    return np.maximum(x, 0.1) + np.abs(x - 0.3) + np.clip(x, -0.5, 0.5)


def masked(x):
    return np.where(x > 0.2, x**2, 3 * x) + np.where(x > 0, x[::-1], 0.0)


def chained(x):
    return 10 * (x[1:] - x[:-1] ** 2)


def rosenbrock_residual(x):
    return np.concatenate([10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]])


def heat_step(u, alpha):
    new = u.copy()
    new[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return new


def heat_steps(u, alpha, steps):
    for _ in range(steps):
        ahead = np.zeros_like(u)
        ahead[1:-1] = u[1:-1] + alpha * (u[2:] - 2 * u[1:-1] + u[:-2]) * (1 + 0.1 * u[1:-1] ** 2)
        u = ahead
    return u


def rolled(x):
    return x * np.roll(x, 1) - np.roll(x, -2)


def differences(x):
    return np.diff(x, n=2) ** 2


def bratu(u, rate):
    inner = 4 * u[1:-1, 1:-1] - u[:-2, 1:-1] - u[2:, 1:-1] - u[1:-1, :-2] - u[1:-1, 2:]
    return inner - rate * np.exp(u[1:-1, 1:-1])


def boxes(u):
    total = np.zeros((u.shape[0] - 2, u.shape[1] - 2))
    for i in range(3):
        for j in range(3):
            total += u[i : i + total.shape[0], j : j + total.shape[1]] ** (i + j + 1)
    return total


def transposed(u):
    return u.T * u.T[::-1]


def cumulative(x):
    return np.cumsum(x**2)


def convolved(x):
    return np.convolve(x**2, np.array([1.0, -2.0, 0.5]), mode="valid")


# ---------------------------------------------------------------- loops
def recurrence(x):
    y = np.zeros(len(x))
    for i in range(1, len(x)):
        y[i] = np.sin(x[i]) * x[i - 1]
    return y


def tridiagonal_loop(x):
    r = np.empty_like(x)
    n = len(x)
    for i in range(n):
        left = x[i - 1] if i > 0 else 0.0
        right = x[i + 1] if i < n - 1 else 0.0
        r[i] = (3 - 2 * x[i]) * x[i] - left - 2 * right + 1
    return r


def appended(x):
    out = []
    for i in range(len(x) - 2):
        out.append(x[i] * x[i + 2])
    return np.array(out)


def listed(x):
    return np.array([v * v for v in x])


def counted_while(x, n):
    y = np.zeros_like(x)
    i = 0
    while i < n:
        y[i] = x[i] * x[n - 1 - i]
        i += 1
    return y


def strided(x, step):
    y = np.zeros(len(x))
    for i in range(0, len(x), step):
        y[i] = x[i] ** 3
    return y


def early(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        if x[i] > 0.9:
            break
        y[i] = x[i] ** 2
    return y


# ---------------------------------------------------------------- branches on floats
def branches(x):
    y = np.zeros_like(x)
    for i in range(len(x) - 1):
        if x[i] > 0:
            y[i] = x[i] * x[i + 1]
        else:
            y[i] = x[0] - x[i]
    return y


def one_branch(x):
    if np.sum(x) > 0:
        return x**2
    return x * x[::-1]


def sorted_values(x):
    return np.sort(x) ** 2


def at_the_largest(x):
    k = np.argmax(x)
    return x[k] * x


def chosen_by_mask(x):
    return x[x > 0] ** 2


def put_by_mask(x):
    y = x.copy()
    y[x < 0] = 0.0
    return y * y


def rounded_index(x):
    y = np.zeros_like(x)
    for i in range(len(x)):
        y[i] = x[int(abs(x[i]) * 3) % len(x)] * x[i]
    return y


def newton_steps(x):
    y = 1 + x * x
    while np.max(np.abs(y * y - 2 - x * x)) > 1e-8:
        y = 0.5 * (y + (2 + x * x) / y)
    return y


# ---------------------------------------------------------------- indexes
def gathered(x, index):
    return x[index] * 2 + np.sin(x[index[::-1]])


def scattered(x, index, size):
    y = np.zeros(size)
    np.add.at(y, index, x**2)
    return y


def edges(x, start, end):
    return (x[start] - x[end]) ** 2


def permuted(x):
    return x[ORDER] * WEIGHTS


def first_n(x):
    return SCALE * x[:N] ** 2


def taken(x, index):
    return np.take(x, index, axis=0) ** 2


# ---------------------------------------------------------------- calls, objects, closures
def local_rule(a, b):
    if a > b:
        return a * b
    return np.sin(a)


def with_callee(x):
    y = np.zeros(len(x) - 1)
    for i in range(len(y)):
        y[i] = local_rule(x[i], x[i + 1])
    return y


def scale_in_place(part, factor):
    part *= factor


def callee_writes(x):
    y = x.copy()
    scale_in_place(y, x[0])
    return y


def half_of(x, start):
    if len(x) <= 1:
        return x * start
    middle = len(x) // 2
    return np.concatenate([half_of(x[:middle], start), half_of(x[middle:], start + 1)])


@dataclass
class Grid:
    width: float
    offset: int
    weights: np.ndarray


def on_grid(x, grid):
    return (x[grid.offset :] - x[: len(x) - grid.offset]) / grid.width * grid.weights[grid.offset :]


class Model:
    def __init__(self, lags, gain):
        self.lags = lags
        self.gain = gain

    def apply(self, x):
        y = np.zeros_like(x)
        for lag in self.lags:
            y[lag:] += self.gain * x[: len(x) - lag] ** 2
        return y


def by_model(x, model):
    return model.apply(x)


def settings(x, params):
    y = params["gain"] * x
    for k in params["shifts"]:
        y = y + np.roll(x, k) ** 2
    return y


Pair = namedtuple("Pair", "left right")


def in_pairs(x):
    pair = Pair(x[:3], x[3:])
    return pair.left * pair.right


def closure_of(shift, gain):
    def shifted(x):
        return gain * x * np.roll(x, shift)

    return shifted


# ---------------------------------------------------------------- writes in place
def sweeps(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] = y[i] - 0.5 * y[i - 1]
    return y


def views(x):
    y = np.zeros((3, len(x)))
    row = y[1]
    row[:] = x**2
    y[2, ::2] = x[::2]
    return y


def overwritten(x):
    y = x**2
    y[2] = 1.0
    y[0] = x[-1]
    return y


def argument_written(x):
    x[1:] *= x[0]
    return x


# ---------------------------------------------------------------- empty and full rows and columns, results and arguments
def arrowhead(x):
    return np.concatenate([[np.sum(x**2)], x[1:] * x[0]])


def dense_row(x):
    return np.concatenate([x**2, [np.sum(np.sin(x))]])


def unused(x):
    y = np.zeros(len(x) + 2)
    y[1] = x[0] ** 2
    return y


def constant_result(x):
    return np.ones(4) * len(x)


def total(x):
    return np.sum(x[1:] * x[:-1])


def several(x, w):
    return x[1:] * w, np.sum(x), w * x[0]


def two_arguments(x, y):
    return x * y[::-1] + x**2


def of_number(t):
    return np.array([np.sin(t), t**2, 1.0])


def matrices(rotations, points):
    return (rotations @ points[:, :, None])[:, :, 0]


def mixed_matrix(x, A):
    return A @ x


def dotted(x):
    return np.einsum("ij,ij->i", x, x)


def solved(x, A):
    return np.linalg.solve(A, x**2)


def transformed(x):
    return np.real(np.fft.ifft(np.fft.fft(x) * 2))


def in_complex(x):
    z = np.exp(1j * x)
    return np.real(z) * np.imag(z)


def guarded(x):
    if len(x) < 2:
        raise ValueError(f"too short: {len(x)}")
    with np.errstate(divide="ignore"):
        return np.log(x[1:] ** 2 + 1) * x[:-1]


def tried(x):
    try:
        return x[:3] / x[3:]
    except ZeroDivisionError:
        return x[:3]

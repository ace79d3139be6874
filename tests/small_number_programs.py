"""Programs of an argument ``x`` and a constant ``k`` of integers, truth values or numbers of few bits."""

from __future__ import annotations

from typing import Any

import numpy as np

W = np.array([0.7, -1.3, 2.1, 0.4, -0.9, 1.6])


# ---------------------------------------------------------------- products, in every order
def factor_in_front(x: Any, k: Any) -> Any:
    return np.sum(k * x**2)


def factors_around(x: Any, k: Any) -> Any:
    return np.sum(x**2 * 100 * k)


def number_behind(x: Any, k: Any) -> Any:
    return np.sum(k * x**2 * 200)


def number_in_brackets(x: Any, k: Any) -> Any:
    return np.sum(300 * (x**2 * k))


def negated(x: Any, k: Any) -> Any:
    return np.sum(-(x**2) * k)


def negated_outside(x: Any, k: Any) -> Any:
    return -np.sum(k * (-(x**3)))


def difference_before(x: Any, k: Any) -> Any:
    return np.sum((3 - x**2) * k)


def difference_behind(x: Any, k: Any) -> Any:
    return np.sum(x - x**2 * k * 2)


def twice(x: Any, k: Any) -> Any:
    return np.sum(x**2 * k * k)


def twice_apart(x: Any, k: Any) -> Any:
    return np.sum((x * k) * (x * k))


def thrice(x: Any, k: Any) -> Any:
    return np.sum(k * (k * x) ** 2)


def square_of_product(x: Any, k: Any) -> Any:
    return np.sum(np.square(k * x) * 0.5)


def square_times(x: Any, k: Any) -> Any:
    return np.sum(np.square(x) * k * W)


def sum_squared(x: Any, k: Any) -> Any:
    return np.sum((x + k) ** 2 * k)


def difference_squared(x: Any, k: Any) -> Any:
    return np.sum((x - k) ** 2)


def difference_cubed(x: Any, k: Any) -> Any:
    return np.sum((k - x) ** 3)


def quotient(x: Any, k: Any) -> Any:
    return np.sum(k / x)


def quotients(x: Any, k: Any) -> Any:
    return np.sum(100 * (k / x) * k)


def divided(x: Any, k: Any) -> Any:
    return np.sum(x**2 / k)


def divided_twice(x: Any, k: Any) -> Any:
    return np.sum(x**2 / k / k)


def cancelled(x: Any, k: Any) -> Any:
    return np.sum(x**2 * k / 3 * 3)


def product_below(x: Any, k: Any) -> Any:
    return np.sum(k / (x * k))


def affine(x: Any, k: Any) -> Any:
    return np.sum(k * 2.0 - x**2 * k * 2.0)


def large(x: Any, k: Any) -> Any:
    return np.sum(x**2 * 1e5 * k)


def third(x: Any, k: Any) -> Any:
    return np.sum(x**2 / 3.0 * 7.0 * k)


def one_of_them(x: Any, k: Any) -> Any:
    return np.sum(x**2 * k[4] * k[2])


def element_by_element(x: Any, k: Any) -> Any:
    s = 0.0
    for i in range(6):
        s -= x[i] ** 2 * k[i] * 3
    return s


def multiple_of_a_length(x: Any, k: Any) -> Any:
    return len(k) * np.sum(x**2 * k)


def number_times_sum(x: Any, k: Any) -> Any:
    return 200 * np.sum(k * x**2) * 3


def masked(x: Any, k: Any) -> Any:
    return np.sum(np.where(x > 1, x**2, -(x**3)) * k)


def truth_as_factor(x: Any, k: Any) -> Any:
    return np.sum((x > 1) * x**2 * k)


# ---------------------------------------------------------------- functions of both
def angle(x: Any, k: Any) -> Any:
    return np.sum(np.arctan2(k, x) * W)


def angle_turned(x: Any, k: Any) -> Any:
    return np.sum(np.arctan2(x, k) * W)


def length(x: Any, k: Any) -> Any:
    return np.sum(np.hypot(x, k))


def log_of_sum(x: Any, k: Any) -> Any:
    return np.sum(np.logaddexp(x, k * 0.01))


def exponential(x: Any, k: Any) -> Any:
    return np.sum(k ** (x * 0.1))


def power(x: Any, k: Any) -> Any:
    return np.sum(np.power(k, x * 0.1) * W)


def exponent(x: Any, k: Any) -> Any:
    return np.sum(x ** (k * 0.01))


def small_exponent(x: Any, k: Any) -> Any:
    return np.sum(x ** (k[:3] % 4).sum() * W) + np.sum(x[0] ** (k == 2))


def exponent_array(x: Any, k: Any) -> Any:
    return np.sum((x / 2) ** k)


def float_power(x: Any, k: Any) -> Any:
    return np.sum(np.float_power(k, x * 0.1))


def sines(x: Any, k: Any) -> Any:
    return np.sum(np.sin(0.001 * x * k) * k)


def log1p(x: Any, k: Any) -> Any:
    return np.sum(np.log1p(x**2 * k))


def decay(x: Any, k: Any) -> Any:
    return np.sum(np.exp(-x * k * 0.001) * k)


def remainder(x: Any, k: Any) -> Any:
    return np.sum((x**2 * 10) % k)


def larger(x: Any, k: Any) -> Any:
    return np.sum(np.maximum(x**2 * 30, k) * k)


def clipped(x: Any, k: Any) -> Any:
    return np.sum(np.clip(x**2 * 30, 0, k) * W)


def interpolated(x: Any, k: Any) -> Any:
    return np.sum(np.interp(x**2, np.arange(6), k) * W)


def places(x: Any, k: Any) -> Any:
    return np.sum(np.interp(2.5, np.arange(6.0), x**2 * k))


# ---------------------------------------------------------------- reductions, products of arrays, shapes
def mean(x: Any, k: Any) -> Any:
    return np.mean(x**2 * k) * np.sum(x)


def scalar_product(x: Any, k: Any) -> Any:
    return k @ (x**2 * 100)


def dot(x: Any, k: Any) -> Any:
    return np.dot(x**2 * k, k)


def inner(x: Any, k: Any) -> Any:
    return np.inner(x, k) ** 2


def outer(x: Any, k: Any) -> Any:
    return np.sum(np.outer(x**2, x) * k * k[:, None])


def outer_squared(x: Any, k: Any) -> Any:
    return np.sum(np.outer(x, k) ** 2)


def matrices(x: Any, k: Any) -> Any:
    a = x.reshape(2, 3)
    return np.sum((a @ a.T) * k[:4].reshape(2, 2)) - np.sum((a.T @ a) * k[:3])


def einsum(x: Any, k: Any) -> Any:
    return np.einsum("i,j->", x**2 * 200, k)


def running_sum(x: Any, k: Any) -> Any:
    return np.sum(np.cumsum(x**2) * k)


def differences(x: Any, k: Any) -> Any:
    return np.sum(np.diff(x**2) * k[1:])


def convolved(x: Any, k: Any) -> Any:
    return np.sum(np.convolve(x**2, k) ** 2) * 1e-3


def correlated(x: Any, k: Any) -> Any:
    return np.sum(np.correlate(x**2, k, "full"))


def weights(x: Any, k: Any) -> Any:
    return np.average(x**2, weights=k)


def polynomial(x: Any, k: Any) -> Any:
    return np.sum(np.polyval(k[:4], x))


def polynomial_of(x: Any, k: Any) -> Any:
    return np.polyval(x, k[4])


def spread(x: Any, k: Any) -> Any:
    return np.var(x * k)


def norm(x: Any, k: Any) -> Any:
    return np.linalg.norm(x * k) + np.linalg.norm(x - k)


def solved(x: Any, k: Any) -> Any:
    return np.sum(np.linalg.solve(np.eye(6) * 3, x**2) * k)


def sorted_times(x: Any, k: Any) -> Any:
    return np.sum(np.sort(x**2) * k) - np.sum(x * k)


def integral(x: Any, k: Any) -> Any:
    return np.trapezoid(k * x**2) + np.trapezoid(x**2, np.arange(6))


def rolled(x: Any, k: Any) -> Any:
    return np.sum(np.roll(x, k[1]) ** 2 * W)


def repeated(x: Any, k: Any) -> Any:
    return np.sum(np.tile(x**2, 3) * np.tile(k, 3)) + np.sum(np.broadcast_to(x**2, (300, 6)) * k)


# ---------------------------------------------------------------- writes, loops, calls
def written(x: Any, k: Any) -> Any:
    y = x**2
    for i in range(1, 4):
        y[i] += y[i - 1] * x[0]
    return np.sum(y * k)


def written_in_parts(x: Any, k: Any) -> Any:
    y = x**2
    y[1:] -= 0.5 * y[:-1]
    return y @ k


def scaled_in_place(x: Any, k: Any) -> Any:
    y = x**2
    y *= k
    y[::2] /= 3
    return np.sum(y * y)


def again_and_again(x: Any, k: Any) -> Any:
    y = x
    for _ in range(3):
        y = y * k * 0.01 - x
    return np.sum(y)


def shifted(y: Any, n: int) -> Any:
    for _ in range(n):
        y = y - 0.5 * np.roll(y, 1)
    return y


def called(x: Any, k: Any) -> Any:
    return np.sum(shifted(x**2, 3) * k)


def turned(y: Any) -> Any:
    z = y.copy()
    z[1:] -= 0.3 * y[:-1]
    return -z


def called_and_turned(x: Any, k: Any) -> Any:
    return np.sum(turned(x**2) * k)


def weighted(y: Any, k: Any, n: int) -> Any:
    total = 0.0
    for i in range(n):
        if y[i] > -1e9:
            total = total + y[i] ** 2 * k[i]
    return total


def constant_in_a_helper(x: Any, k: Any) -> Any:
    return 3 * weighted(x, k, 6) - weighted(x[::-1], k, 4) * 200


def from_a_list(x: Any, k: Any) -> Any:
    held = [k, k]
    return np.sum(-(x**2 * 100) * held[1] * held[0])


# ---------------------------------------------------------------- element by element
def each_product(x: Any, k: Any) -> Any:
    return -(x**2) * k


def each_difference(x: Any, k: Any) -> Any:
    return (3 - x**2) * k * k


def each_loop(x: Any, k: Any) -> Any:
    y = x**2
    for _ in range(3):
        y = y * k - x
    return y


def each_angle(x: Any, k: Any) -> Any:
    return np.arctan2(k, x) * k * 100


EACH = (each_product, each_difference, each_loop, each_angle)
POSITIVE = frozenset(
    "exponential power float_power divided divided_twice product_below log1p quotients remainder weights".split()
)
COUNTS = frozenset({"rolled", "small_exponent", "exponent_array"})  # of which large numbers would not be numbers
HELPERS = frozenset({"shifted", "turned", "weighted"})

"""Polynomials by their coefficients, the highest power first."""

import numpy as np

from backprose.rules.registry import adjoint, linear, real_only, several, tangent, views
from backprose.support import checked, fitted, recurrence, untake


@adjoint(np.polyval)
def polyval(p, x, *, out_bar):
    """The powers of x to the coefficients, the derivative to x."""
    powers = np.vander(np.ravel(x), len(p))
    slope = np.polyval(np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1), x)
    return np.ravel(out_bar) @ powers, out_bar * slope


@tangent(np.polyval)
def polyval_dot(p, x, *, p_dot, x_dot):
    slope = np.polyval(np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1), x)
    return np.polyval(p_dot, x), slope * x_dot


@adjoint(np.vander)
def vander(x, N=None, increasing=False, *, out, out_bar):
    """The column of x^k has the slope k x^(k - 1)."""
    count = np.shape(out)[1]
    power = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    slope = np.where(power == 0, 0, power * np.expand_dims(x, -1) ** np.maximum(power - 1, 0))
    return np.sum(out_bar * slope, axis=1)


@tangent(np.vander)
def vander_dot(x, N=None, increasing=False, *, out, x_dot):
    count = np.shape(out)[1]
    power = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    slope = np.where(power == 0, 0, power * np.expand_dims(x, -1) ** np.maximum(power - 1, 0))
    return slope * np.expand_dims(x_dot, -1)


@linear(np.polyadd, active=("a1", "a2"))
def polyadd(a1, a2, *, out_bar):
    """The shorter one has its powers at the end."""
    first = out_bar[np.size(out_bar) - np.size(a1) :]
    return np.reshape(first, np.shape(a1)), np.reshape(out_bar[np.size(out_bar) - np.size(a2) :], np.shape(a2))


@linear(np.polysub, active=("a1", "a2"))
def polysub(a1, a2, *, out_bar):
    first = out_bar[np.size(out_bar) - np.size(a1) :]
    return np.reshape(first, np.shape(a1)), np.reshape(-out_bar[np.size(out_bar) - np.size(a2) :], np.shape(a2))


@adjoint(np.polymul)
def polymul(a1, a2, *, out_bar):
    """As convolve; of zeros in front nothing comes out."""
    whole = np.pad(out_bar, (np.size(a1) + np.size(a2) - 1 - np.size(out_bar), 0))
    a1_bar = np.convolve(whole, np.flip(np.ravel(a2)), "valid")[: np.size(a1)]
    a2_bar = np.convolve(whole, np.flip(np.ravel(a1)), "valid")[: np.size(a2)]
    return np.reshape(a1_bar, np.shape(a1)), np.reshape(a2_bar, np.shape(a2))


@tangent(np.polymul)
def polymul_dot(a1, a2, *, out, a1_dot, a2_dot):
    first = np.convolve(np.ravel(a1_dot), np.ravel(a2))
    second = np.convolve(np.ravel(a1), np.ravel(a2_dot))
    return first[np.size(first) - np.size(out) :], second[np.size(second) - np.size(out) :]


@adjoint(np.polydiv)
def polydiv(u, v, *, out, out_bar):
    """With the matrix M that multiplies by v: its first rows, a triangle, give the quotient q, and u - M q the rest."""
    if np.ndim(u) != 1 or np.ndim(v) != 1:
        raise NotImplementedError("the coefficients are vectors")
    count = max(len(u) - len(v) + 1, 0)
    lag = np.expand_dims(np.arange(len(u)), -1) - np.arange(count)
    inside = np.logical_and(lag >= 0, lag < len(v))
    matrix = np.where(inside, np.take(v, np.clip(lag, 0, len(v) - 1)), 0)
    q_bar = np.zeros_like(out[0]) if out_bar[0] is None else out_bar[0]
    rest_bar = np.zeros(len(u) - count)
    if out_bar[1] is not None:
        whole = len(out[1]) == max(len(u) - count, 1)
        r_bar = checked(out_bar[1], whole, "the remainder has lost zeros in front, which need not stay zeros")
        rest_bar = np.concatenate((np.zeros(len(u) - len(out[1])), r_bar))[count:]
    first_bar = np.linalg.solve(matrix[:count].T, q_bar[:count] - matrix[count:].T @ rest_bar)
    u_bar = np.concatenate((first_bar, rest_bar))
    places = np.expand_dims(np.arange(len(v)), -1) + np.arange(count)
    return u_bar, -(np.take(u_bar, places) @ out[0][:count])


@tangent(np.polydiv)
def polydiv_dot(u, v, *, out, u_dot, v_dot):
    if np.ndim(u) != 1 or np.ndim(v) != 1:
        raise NotImplementedError("the coefficients are vectors")
    count = max(len(u) - len(v) + 1, 0)
    lag = np.expand_dims(np.arange(len(u)), -1) - np.arange(count)
    inside = np.logical_and(lag >= 0, lag < len(v))
    matrix = np.where(inside, np.take(v, np.clip(lag, 0, len(v) - 1)), 0)
    turned = np.take(np.zeros_like(v) + v_dot, np.clip(lag, 0, len(v) - 1))
    moved = np.zeros_like(u) + u_dot - np.where(inside, turned, 0) @ out[0][:count]
    whole = len(out[1]) == max(len(u) - count, 1)
    front = checked(np.zeros(len(out[1])), whole, "the remainder has lost zeros in front, which need not stay zeros")
    q_dot = np.linalg.solve(matrix[:count], moved[:count])
    r_dot = np.concatenate((front, moved[count:] - matrix[count:] @ q_dot))[-len(out[1]) :]
    return np.concatenate((q_dot, np.zeros(len(out[0]) - count))), r_dot


several(np.polydiv, results=2)


@linear(np.polyder)
def polyder(p, m=1, *, out_bar):
    """Each coefficient times its power, which the derivative of ones shows."""
    return fitted(out_bar * np.polyder(np.ones(len(p)), m), p, -1)


@linear(np.polyint)
def polyint(p, m=1, *, out_bar):
    """Each coefficient over its new power, which the integral of ones shows."""
    return out_bar[: len(p)] * np.polyint(np.ones(len(p)), m)[: len(p)]


@adjoint(np.polyfit, active=("x", "y"))
def polyfit(x, y, deg, *, out, out_bar):
    """P = V^+ y, with the powers V of x: y_bar = V^+T p_bar; x moves the powers (Golub and Pereyra 1973)."""
    powers = np.vander(x, deg + 1)
    inverse = np.linalg.pinv(powers)
    y_bar = inverse.T @ out_bar
    turned = inverse @ y_bar
    slopes = np.vander(x, deg) * np.arange(deg, 0, -1)
    x_bar = (y - powers @ out) * (slopes @ turned[:-1]) - powers @ turned * (slopes @ out[:-1])
    return x_bar if np.ndim(y) == 1 else np.sum(x_bar, axis=1), y_bar


@tangent(np.polyfit)
def polyfit_dot(x, y, deg, *, out, x_dot, y_dot):
    powers = np.vander(x, deg + 1)
    inverse = np.linalg.pinv(powers)
    slopes = np.vander(x, deg) * np.arange(deg, 0, -1)
    moves = np.concatenate((np.expand_dims(x_dot, -1) * slopes, np.zeros((len(x), 1))), axis=1)
    rest = moves.T @ (y - powers @ out)
    return inverse @ inverse.T @ rest - inverse @ (moves @ out), inverse @ y_dot


real_only(np.polyfit, np.polymul)
views(np.polyder, np.polyint, where=("m", 0))


@adjoint(np.poly)
def poly(seq_of_zeros, *, out, out_bar):
    """The slope along a zero is less the product of the other factors: the quotient, by Horner's scheme."""
    if np.ndim(seq_of_zeros) != 1:
        raise NotImplementedError("the characteristic polynomial of a matrix is not covered")
    count = len(seq_of_zeros)
    zeros = np.broadcast_to(np.expand_dims(seq_of_zeros, -1), (count, count))
    return -(recurrence(np.broadcast_to(out[:-1], (count, count)), zeros) @ out_bar[1:])


@tangent(np.poly)
def poly_dot(seq_of_zeros, *, out, seq_of_zeros_dot):
    if np.ndim(seq_of_zeros) != 1:
        raise NotImplementedError("the characteristic polynomial of a matrix is not covered")
    count = len(seq_of_zeros)
    zeros = np.broadcast_to(np.expand_dims(seq_of_zeros, -1), (count, count))
    others = recurrence(np.broadcast_to(out[:-1], (count, count)), zeros)
    return np.concatenate((np.zeros(1), -(seq_of_zeros_dot @ others)))


@linear(np.trim_zeros)
def trim_zeros(filt, trim="fb", *, out_bar):
    """What is left begins at the first number that is not 0."""
    if trim == "b":
        return fitted(out_bar, filt, -1)
    if trim in ("f", "fb"):
        return untake(out_bar, np.argmax(np.not_equal(filt, 0)) + np.arange(len(out_bar)), filt)
    raise NotImplementedError("write trim as 'f', 'b' or 'fb'")


views(np.trim_zeros)
real_only(np.poly)


@adjoint(np.roots)
def roots(p, *, out, out_bar):
    """p(z) = 0: the coefficient of z^k moves a simple root by -z^k / p'(z)."""
    if np.ndim(p) != 1:
        raise NotImplementedError("the coefficients are a vector")
    slope = np.polyval(np.polyder(p), out)
    return -((out_bar / slope) @ np.vander(out, len(p)))


@tangent(np.roots)
def roots_dot(p, *, out, p_dot):
    if np.ndim(p) != 1:
        raise NotImplementedError("the coefficients are a vector")
    return -np.polyval(p_dot, out) / np.polyval(np.polyder(p), out)

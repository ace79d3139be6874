"""Eigenvalues and vectors of matrices that are not symmetric.

Giles, "Collected matrix derivative results" (2008), 3.1; for what LAPACK's norm takes away of the vectors' derivative
(columns of length 1, with their largest component real) Boeddeker, Hanebrink, Drude, Heymann and Haeb-Umbach, "On the
computation of complex-valued gradients with application to statistically optimum beamforming", arXiv:1701.00392.
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import Form, adjoint, several, tangent

VALUES = Form(linalg.eig, "right", 3, False)
BOTH_SIDES = Form(linalg.eig, "left", 2, True)


@adjoint(linalg.eig, active=("a",))
def eig(a, b=None, left=False, right=True, *, check_finite=True, out, out_bar):
    """A V = V diag(w): dw and C are the diagonal of T = V^-1 dA V and the rest of it, over w_j - w_i; then V C."""
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eig(linalg.solve(b, a))")
    v = out[1]
    v_t = np.swapaxes(v, -1, -2)
    if out_bar[1] is None:
        return np.linalg.solve(v_t, np.expand_dims(out_bar[0], -1) * v_t)
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
    length = np.sum(out_bar[1] * v, axis=-2, keepdims=True)
    phase = np.where(np.expand_dims(np.arange(np.shape(a)[-1]), -1) == largest, (length - np.conj(length)) / 2, 0)
    free = out_bar[1] - np.real(length) * np.conj(v) - phase / np.take_along_axis(v, largest, -2)
    turns = np.where(same, 0, np.divide(v_t @ free, apart))
    if out_bar[0] is not None:
        turns = turns + np.where(same, np.expand_dims(out_bar[0], -1), 0)
    return np.linalg.solve(v_t, turns @ v_t)


@tangent(linalg.eig)
def eig_dot(a, b=None, left=False, right=True, *, check_finite=True, out, a_dot):
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eig(linalg.solve(b, a))")
    v = out[1]
    turned = np.linalg.solve(v, a_dot @ v)
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    free = v @ np.where(same, 0, np.divide(turned, apart))
    largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
    turn = np.take_along_axis(free, largest, -2) / np.take_along_axis(v, largest, -2)
    length = np.sum(np.real(np.conj(v) * free), axis=-2, keepdims=True)
    return np.diagonal(turned, 0, -2, -1), free - v * (length + (turn - np.conj(turn)) / 2)


several(linalg.eig, results=2)


@adjoint(BOTH_SIDES, active=("a",))
def eig_both(a, b=None, left=False, right=True, *, check_finite=True, out, out_bar):
    """The left vectors U are those of the conjugate transpose, whose values are conj(w)."""
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eig(linalg.solve(b, a), left=True)")
    same = np.eye(np.shape(a)[-1], dtype=bool)
    rows = np.expand_dims(np.arange(np.shape(a)[-1]), -1)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    v_t = np.swapaxes(out[2], -1, -2)
    turns = np.where(same, 0 if out_bar[0] is None else np.expand_dims(out_bar[0], -1), 0)
    if out_bar[2] is not None:
        v = out[2]
        largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
        length = np.sum(out_bar[2] * v, axis=-2, keepdims=True)
        phase = np.where(rows == largest, (length - np.conj(length)) / 2, 0)
        free = out_bar[2] - np.real(length) * np.conj(v) - phase / np.take_along_axis(v, largest, -2)
        turns = turns + np.where(same, 0, np.divide(v_t @ free, apart))
    a_bar = np.linalg.solve(v_t, turns @ v_t)
    if out_bar[1] is not None:
        u = out[1]
        u_t = np.swapaxes(u, -1, -2)
        first = np.argmax(np.where(np.imag(u) == 0, np.abs(u), 0), axis=-2, keepdims=True)
        left_length = np.sum(out_bar[1] * u, axis=-2, keepdims=True)
        left_phase = np.where(rows == first, (left_length - np.conj(left_length)) / 2, 0)
        left_free = out_bar[1] - np.real(left_length) * np.conj(u) - left_phase / np.take_along_axis(u, first, -2)
        left_turns = np.where(same, 0, np.divide(u_t @ left_free, np.conj(apart)))
        a_bar = a_bar + np.conj(np.swapaxes(np.linalg.solve(u_t, left_turns @ u_t), -1, -2))
    return a_bar


@tangent(BOTH_SIDES)
def eig_both_dot(a, b=None, left=False, right=True, *, check_finite=True, out, a_dot):
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eig(linalg.solve(b, a), left=True)")
    u = out[1]
    v = out[2]
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    turned = np.linalg.solve(v, a_dot @ v)
    free = v @ np.where(same, 0, np.divide(turned, apart))
    largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
    turn = np.take_along_axis(free, largest, -2) / np.take_along_axis(v, largest, -2)
    length = np.sum(np.real(np.conj(v) * free), axis=-2, keepdims=True)
    v_dot = free - v * (length + (turn - np.conj(turn)) / 2)
    left_turned = np.linalg.solve(u, np.conj(np.swapaxes(a_dot, -1, -2)) @ u)
    left_free = u @ np.where(same, 0, np.divide(left_turned, np.conj(apart)))
    first = np.argmax(np.where(np.imag(u) == 0, np.abs(u), 0), axis=-2, keepdims=True)
    left_turn = np.take_along_axis(left_free, first, -2) / np.take_along_axis(u, first, -2)
    left_length = np.sum(np.real(np.conj(u) * left_free), axis=-2, keepdims=True)
    u_dot = left_free - u * (left_length + (left_turn - np.conj(left_turn)) / 2)
    return np.diagonal(turned, 0, -2, -1), u_dot, v_dot


several(BOTH_SIDES, results=3)


@adjoint(VALUES, active=("a",))
def eig_values(a, b=None, left=False, right=True, *, check_finite=True, out, out_bar):
    """As eigvals."""
    if b is not None or left:
        raise NotImplementedError("the values alone are those of one matrix: write linalg.eigvals(a)")
    parts = linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    v_t = np.swapaxes(parts[1], -1, -2)
    return np.linalg.solve(v_t, np.expand_dims(np.take_along_axis(out_bar, places, -1), -1) * v_t)


@tangent(VALUES)
def eig_values_dot(a, b=None, left=False, right=True, *, check_finite=True, out, a_dot):
    if b is not None or left:
        raise NotImplementedError("the values alone are those of one matrix: write linalg.eigvals(a)")
    parts = linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    turned = np.diagonal(np.linalg.solve(parts[1], a_dot @ parts[1]), 0, -2, -1)
    here = np.expand_dims(places, -1) == np.arange(np.shape(a)[-1])
    return np.sum(np.where(here, np.expand_dims(turned, -1), 0), axis=-2)


@adjoint(linalg.eigvals, active=("a",))
def eigvals(a, b=None, *, check_finite=True, out, out_bar):
    """As the values of eig, whose order may be another one: each is the nearest."""
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eigvals(linalg.solve(b, a))")
    parts = linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    v_t = np.swapaxes(parts[1], -1, -2)
    return np.linalg.solve(v_t, np.expand_dims(np.take_along_axis(out_bar, places, -1), -1) * v_t)


@tangent(linalg.eigvals)
def eigvals_dot(a, b=None, *, check_finite=True, out, a_dot):
    if b is not None:
        raise NotImplementedError("of two matrices it is not covered: write linalg.eigvals(linalg.solve(b, a))")
    parts = linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    turned = np.diagonal(np.linalg.solve(parts[1], a_dot @ parts[1]), 0, -2, -1)
    here = np.expand_dims(places, -1) == np.arange(np.shape(a)[-1])
    return np.sum(np.where(here, np.expand_dims(turned, -1), 0), axis=-2)

"""Functions along an axis: sums of exponentials and what is made of them.

Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions" (2021).
"""

import numpy as np
from scipy import special

from backprose.rules.registry import Form, adjoint, several, tangent
from backprose.support import unbroadcast


@adjoint(special.logsumexp, active=("a", "b"))
def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False, *, out, out_bar):
    """Of log(sum(b exp(a))) the terms over the sum: the softmax where b is left out."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    part = np.exp(a - (out if flat else np.expand_dims(out, axis))) * bar
    if b is None:
        return part, 0.0
    return unbroadcast(b * part, a), unbroadcast(part, b)


@tangent(special.logsumexp)
def logsumexp_dot(a, axis=None, b=None, keepdims=False, return_sign=False, *, out, a_dot, b_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    part = np.exp(a - (out if flat else np.expand_dims(out, axis)))
    if b is None:
        return np.sum(part * a_dot, axis=axis, keepdims=keepdims), 0.0
    a_term = np.sum(b * part * a_dot, axis=axis, keepdims=keepdims)
    return a_term, np.sum(part * b_dot, axis=axis, keepdims=keepdims)


SIGNED = Form(special.logsumexp, "return_sign", 4, True)


@adjoint(SIGNED, active=("a", "b"))
def logsumexp_signed(a, axis=None, b=None, keepdims=False, return_sign=False, *, out, out_bar):
    """log(|sum(b exp(a))|), and the sign, which is constant in steps."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    if out_bar[0] is None:
        return np.zeros_like(a), 0.0 if b is None else np.zeros_like(b)
    value = out[0] if flat else np.expand_dims(out[0], axis)
    sign = out[1] if flat else np.expand_dims(out[1], axis)
    bar = out_bar[0] if flat else np.expand_dims(out_bar[0], axis)
    part = sign * np.exp(a - value) * bar
    if b is None:
        return part, 0.0
    return unbroadcast(b * part, a), unbroadcast(part, b)


@tangent(SIGNED)
def logsumexp_signed_dot(a, axis=None, b=None, keepdims=False, return_sign=False, *, out, a_dot, b_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    sign = out[1] if flat else np.expand_dims(out[1], axis)
    part = sign * np.exp(a - (out[0] if flat else np.expand_dims(out[0], axis)))
    if b is None:
        return np.sum(part * a_dot, axis=axis, keepdims=keepdims), np.zeros_like(out[1])
    moved = part * (b * a_dot + b_dot)
    return np.sum(moved, axis=axis, keepdims=keepdims), np.zeros_like(out[1])


several(SIGNED, results=2)


@adjoint(special.softmax)
def softmax(x, axis=None, *, out, out_bar):
    """diag(s) - s s^T, which is symmetric."""
    part = out * out_bar
    return part - out * np.sum(part, axis=axis, keepdims=True)


@tangent(special.softmax)
def softmax_dot(x, axis=None, *, out, x_dot):
    part = out * x_dot
    return part - out * np.sum(part, axis=axis, keepdims=True)


@adjoint(special.log_softmax)
def log_softmax(x, axis=None, *, out, out_bar):
    """1 - 1 s^T, transposed."""
    return out_bar - np.exp(out) * np.sum(out_bar, axis=axis, keepdims=True)


@tangent(special.log_softmax)
def log_softmax_dot(x, axis=None, *, out, x_dot):
    return x_dot - np.sum(np.exp(out) * x_dot, axis=axis, keepdims=True)

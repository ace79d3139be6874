"""Products of vectors and matrices."""

import operator

import numpy as np

from backprose.rules.registry import adjoint, linear, tangent
from backprose.support import unbroadcast


@adjoint(np.matmul, operator.matmul)
def matmul(x1, x2, *, out_bar):
    """C = A B: A_bar = C_bar B^T, B_bar = A^T C_bar (Giles 2008, 2.2.2); axes in front are broadcast."""
    if np.ndim(x1) == 2 and np.ndim(x2) == 2:
        cotangents = out_bar @ x2.T, x1.T @ out_bar
    elif np.ndim(x1) == 1 and np.ndim(x2) == 1:
        cotangents = out_bar * x2, out_bar * x1
    elif np.ndim(x1) == 2 and np.ndim(x2) == 1:
        cotangents = np.outer(out_bar, x2), x1.T @ out_bar
    elif np.ndim(x1) == 1 and np.ndim(x2) == 2:
        cotangents = x2 @ out_bar, np.outer(x1, out_bar)
    elif np.ndim(x1) == 1:
        line = np.expand_dims(out_bar, -1)
        cotangents = unbroadcast((x2 @ line)[..., 0], x1), x1[:, None] * np.expand_dims(out_bar, -2)
    elif np.ndim(x2) == 1:
        line = np.expand_dims(out_bar, -1)
        cotangents = line * x2, unbroadcast((np.swapaxes(x1, -1, -2) @ line)[..., 0], x2)
    else:
        x1_bar = unbroadcast(out_bar @ np.swapaxes(x2, -1, -2), x1)
        cotangents = x1_bar, unbroadcast(np.swapaxes(x1, -1, -2) @ out_bar, x2)
    return cotangents


@tangent(np.matmul)
def matmul_dot(x1, x2, *, x1_dot, x2_dot):
    return x1_dot @ x2, x1 @ x2_dot


@adjoint(np.dot, np.ndarray.dot)
def dot(a, b, *, out_bar):
    """As matmul up to two axes; beyond, the last axis of a against the last but one of b."""
    if np.ndim(a) == 0 and np.ndim(b) == 0:
        cotangents = out_bar * b, out_bar * a
    elif np.ndim(a) == 0:
        cotangents = np.sum(out_bar * b), out_bar * a
    elif np.ndim(b) == 0:
        cotangents = out_bar * b, np.sum(out_bar * a)
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        cotangents = out_bar @ b.T, a.T @ out_bar
    elif np.ndim(a) == 1 and np.ndim(b) == 1:
        cotangents = out_bar * b, out_bar * a
    elif np.ndim(a) == 2 and np.ndim(b) == 1:
        cotangents = np.outer(out_bar, b), a.T @ out_bar
    elif np.ndim(a) == 1 and np.ndim(b) == 2:
        cotangents = b @ out_bar, np.outer(a, out_bar)
    elif np.ndim(b) == 1:
        rows = np.reshape(a, (np.size(out_bar), len(b)))
        cotangents = np.expand_dims(out_bar, -1) * b, np.ravel(out_bar) @ rows
    else:
        turned = np.swapaxes(b, -1, -2)
        length = np.shape(a)[-1]
        left = np.reshape(a, (np.size(a) // max(length, 1), length))
        right = np.reshape(turned, (np.size(b) // max(length, 1), length))
        pairs = np.reshape(out_bar, (len(left), len(right)))
        right_bar = np.reshape(pairs.T @ left, np.shape(turned))
        cotangents = np.reshape(pairs @ right, np.shape(a)), np.swapaxes(right_bar, -1, -2)
    return cotangents


@tangent(np.dot)
def dot_dot(a, b, *, a_dot, b_dot):
    return np.dot(a_dot, b), np.dot(a, b_dot)


@adjoint(np.inner)
def inner(a, b, *, out_bar):
    """The last axis of a against the last of b."""
    if np.ndim(a) == 0 and np.ndim(b) == 0:
        cotangents = out_bar * b, out_bar * a
    elif np.ndim(a) == 0:
        cotangents = np.sum(out_bar * b), out_bar * a
    elif np.ndim(b) == 0:
        cotangents = out_bar * b, np.sum(out_bar * a)
    elif np.ndim(a) == 1 and np.ndim(b) == 1:
        cotangents = out_bar * b, out_bar * a
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        cotangents = out_bar @ b, out_bar.T @ a
    else:
        length = np.shape(a)[-1]
        left = np.reshape(a, (np.size(a) // max(length, 1), length))
        right = np.reshape(b, (np.size(b) // max(length, 1), length))
        pairs = np.reshape(out_bar, (len(left), len(right)))
        cotangents = np.reshape(pairs @ right, np.shape(a)), np.reshape(pairs.T @ left, np.shape(b))
    return cotangents


@tangent(np.inner)
def inner_dot(a, b, *, a_dot, b_dot):
    return np.inner(a_dot, b), np.inner(a, b_dot)


@adjoint(np.outer)
def outer(a, b, *, out_bar):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        cotangents = out_bar @ b, a @ out_bar
    else:
        a_bar = np.reshape(out_bar @ np.ravel(b), np.shape(a))
        cotangents = a_bar, np.reshape(np.ravel(a) @ out_bar, np.shape(b))
    return cotangents


@tangent(np.outer)
def outer_dot(a, b, *, a_dot, b_dot):
    return np.outer(a_dot, b), np.outer(a, b_dot)


@adjoint(np.vdot)
def vdot(a, b, *, out_bar):
    """The operands as vectors (real ones)."""
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        cotangents = out_bar * b, out_bar * a
    else:
        cotangents = out_bar * np.reshape(b, np.shape(a)), out_bar * np.reshape(a, np.shape(b))
    return cotangents


@tangent(np.vdot)
def vdot_dot(a, b, *, a_dot, b_dot):
    return np.vdot(a_dot, b), np.vdot(a, b_dot)


@linear(np.trace, np.ndarray.trace)
def trace(a, offset=0, axis1=0, axis2=1, *, out_bar):
    diagonal = np.eye(np.shape(a)[axis1], np.shape(a)[axis2], offset)
    if np.ndim(a) == 2 and axis1 == 0 and axis2 == 1:
        a_bar = out_bar * diagonal
    else:
        a_bar = np.moveaxis(np.expand_dims(out_bar, (-2, -1)) * diagonal, (-2, -1), (axis1, axis2))
    return a_bar

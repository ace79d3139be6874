"""Products of vectors and matrices."""

import operator

import numpy as np

from backprose.rules.registry import adjoint, linear, tangent, views
from backprose.support import blocks_apart, einsum_part, tensordot_left, tensordot_right, unbroadcast, uncross


@adjoint(np.matmul, operator.matmul, np.linalg.matmul)
def matmul(x1, x2, *, out_bar):
    """C = A B: A_bar = C_bar B^T, B_bar = A^T C_bar (Giles 2008, 2.2.2); axes in front are broadcast."""
    if np.ndim(x1) == 2 and np.ndim(x2) == 2:
        return out_bar @ x2.T, x1.T @ out_bar
    if np.ndim(x1) == 1 and np.ndim(x2) == 1:
        return out_bar * x2, out_bar * x1
    if np.ndim(x1) == 2 and np.ndim(x2) == 1:
        return np.outer(out_bar, x2), x1.T @ out_bar
    if np.ndim(x1) == 1 and np.ndim(x2) == 2:
        return x2 @ out_bar, np.outer(x1, out_bar)
    if np.ndim(x1) == 1:
        line = np.expand_dims(out_bar, -1)
        return unbroadcast((x2 @ line)[..., 0], x1), x1[:, None] * np.expand_dims(out_bar, -2)
    if np.ndim(x2) == 1:
        line = np.expand_dims(out_bar, -1)
        return line * x2, unbroadcast((np.swapaxes(x1, -1, -2) @ line)[..., 0], x2)
    x1_bar = unbroadcast(out_bar @ np.swapaxes(x2, -1, -2), x1)
    return x1_bar, unbroadcast(np.swapaxes(x1, -1, -2) @ out_bar, x2)


@tangent(np.matmul)
def matmul_dot(x1, x2, *, x1_dot, x2_dot):
    return x1_dot @ x2, x1 @ x2_dot


@adjoint(np.dot, np.ndarray.dot)
def dot(a, b, *, out_bar):
    """As matmul up to two axes; beyond, the last axis of a against the last but one of b."""
    if np.ndim(a) == 0 and np.ndim(b) == 0:
        return out_bar * b, out_bar * a
    if np.ndim(a) == 0:
        return np.sum(out_bar * b), out_bar * a
    if np.ndim(b) == 0:
        return out_bar * b, np.sum(out_bar * a)
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        return out_bar @ b.T, a.T @ out_bar
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return out_bar * b, out_bar * a
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        return np.outer(out_bar, b), a.T @ out_bar
    if np.ndim(a) == 1 and np.ndim(b) == 2:
        return b @ out_bar, np.outer(a, out_bar)
    if np.ndim(b) == 1:
        rows = np.reshape(a, (np.size(out_bar), len(b)))
        return np.expand_dims(out_bar, -1) * b, np.ravel(out_bar) @ rows
    turned = np.swapaxes(b, -1, -2)
    length = np.shape(a)[-1]
    left = np.reshape(a, (np.size(a) // max(length, 1), length))
    right = np.reshape(turned, (np.size(b) // max(length, 1), length))
    pairs = np.reshape(out_bar, (len(left), len(right)))
    right_bar = np.reshape(pairs.T @ left, np.shape(turned))
    return np.reshape(pairs @ right, np.shape(a)), np.swapaxes(right_bar, -1, -2)


@tangent(np.dot)
def dot_dot(a, b, *, a_dot, b_dot):
    return np.dot(a_dot, b), np.dot(a, b_dot)


@adjoint(np.inner)
def inner(a, b, *, out_bar):
    """The last axis of a against the last of b."""
    if np.ndim(a) == 0 and np.ndim(b) == 0:
        return out_bar * b, out_bar * a
    if np.ndim(a) == 0:
        return np.sum(out_bar * b), out_bar * a
    if np.ndim(b) == 0:
        return out_bar * b, np.sum(out_bar * a)
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return out_bar * b, out_bar * a
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        return out_bar @ b, out_bar.T @ a
    length = np.shape(a)[-1]
    left = np.reshape(a, (np.size(a) // max(length, 1), length))
    right = np.reshape(b, (np.size(b) // max(length, 1), length))
    pairs = np.reshape(out_bar, (len(left), len(right)))
    return np.reshape(pairs @ right, np.shape(a)), np.reshape(pairs.T @ left, np.shape(b))


@tangent(np.inner)
def inner_dot(a, b, *, a_dot, b_dot):
    return np.inner(a_dot, b), np.inner(a, b_dot)


@adjoint(np.outer, np.linalg.outer)
def outer(a, b, *, out_bar):
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return out_bar @ b, a @ out_bar
    a_bar = np.reshape(out_bar @ np.ravel(b), np.shape(a))
    return a_bar, np.reshape(np.ravel(a) @ out_bar, np.shape(b))


@tangent(np.outer)
def outer_dot(a, b, *, a_dot, b_dot):
    return np.outer(a_dot, b), np.outer(a, b_dot)


@adjoint(np.vdot)
def vdot(a, b, *, out_bar):
    """The operands as vectors, the first conjugated."""
    if np.ndim(a) == 1 and np.ndim(b) == 1:
        return np.conj(out_bar * b), out_bar * np.conj(a)
    return np.conj(out_bar * np.reshape(b, np.shape(a))), out_bar * np.conj(np.reshape(a, np.shape(b)))


@tangent(np.vdot)
def vdot_dot(a, b, *, a_dot, b_dot):
    return np.vdot(a_dot, b), np.vdot(a, b_dot)


@linear(np.trace, np.ndarray.trace)
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, *, out_bar):
    diagonal = np.eye(np.shape(a)[axis1], np.shape(a)[axis2], offset)
    if np.ndim(a) == 2 and axis1 == 0 and axis2 == 1:
        return out_bar * diagonal
    return np.moveaxis(np.expand_dims(out_bar, (-2, -1)) * diagonal, (-2, -1), (axis1, axis2))


@adjoint(np.kron)
def kron(a, b, *, out_bar):
    """A block of b for each element of a."""
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        blocks = np.reshape(out_bar, (np.shape(a)[0], np.shape(b)[0], np.shape(a)[1], np.shape(b)[1]))
        a_bar = np.sum(blocks * np.expand_dims(b, (0, 2)), axis=(1, 3))
        return a_bar, np.sum(blocks * np.expand_dims(a, (1, 3)), axis=(0, 2))
    pairs = blocks_apart(out_bar, a, b)
    return np.reshape(pairs @ np.ravel(b), np.shape(a)), np.reshape(np.ravel(a) @ pairs, np.shape(b))


@tangent(np.kron)
def kron_dot(a, b, *, a_dot, b_dot):
    return np.kron(a_dot, b), np.kron(a, b_dot)


@adjoint(np.cross)
def cross(a, b, *, axis=None, out_bar):
    """The triple product turns with its factors: b x c_bar and c_bar x a, of vectors in space and in the plane."""
    if axis is None:
        return uncross(out_bar, b, a), -uncross(out_bar, a, b)
    return uncross(out_bar, b, a, axis), -uncross(out_bar, a, b, axis)


@tangent(np.cross)
def cross_dot(a, b, *, axis=None, a_dot, b_dot):
    if axis is None:
        return np.cross(a_dot, b), np.cross(a, b_dot)
    return np.cross(a_dot, b, axis=axis), np.cross(a, b_dot, axis=axis)


@adjoint(np.tensordot, np.linalg.tensordot)
def tensordot(a, b, axes=2, *, out_bar):
    """The cotangent against the other factor, along what is left of it."""
    return tensordot_left(out_bar, a, b, axes), tensordot_right(out_bar, a, b, axes)


@tangent(np.tensordot)
def tensordot_dot(a, b, axes=2, *, a_dot, b_dot):
    return np.tensordot(a_dot, b, axes), np.tensordot(a, b_dot, axes)


@adjoint(np.einsum, active=("operands",))
def einsum(subscripts, *operands, optimize=False, out_bar, index):
    """The same sum with the cotangent in the place of the operand."""
    if len(operands) == 1:
        return einsum_part(subscripts, index, operands[0], out_bar)
    if len(operands) == 2:
        return einsum_part(subscripts, index, operands[0], operands[1], out_bar)
    if len(operands) == 3:
        return einsum_part(subscripts, index, operands[0], operands[1], operands[2], out_bar)
    raise NotImplementedError("more than three operands are not covered: contract some of them before")


@tangent(np.einsum)
def einsum_dot(subscripts, *operands, optimize=False, operands_dot):
    """An array that does not move has the tangent 0, a number."""
    if len(operands) > 3:
        raise NotImplementedError("more than three operands are not covered: contract some of them before")
    a = operands_dot[0]
    if len(operands) == 1:
        return np.einsum(subscripts, a)
    b = operands_dot[1]
    still_a = np.ndim(operands[0]) > 0 and isinstance(a, float)
    still_b = np.ndim(operands[1]) > 0 and isinstance(b, float)
    if len(operands) == 2:
        first = 0.0 if still_a else np.einsum(subscripts, a, operands[1])
        return first + (0.0 if still_b else np.einsum(subscripts, operands[0], b))
    c = operands_dot[2]
    still_c = np.ndim(operands[2]) > 0 and isinstance(c, float)
    first = 0.0 if still_a else np.einsum(subscripts, a, operands[1], operands[2])
    second = 0.0 if still_b else np.einsum(subscripts, operands[0], b, operands[2])
    return first + second + (0.0 if still_c else np.einsum(subscripts, operands[0], operands[1], c))


views(np.einsum, of_any=True)  # np.einsum("ij->ji", a)


@adjoint(np.linalg.cross)
def cross_(x1, x2, *, axis=-1, out_bar):
    """As np.cross, of vectors in space only."""
    return uncross(out_bar, x2, x1, axis), -uncross(out_bar, x1, x2, axis)


@tangent(np.linalg.cross)
def linalg_cross_dot(x1, x2, *, axis=-1, x1_dot, x2_dot):
    return np.linalg.cross(x1_dot, x2, axis=axis), np.linalg.cross(x1, x2_dot, axis=axis)


@adjoint(np.vecdot, np.linalg.vecdot)
def vecdot(x1, x2, *, axis=-1, out_bar):
    """The sum of conj(x1) x2 along an axis."""
    if axis != -1 and np.ndim(x1) != np.ndim(x2):
        raise NotImplementedError("an axis of arrays of two ranks is not covered")
    bar = np.expand_dims(out_bar, axis)
    return unbroadcast(np.conj(bar * x2), x1), unbroadcast(bar * np.conj(x1), x2)


@tangent(np.vecdot)
def vecdot_dot(x1, x2, *, axis=-1, x1_dot, x2_dot):
    if axis != -1 and np.ndim(x1) != np.ndim(x2):
        raise NotImplementedError("an axis of arrays of two ranks is not covered")
    return np.sum(np.conj(x1_dot) * x2, axis=axis), np.sum(np.conj(x1) * x2_dot, axis=axis)


if hasattr(np, "matvec"):  # NumPy 2.2

    @adjoint(np.matvec)
    def matvec(x1, x2, *, out_bar):
        """A v: A_bar = out_bar v^T, v_bar = A^T out_bar."""
        a_bar = np.expand_dims(out_bar, -1) * np.expand_dims(x2, -2)
        return unbroadcast(a_bar, x1), unbroadcast(np.matvec(np.swapaxes(x1, -1, -2), out_bar), x2)

    @tangent(np.matvec)
    def matvec_dot(x1, x2, *, x1_dot, x2_dot):
        return np.matvec(x1_dot, x2), np.matvec(x1, x2_dot)

    @adjoint(np.vecmat)
    def vecmat(x1, x2, *, out_bar):
        """conj(v) A: v_bar = conj(A out_bar), A_bar = conj(v) out_bar^T."""
        a_bar = np.expand_dims(np.conj(x1), -1) * np.expand_dims(out_bar, -2)
        return unbroadcast(np.conj(np.matvec(x2, out_bar)), x1), unbroadcast(a_bar, x2)

    @tangent(np.vecmat)
    def vecmat_dot(x1, x2, *, x1_dot, x2_dot):
        return np.vecmat(x1_dot, x2), np.vecmat(x1, x2_dot)

"""Norms of vectors and matrices, and what is made of them. 0 where the norm is 0, shares where several are the largest.

The slope of a singular value s = u^T A v is u v^T: Watson, "Characterization of the subdifferential of some matrix
norms" (1992); the slope of the p-norm |x|^(p - 1) sign(x) / norm^(p - 1).
"""

import numpy as np

from backprose.rules.registry import adjoint, real_only, tangent


@adjoint(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False, *, out, out_bar):
    length = np.where(out == 0, 1, out)
    if ord is None or (ord == "fro" and (axis is None or isinstance(axis, tuple))):
        bar = out_bar / length if keepdims or axis is None else np.expand_dims(out_bar / length, axis)
        return bar * np.conj(x)
    if isinstance(axis, tuple) or (axis is None and np.ndim(x) == 2):
        rows = x if axis is None else np.moveaxis(x, axis, (-2, -1))
        bar = out_bar if axis is None else np.reshape(out_bar, (*np.shape(rows)[:-2], 1, 1))
        if ord in (2, -2, "nuc"):
            parts = np.linalg.svd(rows, full_matrices=False)
            right = np.expand_dims(np.sign(parts[1]), -1) * parts[2]
            if ord == "nuc":
                slope = np.conj(parts[0] @ right)
            elif ord == 2:
                slope = np.conj(parts[0][..., :1] @ right[..., :1, :])
            else:
                slope = np.conj(parts[0][..., -1:] @ right[..., -1:, :])
            return bar * slope if axis is None else np.moveaxis(bar * slope, (-2, -1), axis)
        along = -2 if ord in (1, -1) else -1
        totals = np.sum(np.abs(rows), axis=along, keepdims=True)
        if ord in (1, np.inf):
            chosen = totals == np.max(totals, axis=-3 - along, keepdims=True)
        else:
            chosen = totals == np.min(totals, axis=-3 - along, keepdims=True)
        slope = chosen / np.sum(chosen, axis=-3 - along, keepdims=True) * np.conj(np.sign(rows))
        return bar * slope if axis is None else np.moveaxis(bar * slope, (-2, -1), axis)
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    whole = out if keepdims or axis is None else np.expand_dims(out, axis)
    size = np.where(whole == 0, 1, whole)
    if ord == 2:
        return bar / size * np.conj(x)
    if ord in (np.inf, -np.inf):
        largest = np.abs(x) == whole
        return bar * largest / np.sum(largest, axis=axis, keepdims=True) * np.conj(np.sign(x))
    if ord == 1:
        return bar * np.conj(np.sign(x))
    if ord == 0:
        return np.zeros_like(x)
    if isinstance(ord, (int, float)) and ord >= 1:
        return bar * np.conj(np.sign(x)) * (np.abs(x) / size) ** (ord - 1)
    raise NotImplementedError("of the norms of vectors those with ord=0, inf, -inf or a number from 1 on have a rule")


@tangent(np.linalg.norm)
def norm_dot(x, ord=None, axis=None, keepdims=False, *, out, x_dot):
    length = np.where(out == 0, 1, out)
    if ord is None or (ord == "fro" and (axis is None or isinstance(axis, tuple))):
        return np.sum(np.conj(x) * x_dot, axis=axis, keepdims=keepdims) / length
    if isinstance(axis, tuple) or (axis is None and np.ndim(x) == 2):
        rows = x if axis is None else np.moveaxis(x, axis, (-2, -1))
        moves = x_dot if axis is None else np.moveaxis(x_dot, axis, (-2, -1))
        if ord in (2, -2, "nuc"):
            parts = np.linalg.svd(rows, full_matrices=False)
            right = np.expand_dims(np.sign(parts[1]), -1) * parts[2]
            if ord == "nuc":
                slope = np.conj(parts[0] @ right)
            elif ord == 2:
                slope = np.conj(parts[0][..., :1] @ right[..., :1, :])
            else:
                slope = np.conj(parts[0][..., -1:] @ right[..., -1:, :])
            return np.reshape(np.sum(slope * moves, axis=(-2, -1)), np.shape(out))
        along = -2 if ord in (1, -1) else -1
        totals = np.sum(np.abs(rows), axis=along, keepdims=True)
        if ord in (1, np.inf):
            chosen = totals == np.max(totals, axis=-3 - along, keepdims=True)
        else:
            chosen = totals == np.min(totals, axis=-3 - along, keepdims=True)
        slope = chosen / np.sum(chosen, axis=-3 - along, keepdims=True) * np.conj(np.sign(rows))
        return np.reshape(np.sum(slope * moves, axis=(-2, -1)), np.shape(out))
    whole = out if keepdims or axis is None else np.expand_dims(out, axis)
    size = np.where(whole == 0, 1, whole)
    if ord == 2:
        return np.sum(np.conj(x) * x_dot, axis=axis, keepdims=keepdims) / length
    if ord in (np.inf, -np.inf):
        largest = np.abs(x) == whole
        share = largest / np.sum(largest, axis=axis, keepdims=True)
        return np.sum(share * np.conj(np.sign(x)) * x_dot, axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.conj(np.sign(x)) * x_dot, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.zeros_like(out)
    if isinstance(ord, (int, float)) and ord >= 1:
        slope = np.conj(np.sign(x)) * (np.abs(x) / size) ** (ord - 1)
        return np.sum(slope * x_dot, axis=axis, keepdims=keepdims)
    raise NotImplementedError("of the norms of vectors those with ord=0, inf, -inf or a number from 1 on have a rule")


@adjoint(np.linalg.vector_norm)
def vector_norm(x, *, axis=None, keepdims=False, ord=2, out, out_bar):
    """As norm; several axes hold one vector."""
    bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
    whole = out if keepdims or axis is None else np.expand_dims(out, axis)
    size = np.where(whole == 0, 1, whole)
    if ord == 2:
        return bar / size * np.conj(x)
    if ord in (np.inf, -np.inf):
        largest = np.abs(x) == whole
        return bar * largest / np.sum(largest, axis=axis, keepdims=True) * np.conj(np.sign(x))
    if ord == 1:
        return bar * np.conj(np.sign(x))
    if ord == 0:
        return np.zeros_like(x)
    if isinstance(ord, (int, float)) and ord >= 1:
        return bar * np.conj(np.sign(x)) * (np.abs(x) / size) ** (ord - 1)
    raise NotImplementedError("the norms with ord=0, inf, -inf or a number from 1 on have a rule")


@tangent(np.linalg.vector_norm)
def vector_norm_dot(x, *, axis=None, keepdims=False, ord=2, out, x_dot):
    whole = out if keepdims or axis is None else np.expand_dims(out, axis)
    size = np.where(whole == 0, 1, whole)
    if ord == 2:
        return np.sum(np.conj(x) * x_dot, axis=axis, keepdims=keepdims) / np.where(out == 0, 1, out)
    if ord in (np.inf, -np.inf):
        largest = np.abs(x) == whole
        share = largest / np.sum(largest, axis=axis, keepdims=True)
        return np.sum(share * np.conj(np.sign(x)) * x_dot, axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.conj(np.sign(x)) * x_dot, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.zeros_like(out)
    if isinstance(ord, (int, float)) and ord >= 1:
        slope = np.conj(np.sign(x)) * (np.abs(x) / size) ** (ord - 1)
        return np.sum(slope * x_dot, axis=axis, keepdims=keepdims)
    raise NotImplementedError("the norms with ord=0, inf, -inf or a number from 1 on have a rule")


@adjoint(np.linalg.matrix_norm)
def matrix_norm(x, *, keepdims=False, ord="fro", out, out_bar):
    """As norm, of the last two axes."""
    bar = out_bar if keepdims else np.expand_dims(out_bar, (-2, -1))
    if ord is None or ord == "fro":
        size = out if keepdims else np.expand_dims(out, (-2, -1))
        return bar / np.where(size == 0, 1, size) * np.conj(x)
    if ord in (2, -2, "nuc"):
        parts = np.linalg.svd(x, full_matrices=False)
        right = np.expand_dims(np.sign(parts[1]), -1) * parts[2]
        if ord == "nuc":
            return bar * np.conj(parts[0] @ right)
        if ord == 2:
            return bar * np.conj(parts[0][..., :1] @ right[..., :1, :])
        return bar * np.conj(parts[0][..., -1:] @ right[..., -1:, :])
    along = -2 if ord in (1, -1) else -1
    totals = np.sum(np.abs(x), axis=along, keepdims=True)
    if ord in (1, np.inf):
        chosen = totals == np.max(totals, axis=-3 - along, keepdims=True)
    else:
        chosen = totals == np.min(totals, axis=-3 - along, keepdims=True)
    return bar * chosen / np.sum(chosen, axis=-3 - along, keepdims=True) * np.conj(np.sign(x))


@tangent(np.linalg.matrix_norm)
def matrix_norm_dot(x, *, keepdims=False, ord="fro", out, x_dot):
    if ord is None or ord == "fro":
        return np.sum(np.conj(x) * x_dot, axis=(-2, -1), keepdims=keepdims) / np.where(out == 0, 1, out)
    if ord in (2, -2, "nuc"):
        parts = np.linalg.svd(x, full_matrices=False)
        right = np.expand_dims(np.sign(parts[1]), -1) * parts[2]
        if ord == "nuc":
            slope = np.conj(parts[0] @ right)
        elif ord == 2:
            slope = np.conj(parts[0][..., :1] @ right[..., :1, :])
        else:
            slope = np.conj(parts[0][..., -1:] @ right[..., -1:, :])
        return np.sum(slope * x_dot, axis=(-2, -1), keepdims=keepdims)
    along = -2 if ord in (1, -1) else -1
    totals = np.sum(np.abs(x), axis=along, keepdims=True)
    if ord in (1, np.inf):
        chosen = totals == np.max(totals, axis=-3 - along, keepdims=True)
    else:
        chosen = totals == np.min(totals, axis=-3 - along, keepdims=True)
    slope = chosen / np.sum(chosen, axis=-3 - along, keepdims=True) * np.conj(np.sign(x))
    return np.sum(slope * x_dot, axis=(-2, -1), keepdims=keepdims)


@adjoint(np.linalg.cond)
def cond(x, p=None, *, out, out_bar):
    """The largest singular value over the smallest; or the product of the Frobenius norms of A and its inverse."""
    if p is None or p in (2, -2):
        parts = np.linalg.svd(x, full_matrices=False)
        large = parts[0][..., :1] @ parts[2][..., :1, :] / np.expand_dims(parts[1][..., 0], (-2, -1))
        small = parts[0][..., -1:] @ parts[2][..., -1:, :] / np.expand_dims(parts[1][..., -1], (-2, -1))
        bar = np.expand_dims(out_bar * out, (-2, -1))
        return bar * (small - large) if p == -2 else bar * (large - small)
    if p == "fro":
        inverse = np.linalg.inv(x)
        inverse_t = np.swapaxes(inverse, -1, -2)
        length = np.sqrt(np.sum(x**2, axis=(-2, -1)))
        width = np.sqrt(np.sum(inverse**2, axis=(-2, -1)))
        turned = inverse_t @ inverse @ inverse_t * np.expand_dims(length / width, (-2, -1))
        return np.expand_dims(out_bar, (-2, -1)) * (x * np.expand_dims(width / length, (-2, -1)) - turned)
    raise NotImplementedError("of the condition numbers those of p=None, 2, -2 and 'fro' have a rule")


@tangent(np.linalg.cond)
def cond_dot(x, p=None, *, out, x_dot):
    if p is None or p in (2, -2):
        parts = np.linalg.svd(x, full_matrices=False)
        large = parts[0][..., :1] @ parts[2][..., :1, :] / np.expand_dims(parts[1][..., 0], (-2, -1))
        small = parts[0][..., -1:] @ parts[2][..., -1:, :] / np.expand_dims(parts[1][..., -1], (-2, -1))
        turned = small - large if p == -2 else large - small
        return out * np.sum(turned * x_dot, axis=(-2, -1))
    if p == "fro":
        inverse = np.linalg.inv(x)
        inverse_t = np.swapaxes(inverse, -1, -2)
        length = np.sqrt(np.sum(x**2, axis=(-2, -1)))
        width = np.sqrt(np.sum(inverse**2, axis=(-2, -1)))
        turned = inverse_t @ inverse @ inverse_t * np.expand_dims(length / width, (-2, -1))
        slope = x * np.expand_dims(width / length, (-2, -1)) - turned
        return np.sum(slope * x_dot, axis=(-2, -1))
    raise NotImplementedError("of the condition numbers those of p=None, 2, -2 and 'fro' have a rule")


real_only(np.linalg.cond)

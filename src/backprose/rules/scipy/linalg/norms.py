"""Norms of vectors and matrices, as in NumPy: 0 where the norm is 0, shares where several are the largest.

The slope of a singular value s = u^T A v is u v^T: Watson, "Characterization of the subdifferential of some matrix
norms" (1992); the slope of the p-norm |x|^(p - 1) sign(x) / norm^(p - 1).
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, tangent


@adjoint(linalg.norm)
def norm(a, ord=None, axis=None, keepdims=False, *, check_finite=True, out, out_bar):
    length = np.where(out == 0, 1, out)
    if ord is None or (ord == "fro" and (axis is None or isinstance(axis, tuple))):
        bar = out_bar / length if keepdims or axis is None else np.expand_dims(out_bar / length, axis)
        return bar * np.conj(a)
    if isinstance(axis, tuple) or (axis is None and np.ndim(a) == 2):
        rows = a if axis is None else np.moveaxis(a, axis, (-2, -1))
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
        return bar / size * np.conj(a)
    if ord in (np.inf, -np.inf):
        largest = np.abs(a) == whole
        return bar * largest / np.sum(largest, axis=axis, keepdims=True) * np.conj(np.sign(a))
    if ord == 1:
        return bar * np.conj(np.sign(a))
    if ord == 0:
        return np.zeros_like(a)
    if isinstance(ord, (int, float)) and ord >= 1:
        return bar * np.conj(np.sign(a)) * (np.abs(a) / size) ** (ord - 1)
    raise NotImplementedError("of the norms of vectors those with ord=0, inf, -inf or a number from 1 on have a rule")


@tangent(linalg.norm)
def norm_dot(a, ord=None, axis=None, keepdims=False, *, check_finite=True, out, a_dot):
    length = np.where(out == 0, 1, out)
    if ord is None or (ord == "fro" and (axis is None or isinstance(axis, tuple))):
        return np.sum(np.conj(a) * a_dot, axis=axis, keepdims=keepdims) / length
    if isinstance(axis, tuple) or (axis is None and np.ndim(a) == 2):
        rows = a if axis is None else np.moveaxis(a, axis, (-2, -1))
        moves = a_dot if axis is None else np.moveaxis(a_dot, axis, (-2, -1))
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
        return np.sum(np.conj(a) * a_dot, axis=axis, keepdims=keepdims) / length
    if ord in (np.inf, -np.inf):
        largest = np.abs(a) == whole
        share = largest / np.sum(largest, axis=axis, keepdims=True)
        return np.sum(share * np.conj(np.sign(a)) * a_dot, axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(np.conj(np.sign(a)) * a_dot, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.zeros_like(out)
    if isinstance(ord, (int, float)) and ord >= 1:
        slope = np.conj(np.sign(a)) * (np.abs(a) / size) ** (ord - 1)
        return np.sum(slope * a_dot, axis=axis, keepdims=keepdims)
    raise NotImplementedError("of the norms of vectors those with ord=0, inf, -inf or a number from 1 on have a rule")

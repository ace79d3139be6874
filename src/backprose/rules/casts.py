"""Copies and conversions. A conversion to integers has the derivative 0; dtypes are the engine's work."""

import builtins

import numpy as np

from backprose.rules.registry import adjoint, constant, linear, tangent
from backprose.support import untake


@linear(np.copy, np.ndarray.copy)
def copy(a, order="K", *, out_bar):
    return out_bar


@adjoint(np.ndarray.astype, np.astype, active=("x",))
def astype(x, dtype, *, copy=True, out_bar):
    if np.issubdtype(dtype, np.inexact):
        return out_bar
    return np.zeros_like(x)


@tangent(np.ndarray.astype)
def astype_dot(x, dtype, *, copy=True, x_dot):
    if np.issubdtype(dtype, np.inexact):
        return x_dot.astype(dtype)
    return np.zeros_like(x_dot)


@linear(np.ndarray.item)
def item(a, *args, out_bar):
    """The only element, that at a place in order, or that at an index."""
    if len(args) == 0:
        return np.reshape(out_bar, np.shape(a))
    if len(args) == 1:
        return untake(out_bar, args[0], a)
    return untake(out_bar, np.ravel_multi_index(args, np.shape(a), "wrap"), a)


@linear(builtins.float)
def float_(x, *, out_bar):
    return np.reshape(out_bar, np.shape(x))


@linear(np.float64)
def float64(x, *, out_bar):
    return out_bar


@linear(np.float32)
def float32(x, *, out_bar):
    return out_bar


constant(
    *{getattr(np, name) for name in "int8 int16 int32 int64 uint8 uint16 uint32 uint64 intp uintp".split()},
    reason="a conversion to integers is constant between its jumps",
)

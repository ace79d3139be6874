"""Arrays made from a shape: constants, but for the values that fill them."""

import numpy as np

from backprose.rules.registry import adjoint, constant, linear, several, tangent, views
from backprose.support import unbroadcast

constant(
    np.zeros,
    np.ones,
    np.empty,
    np.zeros_like,
    np.ones_like,
    np.empty_like,
    np.eye,
    np.identity,
    np.tri,
    reason="the elements do not depend on the arguments",
)
constant(np.indices, reason="the elements are counted")
constant(
    np.hanning, np.hamming, np.blackman, np.bartlett, np.broadcast_shapes,
    np.result_type, np.promote_types, np.can_cast, np.min_scalar_type,
    np.common_type, np.mintypecode, np.typename, np.einsum_path,
    reason="made of a length or of a dtype",
)  # fmt: skip


@linear(np.full, active=("fill_value",))
def full(shape, fill_value, dtype=None, order="C", *, out_bar):
    return unbroadcast(out_bar, fill_value)


@linear(np.full_like, active=("fill_value",), constant=("a",))
def full_like(a, fill_value, dtype=None, order="K", *, shape=None, out_bar):
    return unbroadcast(out_bar, fill_value)


@linear(np.linspace, active=("start", "stop"))
def linspace(start, stop, num=50, endpoint=True, *, dtype=None, out_bar):
    """That is start (1 - t) + stop t, with t from 0 to 1."""
    t = np.linspace(0, 1, num, endpoint)
    lines = np.moveaxis(out_bar, 0, -1)
    return unbroadcast(lines @ (1 - t), start), unbroadcast(lines @ t, stop)


@adjoint(np.arange, active=("start", "step"), constant=("stop",))
def arange(start, stop=None, step=1, dtype=None, *, out_bar):
    """The elements are start + step k; how many there are changes in jumps."""
    if stop is None:  # the only argument is the stop
        return 0.0, 0.0
    return np.sum(out_bar), np.sum(out_bar * np.arange(np.size(out_bar)))


@tangent(np.arange)
def arange_dot(start, stop=None, step=1, dtype=None, *, out, start_dot, step_dot):
    if stop is None:
        return np.zeros_like(out), np.zeros_like(out)
    return np.full_like(out, start_dot), step_dot * np.arange(np.size(out))


@adjoint(np.logspace, active=("start", "stop"))
def logspace(start, stop, num=50, endpoint=True, base=10.0, *, out, out_bar):
    """The powers of the base with exponents start (1 - t) + stop t."""
    t = np.linspace(0, 1, num, endpoint)
    lines = np.moveaxis(out_bar * out * np.log(base), 0, -1)
    return unbroadcast(lines @ (1 - t), start), unbroadcast(lines @ t, stop)


@tangent(np.logspace)
def logspace_dot(start, stop, num=50, endpoint=True, base=10.0, *, out, start_dot, stop_dot):
    scale = out * np.log(base)
    t = np.reshape(np.linspace(0, 1, num, endpoint), (-1,) + (1,) * (np.ndim(out) - 1))
    return scale * (1 - t) * start_dot, scale * t * stop_dot


@adjoint(np.geomspace, active=("start", "stop"))
def geomspace(start, stop, num=50, endpoint=True, *, out, out_bar):
    """These are start^(1 - t) stop^t."""
    t = np.linspace(0, 1, num, endpoint)
    lines = np.moveaxis(out_bar * out, 0, -1)
    return unbroadcast(lines @ (1 - t) / start, start), unbroadcast(lines @ t / stop, stop)


@tangent(np.geomspace)
def geomspace_dot(start, stop, num=50, endpoint=True, *, out, start_dot, stop_dot):
    t = np.reshape(np.linspace(0, 1, num, endpoint), (-1,) + (1,) * (np.ndim(out) - 1))
    return out * (1 - t) * (start_dot / start), out * t * (stop_dot / stop)


@linear(np.meshgrid, active=("xi",))
def meshgrid(*xi, indexing="xy", sparse=False, copy=True, out_bar, index):
    """Each lies along an axis of its own, and is repeated along the others."""
    axis = index if indexing == "ij" or len(xi) == 1 or index > 1 else 1 - index
    if len(xi) == 2 and not sparse and np.ndim(xi[index]) == 1:
        return np.sum(out_bar[index], axis=1 - axis)
    return unbroadcast(np.moveaxis(out_bar[index], axis, -1), xi[index])


views(np.meshgrid, of_any=True, where=("copy", False))
several(np.meshgrid, results=lambda given: len(given["xi"]) if len(given["xi"]) > 1 else None)

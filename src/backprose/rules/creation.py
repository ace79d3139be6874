"""Arrays made from a shape: constants, but for the values that fill them."""

import numpy as np

from backprose.rules.registry import adjoint, constant, linear, tangent
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
    np.hanning, np.hamming, np.blackman, np.bartlett, np.fft.fftfreq, np.fft.rfftfreq, np.broadcast_shapes,
    np.result_type, np.promote_types, np.can_cast, np.min_scalar_type,
    reason="made of a length or of a dtype",
)  # fmt: skip


@linear(np.full, active=("fill_value",))
def full(shape, fill_value, dtype=None, *, out_bar):
    return unbroadcast(out_bar, fill_value)


@linear(np.full_like, active=("fill_value",), constant=("a",))
def full_like(a, fill_value, dtype=None, *, out_bar):
    return unbroadcast(out_bar, fill_value)


@linear(np.linspace, active=("start", "stop"))
def linspace(start, stop, num=50, endpoint=True, *, out_bar):
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

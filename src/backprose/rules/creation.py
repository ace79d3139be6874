"""Arrays made from a shape: constants, but for the values that fill them."""

import numpy as np

from backprose.rules.registry import constant, linear
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
constant(np.arange, np.indices, reason="the elements are counted, and their number changes in jumps")


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

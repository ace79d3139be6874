"""Integrals, interpolation, convolution: what numerical code makes of sampled functions."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from backprose.rules.registry import adjoint, also, linear, real_only, several, tangent, there
from backprose.support import (
    cell_of,
    midpoints,
    unbroadcast,
    undiff,
    ungradient,
    unmidpoints,
    unoverlap,
    untake,
)


@adjoint(np.trapezoid, active=("y", "x", "dx"))
def trapezoid(y, x=None, dx=1.0, axis=-1, *, out, out_bar):
    """The sum of the cells' widths times the means at their ends."""
    if np.ndim(dx) > 0:
        raise NotImplementedError("the distance dx is a number: give the places as x")
    rows = np.moveaxis(y, axis, -1)
    bar = np.expand_dims(out_bar, -1)
    if x is None:
        spread = np.broadcast_to(bar * dx, np.shape(midpoints(rows)))
        return np.moveaxis(unmidpoints(spread, rows), -1, axis), 0.0, unbroadcast(out_bar * (out / dx), dx)
    places = x if np.ndim(x) == 1 else np.moveaxis(x, axis, -1)
    y_bar = np.moveaxis(unmidpoints(bar * np.diff(places), rows), -1, axis)
    ends_bar = undiff(bar * midpoints(rows), rows)
    return y_bar, unbroadcast(ends_bar if np.ndim(x) == 1 else np.moveaxis(ends_bar, -1, axis), x), 0.0


@tangent(np.trapezoid)
def trapezoid_dot(y, x=None, dx=1.0, axis=-1, *, y_dot, x_dot, dx_dot):
    if x is None:
        return np.trapezoid(y_dot, dx=dx, axis=axis), 0.0, np.trapezoid(y, dx=dx_dot, axis=axis)
    return np.trapezoid(y_dot, x, axis=axis), np.trapezoid(y, x_dot, axis=axis), 0.0


for _old in there(np, "trapz"):  # its name before NumPy 2.0
    also(np.trapezoid, _old)


@adjoint(np.interp)
def interp(x, xp, fp, left=None, right=None, *, out_bar):
    """Within a cell (1 - t) f0 + t f1, with the slope (f1 - f0) / (x1 - x0); outside constant."""
    cell = cell_of(x, xp)
    gap = np.take(xp, cell + 1) - np.take(xp, cell)
    width = np.where(gap == 0, 1, gap)  # of one place alone
    t = (x - np.take(xp, cell)) / width
    upper = np.clip(t, 0, 1)
    x_bar = np.where(t == upper, out_bar * (np.take(fp, cell + 1) - np.take(fp, cell)) / width, 0)
    ends_bar = untake(-x_bar * (1 - upper), cell, xp) + untake(-x_bar * upper, cell + 1, xp)
    if left is None and right is None:
        return x_bar, ends_bar, untake(out_bar * (1 - upper), cell, fp) + untake(out_bar * upper, cell + 1, fp)
    before = x < (-np.inf if left is None else np.take(xp, 0))
    after = x > (np.inf if right is None else np.take(xp, -1))
    bar = np.where(np.logical_or(before, after), 0, out_bar)
    return x_bar, ends_bar, untake(bar * (1 - upper), cell, fp) + untake(bar * upper, cell + 1, fp)


@tangent(np.interp)
def interp_dot(x, xp, fp, left=None, right=None, *, x_dot, xp_dot, fp_dot):
    cell = cell_of(x, xp)
    gap = np.take(xp, cell + 1) - np.take(xp, cell)
    width = np.where(gap == 0, 1, gap)  # of one place alone
    t = (x - np.take(xp, cell)) / width
    upper = np.clip(t, 0, 1)
    slope = np.where(t == upper, (np.take(fp, cell + 1) - np.take(fp, cell)) / width, 0)
    ends_dot = (1 - upper) * np.take(xp_dot, cell) + upper * np.take(xp_dot, cell + 1)
    value_dot = (1 - upper) * np.take(fp_dot, cell) + upper * np.take(fp_dot, cell + 1)
    if left is not None or right is not None:
        before = x < (-np.inf if left is None else np.take(xp, 0))
        after = x > (np.inf if right is None else np.take(xp, -1))
        return slope * x_dot, -slope * ends_dot, np.where(np.logical_or(before, after), 0, value_dot)
    return slope * x_dot, -slope * ends_dot, value_dot


real_only(np.interp)  # it takes the real part of complex places


def directions(given: Mapping[str, Any]) -> int | None:
    """One array for each axis; of a single one no tuple."""
    axis = given["axis"]
    count = given["rank"] if axis is None else len(axis) if isinstance(axis, tuple) else 1
    return count if isinstance(count, int) and not (isinstance(axis, tuple) and count == 1) else None


@linear(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1, out_bar):
    """Along one axis, or along two or three, each with a distance of its own or all with the same."""
    h = varargs[0] if len(varargs) > 0 else 1.0
    if isinstance(axis, int) or (axis is None and np.ndim(f) == 1):
        return ungradient(out_bar, h, 0 if axis is None else axis, edge_order)
    k = varargs[1] if len(varargs) > 1 else h
    if len(out_bar) == 2:
        first = ungradient(out_bar[0], h, 0 if axis is None else axis[0], edge_order)
        return first + ungradient(out_bar[1], k, 1 if axis is None else axis[1], edge_order)
    if len(out_bar) == 3:
        first = ungradient(out_bar[0], h, 0 if axis is None else axis[0], edge_order)
        first = first + ungradient(out_bar[1], k, 1 if axis is None else axis[1], edge_order)
        last = varargs[2] if len(varargs) > 2 else h
        return first + ungradient(out_bar[2], last, 2 if axis is None else axis[2], edge_order)
    raise NotImplementedError("of more than three axes: name one, axis=0")


several(np.gradient, results=directions)


@adjoint(np.convolve)
def convolve(a, v, mode="full", *, out_bar):
    """The correlation of the cotangent with the other factor."""
    whole = unoverlap(out_bar, a, v, mode)
    a_bar = np.convolve(whole, np.flip(np.atleast_1d(v)), "valid")
    return np.reshape(a_bar, np.shape(a)), np.reshape(
        np.convolve(whole, np.flip(np.atleast_1d(a)), "valid"), np.shape(v)
    )


@tangent(np.convolve)
def convolve_dot(a, v, mode="full", *, a_dot, v_dot):
    return np.convolve(a_dot, v, mode), np.convolve(a, v_dot, mode)


@adjoint(np.correlate)
def correlate(a, v, mode="valid", *, out_bar):
    """The convolution with the second factor turned and conjugated."""
    whole = unoverlap(out_bar, a, v, mode, True)
    return np.convolve(whole, np.conj(v), "valid"), np.conj(np.flip(np.convolve(whole, np.flip(a), "valid")))


@tangent(np.correlate)
def correlate_dot(a, v, mode="valid", *, a_dot, v_dot):
    return np.correlate(a_dot, v, mode), np.correlate(a, v_dot, mode)


@adjoint(np.unwrap, active=("p",))
def unwrap(p, discont=None, axis=-1, *, period=6.283185307179586, out_bar):
    """Whole turns are added: the derivative is that of p."""
    return out_bar


@tangent(np.unwrap)
def unwrap_dot(p, discont=None, axis=-1, *, period=6.283185307179586, p_dot):
    return p_dot


@linear(np.ediff1d)
def ediff1d(ary, *, out_bar):
    return np.reshape(undiff(out_bar, np.ravel(ary)), np.shape(ary))

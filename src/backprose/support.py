"""Helpers that emitted text may call: small NumPy functions, each with a rule of its own (``rules/helpers.py``).

A dumped file holds a copy of the source of those that it needs, so each stands on its own, NumPy and the other helpers
aside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np


def stop_gradient(x: Any) -> Any:
    """``x`` itself, as a constant: no derivative passes through."""
    return x


@contextmanager
def adjoint_of(x: Any) -> Iterator[Any]:
    """The adjoint of a variable at this place, to print, clip or replace it in a ``with`` statement.

    The body belongs to the backward sweep of a derivative: it runs there when the adjoint of ``x`` is complete, as far
    as what follows this place goes. It does not run in forward mode and where ``x`` has no adjoint; a plain call of the
    function runs it with zeros.
    """
    yield np.zeros_like(x) if np.ndim(x) else 0.0


def fixed_point(step: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``x = step(x, *args)`` that ``x = step(x, *args)``, again and again from ``x0``, leads to.

    It stops where a step changes no element by more than ``tol``, relative to the largest one and to 1. Its derivative
    with respect to ``args`` is that of the solution, also where no step was needed, by the implicit function theorem:
    Griewank and Walther, "Evaluating Derivatives" (2008), chapter 15.
    """
    x = x0
    for _ in range(10_000):
        last, x = x, step(x, *args)
        if np.max(np.abs(x - last), initial=0.0) <= tol * max(1.0, np.max(np.abs(x), initial=0.0)):
            return x
    raise ArithmeticError("fixed_point: no convergence in 10000 steps")


def root(f: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``f(x, *args) = 0``, of the shape of ``x``, that Newton's method finds from ``x0``.

    Its matrix is made of differences, a step that does not help is halved. It stops where a step changes no element by
    more than ``tol``, relative to the largest one and to 1. Its derivative with respect to ``args`` is that of the
    root, also where no step was needed, by the implicit function theorem: Griewank and Walther, "Evaluating
    Derivatives" (2008), chapter 15.
    """
    x = np.array(x0, float)
    residual = np.asarray(f(x[()], *args), float)
    for _ in range(100):
        columns = []
        for i in range(x.size):
            h = 6e-6 * max(1.0, abs(x.flat[i]))
            ahead, behind = x.copy(), x.copy()
            ahead.flat[i] += h
            behind.flat[i] -= h
            columns.append(np.ravel(np.subtract(f(ahead[()], *args), f(behind[()], *args))) / (2 * h))
        if not columns or not np.any(residual):
            return x[()]
        step = np.reshape(np.linalg.solve(np.array(columns).T, np.ravel(residual)), x.shape)
        size = np.linalg.norm(np.ravel(residual))
        for halved in range(40):
            following = np.asarray(x - step / 2**halved)
            left = np.asarray(f(following[()], *args), float)
            if np.linalg.norm(np.ravel(left)) < size:
                break
        else:  # as near as rounding lets it come
            if np.max(np.abs(step)) <= 1e-6 * max(1.0, np.max(np.abs(x))):
                return x[()]
            raise ArithmeticError("root: no step makes the residual smaller")
        x, residual = following, left
        if np.max(np.abs(step)) <= tol * max(1.0, np.max(np.abs(x))):
            return x[()]
    raise ArithmeticError("root: no convergence in 100 steps")


def unbroadcast(cotangent: Any, like: Any) -> Any:
    """The cotangent summed over the axes along which ``like`` was broadcast; its real part, where ``like`` is real."""
    if np.iscomplexobj(cotangent) and not np.iscomplexobj(like):
        cotangent = np.real(cotangent)
    shape = np.shape(like)
    extra = np.ndim(cotangent) - len(shape)
    if extra < 0:  # written into a place of fewer axes
        cotangent = np.reshape(cotangent, (1,) * -extra + np.shape(cotangent))
        extra = 0
    stretched = tuple(extra + i for i, n in enumerate(shape) if n == 1 != np.shape(cotangent)[extra + i])
    if extra or stretched:
        cotangent = np.sum(cotangent, axis=(*range(extra), *stretched), keepdims=True)
        cotangent = np.reshape(cotangent, shape)
    return cotangent


def as_gradient(x_bar: Any, x: Any) -> Any:
    """The adjoint of an argument as it is handed out: of the argument's kind, dtype and shape, in memory of its own."""
    if np.iscomplexobj(x_bar) and not np.iscomplexobj(x):
        x_bar = np.real(x_bar)
    if isinstance(x, (float, complex, np.generic)):
        return type(x)(x_bar)
    gradient = np.empty(np.shape(x), np.asarray(x).dtype)
    gradient[...] = x_bar
    return gradient


def last_writes(x: Any, index: Any) -> Any:
    """Which values of ``x[index] = values`` stay: of an element that the index names twice, the last."""
    writers = np.zeros(np.shape(x), int)
    order = np.reshape(np.arange(np.size(writers[index])), np.shape(writers[index]))
    writers[index] = order
    return writers[index] == order


def own(x: Any) -> Any:
    """``x`` where it is a number, else a copy of the array or list."""
    if isinstance(x, list):
        return list(x)
    return x.copy(order="K") if isinstance(x, np.ndarray) else x


def with_attributes(thing: Any, **attributes: Any) -> Any:
    """An object like ``thing``, or of this class, with these attributes: a gradient has the form of its argument."""
    made: Any = object.__new__(thing if isinstance(thing, type) else type(thing))
    made.__dict__.update(attributes)
    return made


def scalar_result(result: Any) -> Any:
    """The result, which has to be one number for a gradient."""
    if np.ndim(result):
        raise ValueError("grad needs a function that returns one number: use backprose.vjp or backprose.jacobian")
    if np.iscomplexobj(result):
        raise ValueError("grad needs a function that returns a real number: use backprose.vjp for complex results")
    return result


def section(joined: Any, arrays: Sequence[Any], item: int, axis: int | None = 0) -> Any:
    """The part of ``np.concatenate(arrays, axis)``, or of an array like it, that belongs to ``arrays[item]``."""
    if axis is None:
        lengths = [np.size(array) for array in arrays]
    else:  # a number or a vector may stand beside arrays of more axes: hstack, vstack
        lengths = [np.shape(array)[axis] if np.ndim(array) == np.ndim(joined) else 1 for array in arrays]
    start = sum(lengths[:item])
    along = 0 if axis is None else axis % np.ndim(joined)
    part = joined[(slice(None),) * along + (slice(start, start + lengths[item]),)]
    return np.reshape(part, np.shape(arrays[item]))


def unsection(part: Any, arrays: Sequence[Any], item: int, axis: int | None = 0) -> Any:
    """The transpose of ``section(joined, arrays, item, axis)``: zeros, with the part in its place."""
    return np.concatenate([part if i == item else np.zeros_like(array) for i, array in enumerate(arrays)], axis)


def sections(joined: Any, arrays: Sequence[Any], axis: int = 0) -> list[Any]:
    """The parts of ``np.concatenate(arrays, axis)``, or of an array like it, each in the shape of its own array."""
    lengths = [1 if np.ndim(array) < np.ndim(joined) else np.shape(array)[axis] for array in arrays]
    parts = np.split(joined, np.cumsum(lengths)[:-1], axis) if lengths else []
    return [np.reshape(part, np.shape(array)) for part, array in zip(parts, arrays, strict=True)]


def unsections(parts: Sequence[Any], joined: Any, axis: int = 0) -> Any:
    """The transpose of ``sections(joined, arrays, axis)``: the parts side by side."""
    whole = [part if np.ndim(part) == np.ndim(joined) else np.expand_dims(part, axis) for part in parts]
    return np.concatenate(whole, axis) if whole else np.zeros_like(joined)


def unsliced(parts: Sequence[Any], items: Sequence[Any], place: slice) -> list[Any]:
    """The transpose of ``items[place]`` of a list: zeros, with the parts in their places."""
    made = [np.zeros_like(item) for item in items]
    made[place] = parts
    return made


def undiff(differences: Any, like: Any, n: int = 1, axis: int = -1) -> Any:
    """The transpose of ``np.diff(like, n, axis)``."""
    length = np.shape(like)[axis]
    y = np.moveaxis(differences, axis, -1)
    for _ in range(min(n, length)):
        y = -np.diff(y, axis=-1, prepend=0, append=0)
    if n > length:  # no difference was taken
        y = np.zeros((*y.shape[:-1], length), y.dtype)
    return np.moveaxis(y, -1, axis)


def untile(tiles: Any, like: Any, reps: Any) -> Any:
    """The transpose of ``np.tile(like, reps)``: the sum of the copies."""
    counts = tuple(np.atleast_1d(reps))
    rank = max(len(counts), np.ndim(like))
    counts = (1,) * (rank - len(counts)) + counts
    shape = (1,) * (rank - np.ndim(like)) + np.shape(like)
    apart = np.reshape(tiles, [n for pair in zip(counts, shape, strict=True) for n in pair])
    return np.reshape(np.sum(apart, axis=tuple(range(0, 2 * rank, 2))), np.shape(like))


def unrepeat(repeated: Any, like: Any, repeats: Any, axis: int | None = None) -> Any:
    """The transpose of ``np.repeat(like, repeats, axis)``: the sum of the copies."""
    flat = np.ravel(like) if axis is None else np.moveaxis(like, axis, 0)
    total = np.zeros(np.shape(flat), np.result_type(repeated))
    np.add.at(total, np.repeat(np.arange(len(flat)), repeats), np.moveaxis(repeated, 0 if axis is None else axis, 0))
    return np.reshape(total, np.shape(like)) if axis is None else np.moveaxis(total, 0, axis)


def unresize(part: Any, like: Any) -> Any:
    """The transpose of ``np.resize(like, np.shape(part))``: the sum of the copies."""
    total = np.zeros(np.size(like), np.result_type(part))
    if np.size(like):
        np.add.at(total, np.arange(np.size(part)) % np.size(like), np.ravel(part))
    return np.reshape(total, np.shape(like))


def untake(part: Any, indices: Any, like: Any, axis: int | None = None) -> Any:
    """The transpose of ``np.take(like, indices, axis)``: zeros, with the parts added in their places."""
    total = np.zeros(np.size(like) if axis is None else np.shape(like), np.result_type(part))
    at = 0 if axis is None else axis % np.ndim(like)
    along = np.moveaxis(part, range(at, at + np.ndim(indices)), range(np.ndim(indices)))
    np.add.at(np.moveaxis(total, at, 0), indices, along)
    return np.reshape(total, np.shape(like))


def untake_along_axis(part: Any, indices: Any, like: Any, axis: int | None) -> Any:
    """The transpose of ``np.take_along_axis(like, indices, axis)``: zeros, with the parts added in their places."""
    shape = (np.size(like),) if axis is None else np.shape(like)
    total = np.zeros(shape, np.result_type(part))
    at = 0 if axis is None else axis % len(shape)
    grid = np.ogrid[tuple(slice(n) for n in shape)]
    np.add.at(total, tuple(indices if i == at else places for i, places in enumerate(grid)), part)
    return np.reshape(total, np.shape(like))


def undiagonal(part: Any, like: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The transpose of ``np.diagonal(like, offset, axis1, axis2)``: zeros, with the diagonal in its place."""
    total = np.zeros(np.shape(like), np.result_type(part))
    along = np.arange(np.shape(part)[-1])
    rows, columns = along + max(-offset, 0), along + max(offset, 0)
    np.moveaxis(total, (axis1, axis2), (0, 1))[rows, columns] = np.moveaxis(part, -1, 0)
    return total


def unpad(padded: Any, like: Any, pad_width: Any) -> Any:
    """The transpose of ``np.pad(like, pad_width)``: the part in the middle."""
    before = np.broadcast_to(np.asarray(pad_width), (np.ndim(like), 2))[:, 0]
    return padded[tuple(slice(start, start + n) for start, n in zip(before, np.shape(like), strict=True))]


def recurrence(c: Any, a: Any) -> Any:
    """Along the last axis ``s[i] = c[i] + a[i] * s[i - 1]``, from ``s[-1] = 0``."""
    s = np.array(c, np.result_type(c, a))
    for i in range(1, np.shape(s)[-1]):
        s[..., i] += a[..., i] * s[..., i - 1]
    return s


def merge_axes(a: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The axes made one, the last; None means all."""
    axes = tuple(range(np.ndim(a))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    moved = np.moveaxis(a, axes, range(-len(axes), 0))
    kept = np.ndim(a) - len(axes)
    return np.reshape(moved, (*moved.shape[:kept], math.prod(moved.shape[kept:])))


def split_axes(merged: Any, like: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The way back: ``split_axes(merge_axes(a, axis), a, axis)`` is ``a``."""
    axes = tuple(range(np.ndim(like))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    moved = np.moveaxis(like, axes, range(-len(axes), 0))
    return np.moveaxis(np.reshape(merged, moved.shape), range(-len(axes), 0), axes)


def product_of_others(x: Any) -> Any:
    """For each element the product of all others along the last axis: ``prod(x) / x``, right with zeros too."""
    before = np.ones_like(x)
    after = np.ones_like(x)
    before[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after


def lower_half(a: Any) -> Any:
    """1 below the diagonal, 1/2 on it, 0 above: a symmetric matrix is this part of it and its transpose.

    >>> lower_half(np.zeros((2, 2)))
    array([[0.5, 0. ],
           [1. , 0.5]])
    """
    return np.tril(np.ones_like(a)) - np.eye(a.shape[-1], dtype=a.dtype) / 2


def adjugate(a: Any) -> Any:
    """``det(a) * inv(a)``, and its limit where ``a`` is singular."""
    u, s, vh = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    scaled = np.conj(np.swapaxes(vh, -1, -2)) * (sign[..., None] * product_of_others(s))[..., None, :]
    return scaled @ np.conj(np.swapaxes(u, -1, -2))

"""Parts of products of several arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from backprose.support.cotangents import unbroadcast


def einsum_part(subscripts: str, part: int, *slots: Any) -> Any:
    """The slope of ``np.sum(out_bar * np.einsum(subscripts, *operands))`` along one of the ``slots``.

    These are the operands and ``out_bar``; of the one that is meant only the shape is read.
    """
    ins, arrow, out = subscripts.replace(" ", "").partition("->")
    if not arrow:
        once = [one for one in sorted(set(ins) - set(",.")) if ins.count(one) == 1]
        out = "".join(["..." if "..." in ins else "", *once])
    spare = [chr(k) for k in range(65, 91) if chr(k) not in subscripts]  # for the axes that ... stands for
    names = []
    for name, slot in zip([*ins.split(","), out], slots, strict=True):
        wide = np.ndim(slot) - len(name) + 3
        names.append(name.replace("...", "".join(reversed(spare[:wide]))))
    shape = np.shape(slots[part])
    others = [k for k in range(len(slots)) if k != part]
    lengths_of = dict(zip(names[part], shape, strict=True))  # an axis of length 1 may have been stretched
    kept = "".join(one for one, n in lengths_of.items() if n != 1 and any(one in names[k] for k in others))
    made = np.einsum(",".join(names[k] for k in others) + "->" + kept, *(slots[k] for k in others))
    made = np.reshape(made, [made.shape[kept.index(one)] if one in kept else 1 for one in lengths_of])
    if len(lengths_of) == len(shape):
        return np.array(np.broadcast_to(made, shape))
    total = np.zeros(shape, np.result_type(made))
    np.einsum(f"{names[part]}->{''.join(lengths_of)}", total)[...] = (
        made  # a view: of an index that stands twice a diagonal
    )
    return total


def contracted_axes(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    """The axes of both that ``np.tensordot(a, b, axes)`` sums over, from 0."""
    if isinstance(axes, int):
        return list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    left, right = (list(np.atleast_1d(one)) for one in axes)
    return [axis % np.ndim(a) for axis in left], [axis % np.ndim(b) for axis in right]


def tensordot_left(bar: Any, a: Any, b: Any, axes: Any) -> Any:
    """The cotangent of ``a`` in ``np.tensordot(a, b, axes)``, of which only the shape is read."""
    left, right = contracted_axes(a, b, axes)
    free = [axis for axis in range(np.ndim(b)) if axis not in right]
    made = np.tensordot(bar, b, (range(np.ndim(bar) - len(free), np.ndim(bar)), free))
    order = [left[right.index(axis)] for axis in sorted(right)]  # which axis of a each of the last ones is
    return np.moveaxis(made, range(np.ndim(made) - len(order), np.ndim(made)), order)


def tensordot_right(bar: Any, a: Any, b: Any, axes: Any) -> Any:
    """The cotangent of ``b`` in ``np.tensordot(a, b, axes)``, of which only the shape is read."""
    left, right = contracted_axes(a, b, axes)
    free = [axis for axis in range(np.ndim(a)) if axis not in left]
    made = np.tensordot(a, bar, (free, range(len(free))))
    order = [right[left.index(axis)] for axis in sorted(left)]  # which axis of b each of the first ones is
    return np.moveaxis(made, range(len(order)), order)


def uncross(bar: Any, other: Any, like: Any, axis: int = -1) -> Any:
    """The cotangent of ``like`` in ``np.cross(like, other, axis=axis)``. Vectors of two components lie in the plane."""
    length, rows = np.shape(like)[axis], np.moveaxis(other, axis, -1)
    if length == rows.shape[-1] == 2:  # only the third component is given
        x_bar = np.expand_dims(bar, -1) * rows[..., ::-1] * np.array([1, -1])
    else:
        whole = np.concatenate((rows, np.zeros_like(rows[..., :1])), -1) if rows.shape[-1] == 2 else rows
        x_bar = np.cross(whole, np.moveaxis(bar, axis, -1))[..., :length]
    return np.moveaxis(unbroadcast(x_bar, np.moveaxis(like, axis, -1)), -1, axis)


def recurrence(c: Any, a: Any) -> Any:
    """Along the last axis ``s[i] = c[i] + a[i] * s[i - 1]``, from ``s[-1] = 0``."""
    s = np.array(c, np.result_type(c, a))
    for i in range(1, np.shape(s)[-1]):
        s[..., i] += a[..., i] * s[..., i - 1]
    return s


def _axes(axis: int | tuple[int, ...] | None, rank: int) -> tuple[int, ...]:
    """NumPy reduces a number along its axis 0 or -1, too."""
    if axis is None or not rank:
        return tuple(range(rank))
    return axis if isinstance(axis, tuple) else (axis,)


def merge_axes(a: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The axes made one, the last; None means all."""
    axes = _axes(axis, np.ndim(a))
    moved = np.moveaxis(a, axes, range(-len(axes), 0))
    kept = np.ndim(a) - len(axes)
    return np.reshape(moved, (*moved.shape[:kept], math.prod(moved.shape[kept:])))


def split_axes(merged: Any, like: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The way back: ``split_axes(merge_axes(a, axis), a, axis)`` is ``a``."""
    axes = _axes(axis, np.ndim(like))
    moved = np.moveaxis(like, axes, range(-len(axes), 0))
    return np.moveaxis(np.reshape(merged, moved.shape), range(-len(axes), 0), axes)


def product_of_others(x: Any) -> Any:
    """For each element the product of all others along the last axis: ``prod(x) / x``, right with zeros too."""
    before = np.ones_like(x)
    after = np.ones_like(x)
    before[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after

"""Other shapes and orders of the same elements."""

import numpy as np

from backprose.rules.registry import adjoint, linear, several, tangent, views
from backprose.support import unbroadcast, unpad, unrepeat, unresize, untake, untile


@linear(np.reshape, np.ndarray.reshape)
def reshape(a, shape, order="C", *, out_bar):
    if order == "C":
        return np.reshape(out_bar, np.shape(a))
    if order == "F":
        return np.reshape(out_bar, np.shape(a), order="F")
    raise NotImplementedError("which order this is depends on how the array lies in memory: write 'C' or 'F'")


@linear(np.ravel, np.ndarray.ravel)
def ravel(a, order="C", *, out_bar):
    if order == "C":
        return np.reshape(out_bar, np.shape(a))
    if order == "F":
        return np.reshape(out_bar, np.shape(a), order="F")
    raise NotImplementedError("which order this is depends on how the array lies in memory: write 'C' or 'F'")


@linear(np.ndarray.flatten)
def flatten(a, order="C", *, out_bar):
    if order == "C":
        return np.reshape(out_bar, np.shape(a))
    if order == "F":
        return np.reshape(out_bar, np.shape(a), order="F")
    raise NotImplementedError("which order this is depends on how the array lies in memory: write 'C' or 'F'")


@linear(np.transpose, np.ndarray.transpose, np.ndarray.T)
def transpose(a, axes=None, *, out_bar):
    """Each axis back to where it was."""
    if axes is None:
        return np.transpose(out_bar)
    return np.moveaxis(out_bar, range(np.ndim(a)), axes)


@linear(np.swapaxes, np.ndarray.swapaxes)
def swapaxes(a, axis1, axis2, *, out_bar):
    return np.swapaxes(out_bar, axis1, axis2)


@linear(np.moveaxis)
def moveaxis(a, source, destination, *, out_bar):
    return np.moveaxis(out_bar, destination, source)


@linear(np.squeeze, np.ndarray.squeeze)
def squeeze(a, axis=None, *, out_bar):
    return np.reshape(out_bar, np.shape(a))


@linear(np.expand_dims)
def expand_dims(a, axis, *, out_bar):
    return np.reshape(out_bar, np.shape(a))


@linear(np.atleast_1d)
def atleast_1d(x, *, out_bar):
    return np.reshape(out_bar, np.shape(x))


@linear(np.atleast_2d)
def atleast_2d(x, *, out_bar):
    return np.reshape(out_bar, np.shape(x))


@linear(np.atleast_3d)
def atleast_3d(x, *, out_bar):
    return np.reshape(out_bar, np.shape(x))


@linear(np.matrix_transpose, np.linalg.matrix_transpose, np.ndarray.mT)
def matrix_transpose(x, *, out_bar):
    return np.swapaxes(out_bar, -1, -2)


@linear(np.broadcast_to)
def broadcast_to(array, shape, *, out_bar):
    return unbroadcast(out_bar, array)


@linear(np.flip)
def flip(m, axis=None, *, out_bar):
    return np.flip(out_bar, axis)


@linear(np.roll)
def roll(a, shift, axis=None, *, out_bar):
    if isinstance(shift, tuple):
        return np.roll(out_bar, -np.array(shift), axis)
    return np.roll(out_bar, -shift, axis)


@linear(np.tile)
def tile(A, reps, *, out_bar):
    return untile(out_bar, A, reps)


@linear(np.resize)
def resize(a, new_shape, *, out_bar):
    return unresize(out_bar, a)


@linear(np.repeat, np.ndarray.repeat)
def repeat(a, repeats, axis=None, *, out_bar):
    return unrepeat(out_bar, a, repeats, axis)


@linear(np.fliplr)
def fliplr(m, *, out_bar):
    return np.fliplr(out_bar)


@linear(np.flipud)
def flipud(m, *, out_bar):
    return np.flipud(out_bar)


@linear(np.rot90)
def rot90(m, k=1, axes=(0, 1), *, out_bar):
    return np.rot90(out_bar, -k, axes)


@linear(np.tril)
def tril(m, k=0, *, out_bar):
    """Of a vector NumPy makes a matrix, with the vector in each row."""
    if np.ndim(m) == 1:
        return np.sum(np.tril(out_bar, k), axis=0)
    return np.tril(out_bar, k)


@linear(np.triu)
def triu(m, k=0, *, out_bar):
    """Of a vector NumPy makes a matrix, with the vector in each row."""
    if np.ndim(m) == 1:
        return np.sum(np.triu(out_bar, k), axis=0)
    return np.triu(out_bar, k)


@adjoint(np.pad, active=("array",))
def pad(array, pad_width, mode="constant", *, constant_values=0, out_bar):
    """The part in the middle, and of the modes that copy what is copied."""
    if mode == "constant":
        return unpad(out_bar, array, pad_width)
    if mode in ("edge", "wrap", "reflect", "symmetric"):
        places = np.reshape(np.arange(np.size(array)), np.shape(array))
        return untake(out_bar, np.pad(places, pad_width, mode), array)
    raise NotImplementedError("the modes constant, edge, wrap, reflect and symmetric are covered")


@tangent(np.pad)
def pad_dot(array, pad_width, mode="constant", *, constant_values=0, array_dot):
    if mode in ("constant", "edge", "wrap", "reflect", "symmetric"):
        return np.pad(array_dot, pad_width, mode)
    raise NotImplementedError("the modes constant, edge, wrap, reflect and symmetric are covered")


views(
    np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.atleast_1d,
    np.atleast_2d, np.atleast_3d, np.matrix_transpose, np.broadcast_to, np.flip,
    np.fliplr, np.flipud, np.rot90, np.resize,
)  # fmt: skip


@linear(np.rollaxis)
def rollaxis(a, axis, start=0, *, out_bar):
    """The axis goes in front of another one, and back."""
    rank = np.ndim(a)
    here = axis % rank
    there = start % rank if start < 0 else start
    return np.moveaxis(out_bar, there - 1 if there > here else there, here)


views(np.rollaxis)


@linear(np.broadcast_arrays, active=("args",))
def broadcast_arrays(*args, out_bar, index):
    return unbroadcast(out_bar[index], args[index])


views(np.broadcast_arrays, of_any=True)
several(np.broadcast_arrays, results=lambda given: len(given["args"]) if len(given["args"]) > 1 else None)

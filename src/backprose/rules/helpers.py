"""The rules of the helpers in ``support.py``, so that emitted text can be differentiated again."""

import numpy as np

from backprose import support
from backprose.rules.registry import adjoint, constant, linear, tangent
from backprose.support import adjugate, product_of_others

constant(support.stop_gradient, reason="it is asked to be a constant")


@linear(support.unbroadcast)
def unbroadcast(cotangent, like, *, out_bar):
    return np.broadcast_to(np.reshape(out_bar, np.shape(like)), np.shape(cotangent))


@linear(support.section)
def section(joined, arrays, index, axis=0, *, out_bar):
    """Zeros, with the cotangent in its place."""
    if axis is None:
        joined_bar = support.unsection(np.ravel(out_bar), joined, arrays, index, axis)
    else:
        joined_bar = support.unsection(out_bar, joined, arrays, index, axis)
    return joined_bar


@linear(support.undiff)
def undiff(differences, like, n=1, axis=-1, *, out_bar):
    return np.diff(out_bar, n, axis)


@linear(support.untile)
def untile(tiles, like, reps, *, out_bar):
    return np.tile(out_bar, reps)


@linear(support.unrepeat)
def unrepeat(repeated, like, repeats, axis=None, *, out_bar):
    return np.repeat(out_bar, repeats, axis)

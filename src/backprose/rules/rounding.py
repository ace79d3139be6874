"""Functions that are constant between their jumps."""

import builtins
import math
import operator

import numpy as np

from backprose.rules.registry import adjoint, constant, real_constant, tangent

constant(
    (np.floor, math.floor),
    (np.ceil, math.ceil),
    (np.trunc, math.trunc, np.fix),
    np.rint,
    (np.round, np.around, np.ndarray.round, builtins.round),
    (np.floor_divide, operator.floordiv),
    (np.spacing, math.ulp),
    np.linalg.matrix_rank,
    reason="constant between its jumps",
)


@adjoint(np.sign)
def sign(x, *, out, out_bar):
    """Constant where x is real; of a complex number z it is z / |z|, which turns with z."""
    size = np.where(x == 0, 1, np.abs(x))
    return (out_bar - np.real(out_bar * out) * np.conj(out)) / size


@tangent(np.sign)
def sign_dot(x, *, out, x_dot):
    size = np.where(x == 0, 1, np.abs(x))
    return (x_dot - np.real(np.conj(out) * x_dot) * out) / size


real_constant(np.sign)

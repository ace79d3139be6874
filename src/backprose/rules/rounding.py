"""Functions that are constant between their jumps."""

import builtins
import math
import operator

import numpy as np

from backprose.rules.registry import adjoint, constant, real_constant, several, tangent
from backprose.support import unbroadcast

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
    """Constant where x is real; of a complex number z it is z / |z|, which turns with z; 0 at 0."""
    size = np.where(x == 0, np.inf, np.abs(x))
    return (out_bar - np.real(out_bar * out) * np.conj(out)) / size


@tangent(np.sign)
def sign_dot(x, *, out, x_dot):
    size = np.where(x == 0, np.inf, np.abs(x))
    return (x_dot - np.real(np.conj(out) * x_dot) * out) / size


real_constant(np.sign)


@adjoint(np.modf, math.modf, active=("x",))
def modf(x, *, out, out_bar):
    """What is behind the point moves with x; what is before it is constant between its jumps."""
    if out_bar[0] is None:
        return np.zeros_like(out[0])
    return out_bar[0]


@tangent(np.modf)
def modf_dot(x, *, out, x_dot):
    return x_dot, np.zeros_like(out[1])


@adjoint(np.frexp, math.frexp, active=("x",))
def frexp(x, *, out, out_bar):
    """X = m 2^e, with the whole number e constant between its jumps."""
    if out_bar[0] is None:
        return np.zeros_like(out[0])
    return np.ldexp(out_bar[0], -out[1])


@tangent(np.frexp)
def frexp_dot(x, *, out, x_dot):
    return np.ldexp(x_dot, -out[1]), np.zeros_like(out[0])


@adjoint(np.divmod, builtins.divmod)
def divmod_(x1, x2, *, out, out_bar):
    """The quotient is constant between its jumps; the rest is x - y times it."""
    if out_bar[1] is None:
        return np.zeros_like(x1), np.zeros_like(x2)
    return unbroadcast(out_bar[1], x1), unbroadcast(-out[0] * out_bar[1], x2)


@tangent(np.divmod)
def divmod_dot(x1, x2, *, out, x1_dot, x2_dot):
    return np.zeros_like(out[0]), x1_dot - out[0] * x2_dot


several(np.modf, np.frexp, np.divmod, results=2)

"""Handling complex numbers: parts, conjugates and angles, and numbers made complex.

The derivative of a real result with respect to z = a + ib is d/da - i d/db, so that z moving by dz moves the result by
the real part of their product: no rule conjugates a cotangent. Taking the real part is the engine's work.
"""

import builtins
import cmath

import numpy as np

from backprose.rules.registry import adjoint, constant, elementwise, linear, tangent, views


@linear(np.real, np.ndarray.real)
def real(val, *, out_bar):
    return out_bar


@linear(np.imag, np.ndarray.imag)
def imag(val, *, out_bar):
    """The imaginary part of dz is the real part of -i dz."""
    if np.iscomplexobj(val):
        return -1j * out_bar
    return np.zeros_like(val)


@linear(np.conjugate, np.ndarray.conj, np.ndarray.conjugate)
def conj(x, *, out_bar):
    return np.conj(out_bar)


@elementwise(np.angle, active=("z",))
def angle(z, deg=False):
    """That is the imaginary part of log(z); in steps, and so with the derivative 0, where z is real."""
    if not np.iscomplexobj(z):
        return 0
    return np.divide(-180j / np.pi if deg else -1j, z)


@elementwise(cmath.phase)
def phase(x):
    """As angle."""
    return np.divide(-1j, x) if np.iscomplexobj(x) else 0


@linear(builtins.complex, active=("real", "imag"))
def complex_(real=0, imag=0, *, out_bar):
    return out_bar, 1j * out_bar


@linear(np.complex128)
def complex128(x, *, out_bar):
    return out_bar


@linear(np.complex64)
def complex64(x, *, out_bar):
    return out_bar


@adjoint(np.real_if_close)
def real_if_close(a, tol=100, *, out, out_bar):
    """Of a result that is real the real part is read."""
    return np.where(np.isrealobj(out), np.real(out_bar), out_bar)


@tangent(np.real_if_close)
def real_if_close_dot(a, tol=100, *, out, a_dot):
    return np.real(a_dot) if np.isrealobj(out) else a_dot


constant(np.iscomplexobj, np.isrealobj, np.iscomplex, np.isreal, reason="true or false")


views(np.real, np.imag, np.real_if_close)

"""Integrals of samples: sums with weights, those of unit vectors. Those of functions are in ``backprose/solvers``."""

from contextlib import suppress

import numpy as np
from scipy import integrate

from backprose.rules.registry import also, constant, linear, not_yet

also(np.trapezoid, integrate.trapezoid)


@linear(integrate.simpson)
def simpson(y, x=None, *, dx=1.0, axis=-1, out_bar):
    if x is not None and np.ndim(x) > 1:
        raise NotImplementedError("the places x are those of all rows: give them one axis")
    weights = integrate.simpson(np.eye(np.shape(y)[axis]), x=x, dx=dx)
    return np.moveaxis(np.expand_dims(out_bar, -1) * weights, -1, axis)


@linear(integrate.romb)
def romb(y, dx=1.0, axis=-1, *, out_bar):
    weights = integrate.romb(np.eye(np.shape(y)[axis]), dx=dx)
    return np.moveaxis(np.expand_dims(out_bar, -1) * weights, -1, axis)


@linear(integrate.cumulative_trapezoid)
def cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None, *, out_bar):
    if x is not None and np.ndim(x) > 1:
        raise NotImplementedError("the places x are those of all rows: give them one axis")
    weights = integrate.cumulative_trapezoid(np.eye(np.shape(y)[axis]), x=x, dx=dx, initial=initial)
    return np.moveaxis(np.moveaxis(out_bar, axis, -1) @ weights.T, -1, axis)


with suppress(AttributeError):  # SciPy 1.12

    @linear(integrate.cumulative_simpson)
    def cumulative_simpson(y, *, x=None, dx=1.0, axis=-1, initial=None, out_bar):
        if x is not None and np.ndim(x) > 1:
            raise NotImplementedError("the places x are those of all rows: give them one axis")
        if initial is not None and np.ndim(initial) > 0:
            raise NotImplementedError("what it begins with is a number")
        weights = integrate.cumulative_simpson(np.eye(np.shape(y)[axis]), x=x, dx=dx, initial=initial)
        return np.moveaxis(np.moveaxis(out_bar, axis, -1) @ weights.T, -1, axis)


for _names, _reason in (
    ("dblquad tplquad nquad cubature", "an integral of several variables: quad of quad has a derivative"),
    ("fixed_quad qmc_quad tanhsinh nsum", "a sum over places of its own: write np.sum(weights * f(places))"),
    ("solve_bvp", "the adjoint of a boundary value problem is not written"),
):
    for _name in _names.split():
        with suppress(AttributeError):
            not_yet(getattr(integrate, _name), reason=_reason)
for _name in ("newton_cotes", "lebedev_rule"):
    with suppress(AttributeError):
        constant(getattr(integrate, _name), reason="a table of places and weights")

"""Sums, products, quotients, powers and remainders."""

import math
import operator

import numpy as np

from backprose.rules.registry import elementwise


@elementwise(np.add, operator.add)
def add(x1, x2):
    return 1, 1


@elementwise(np.subtract, operator.sub)
def subtract(x1, x2):
    return 1, -1


@elementwise(np.multiply, operator.mul)
def multiply(x1, x2):
    return x2, x1


@elementwise(np.divide, operator.truediv)
def divide(x1, x2, out):
    """d(x/y) = dx/y - (x/y) dy/y: the quotient rule with the result put in."""
    return np.divide(1, x2), -np.divide(out, x2)


@elementwise(np.power, operator.pow, pow, math.pow)
def power(x1, x2, out):
    """d(x^p) = p x^(p-1) dx + x^p log(x) dp.

    Where p = 0 and x = 0 the first is 0 (not 0 * inf), and where x = 0 so is the second (its limit for p > 0).
    An int exponent has no derivative: then p - (p != 0) is enough, and keeps ints of Python what they are.
    """
    lower = x2 - (x2 != 0) if isinstance(x2, int) else np.where(x2 != 0, x2 - 1, np.where(x1 == 0, 0, -1))
    base = np.where(x1 == 0, 1, x1)
    if np.iscomplexobj(x2):  # of which a negative base has powers
        return x2 * np.power(x1, lower), out * np.log(base + 0j)
    return x2 * np.power(x1, lower), out * np.log(base)


@elementwise(np.float_power)
def float_power(x1, x2, out):
    """As power."""
    lower = np.where(x2 != 0, x2 - 1, np.where(x1 == 0, 0, -1))
    base = np.where(x1 == 0, 1, x1)
    if np.iscomplexobj(x2):
        return x2 * np.float_power(x1, lower), out * np.log(base + 0j)
    return x2 * np.float_power(x1, lower), out * np.log(base)


@elementwise(np.remainder, operator.mod)
def mod(x1, x2):
    """That is x - y floor(x / y), with floor constant between its jumps."""
    return 1, -(x1 // x2)


@elementwise(np.fmod, math.fmod)
def fmod(x1, x2):
    """That is x - y trunc(x / y), with trunc constant between its jumps."""
    return 1, -np.trunc(np.divide(x1, x2))


@elementwise(np.negative, operator.neg)
def negative(x):
    return -1


@elementwise(np.positive, operator.pos)
def positive(x):
    return 1


@elementwise(np.absolute, abs, operator.abs, np.fabs, math.fabs)
def absolute(x):
    """The sign; of a complex number the conjugate of its direction z / |z|. 0 at 0."""
    return np.conj(np.sign(x))


@elementwise(np.square)
def square(x):
    return 2 * x


@elementwise(np.reciprocal)
def reciprocal(x, out):
    return -(out**2)


@elementwise(np.copysign, math.copysign, active=("x1",), constant=("x2",))
def copysign(x1, x2):
    """|x| with the sign of y: the product of their signs."""
    return np.sign(x1) * np.copysign(1, x2)


@elementwise(np.heaviside, active=("x2",), constant=("x1",))
def heaviside(x1, x2):
    """A step at 0, where it has the value of the second operand."""
    return np.where(x1 == 0, 1, 0)


@elementwise(np.nan_to_num, active=("x",))
def nan_to_num(x, *, nan=0.0, posinf=None, neginf=None):
    """What is not finite is replaced."""
    return np.where(np.isfinite(x), 1.0, 0.0)


@elementwise(np.ldexp, math.ldexp, active=("x1",))
def ldexp(x1, x2):
    return np.exp2(x2)


@elementwise(np.nextafter, math.nextafter, active=("x1",), constant=("x2",))
def nextafter(x1, x2):
    """The number beside x."""
    return 1


@elementwise(math.remainder)
def remainder(x, y, out):
    """That is x - n y, with the whole number n constant between its jumps."""
    return 1, -np.round(np.divide(x - out, y))

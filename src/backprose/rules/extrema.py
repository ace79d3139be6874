"""The larger and the smaller of two, bounds, choices. At a tie each operand gets half."""

import builtins

import numpy as np

from backprose.rules.registry import elementwise


@elementwise(np.maximum)
def maximum(x1, x2):
    return np.where(x1 == x2, 0.5, x1 > x2), np.where(x1 == x2, 0.5, x2 > x1)


@elementwise(np.minimum)
def minimum(x1, x2):
    return np.where(x1 == x2, 0.5, x1 < x2), np.where(x1 == x2, 0.5, x2 < x1)


@elementwise(np.fmax)
def fmax(x1, x2, out):
    """Asks which operand came out, for a nan never does."""
    return np.where(x1 == x2, 0.5, out == x1), np.where(x1 == x2, 0.5, out == x2)


@elementwise(np.fmin)
def fmin(x1, x2, out):
    """As fmax."""
    return np.where(x1 == x2, 0.5, out == x1), np.where(x1 == x2, 0.5, out == x2)


@elementwise(builtins.max)
def max_of(x1, x2, out):
    """Python's own max of two numbers."""
    return np.where(x1 == x2, 0.5, out == x1), np.where(x1 == x2, 0.5, out == x2)


@elementwise(builtins.min)
def min_of(x1, x2, out):
    """Python's own min of two numbers."""
    return np.where(x1 == x2, 0.5, out == x1), np.where(x1 == x2, 0.5, out == x2)


@elementwise(np.clip, np.ndarray.clip, active=("a", "a_min", "a_max"))
def clip(a, a_min=None, a_max=None):
    """minimum(maximum(a, a_min), a_max), by the chain rule; a bound of None has no derivative."""
    if a_min is None and a_max is None:
        return 1, None, None
    if a_max is None:
        return np.where(a == a_min, 0.5, a > a_min), np.where(a == a_min, 0.5, a < a_min), None
    if a_min is None:
        return np.where(a == a_max, 0.5, a < a_max), None, np.where(a == a_max, 0.5, a > a_max)
    at_a_bound = np.where((a >= a_min) & (a <= a_max), 0.5, 0)
    below = np.where(a == a_min, 0.5, a < a_min) * np.where(a_min == a_max, 0.5, a_min < a_max)
    raised = np.maximum(a, a_min)
    above = np.where(raised == a_max, 0.5, raised > a_max)
    return np.where((a > a_min) & (a < a_max), 1, at_a_bound), below, above


@elementwise(np.where, active=("x", "y"), constant=("condition",))
def where(condition, x, y):
    """The branch that is not taken adds 0."""
    return np.where(condition, 1, 0), np.where(condition, 0, 1)

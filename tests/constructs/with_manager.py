"""`with` a context manager of the user's."""

import contextlib

import numpy as np

GROUP = "Statements"


@contextlib.contextmanager
def section(name):
    yield name


def with_manager(x):
    total = 0.0
    with section("squares"):
        total += np.sum(x**2)
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

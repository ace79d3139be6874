"""A short helper reads a global whose name is a variable where the helper is written out; two helpers deep as well."""

import numpy as np

rate = 2.0


def scaled(z):
    return rate * z


def twice(z):
    return scaled(z) + rate


def program(x):
    rate = x[0] * 3
    square = lambda y: y**2 * rate  # noqa: E731
    return rate * scaled(x[1]) + square(twice(x[2])) + np.sum(rate * twice(x))


EXAMPLE = dict(args=(np.array([0.7, 1.3, 0.9]),), wrt="x")

"""Seed 218: ``np.flip`` is a view, and what it shows is overwritten."""

import numpy as np


def program(v):
    v -= np.sin(np.flip(v))
    return np.mean(v)


EXAMPLE = dict(args=(np.array([1.16, -0.878, 0.653, 0.088]),), wrt="v")

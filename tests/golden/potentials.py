"""Functions as values: terms of an energy in a dict, a lambda, a partial, a closure that counts its calls, stars in calls."""

from functools import partial

import numpy as np


def harmonic(r, rest, *, stiffness):
    return 0.5 * stiffness * (r - rest) ** 2


def screened(r, charge, length):
    return charge * np.exp(-r / length) / r


def potentials(r, stiffness, charge, cutoff=2.5):
    calls = 0

    def energy(term, *args, **options):
        nonlocal calls
        calls += 1
        return np.sum(np.where(r < cutoff, term(r, *args, **options), 0.0))

    terms = {"bond": partial(harmonic, stiffness=stiffness), "coulomb": lambda d, q: screened(d, q, 2.0)}
    total = energy(terms["bond"], 1.1)
    for q in (charge, -0.5 * charge):
        total += energy(terms["coulomb"], q)
    return total / calls + energy(screened, charge, length=0.7)


EXAMPLE = dict(args=(np.array([0.9, 1.4, 2.2, 3.1]), 1.7, 0.4), wrt=("r", "stiffness", "charge"))
SECOND_ORDER = True

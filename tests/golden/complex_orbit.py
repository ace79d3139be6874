"""A Mandelbrot orbit: a complex number in a loop that ends when it has escaped, and a smooth count of the turns."""

import numpy as np


def complex_orbit(c, z, bound, turns):
    n = 0
    while abs(z) < bound and n < turns:
        z = z * z + c
        n += 1
    return n + 1 - np.log2(np.log(abs(z)))


EXAMPLE = dict(args=(0.41 + 0.52j, 0.1 - 0.2j, 30.0, 40), wrt=("c", "z"))
SECOND_ORDER = True

"""Functions of `cmath`, and attributes and methods of Python's complex numbers."""

import cmath

GROUP = "Complex"


def complex_functions_of_cmath(t):
    z = cmath.exp(2j * t) * cmath.sqrt(t - 3.0)
    return cmath.phase(z) + z.real * z.conjugate().imag


EXAMPLE = dict(args=(0.4,), wrt="t")

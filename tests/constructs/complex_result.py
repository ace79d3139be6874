"""A complex result given to `grad` (`vjp` takes one)."""

GROUP = "Complex"


def complex_result(z):
    return z * z


EXAMPLE = dict(args=(0.5 + 1j,), wrt="z")

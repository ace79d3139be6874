"""assert, print and raise inside, a docstring, an annotated assignment, and a comment here and there."""

import numpy as np


def checked(x, verbose=False):
    """Half the squared norm of the positive part."""
    # the arguments have to be sane
    assert x.ndim == 1, "one axis"
    if np.any(np.isnan(x)):
        raise ValueError("x has nan")
    part: np.ndarray = np.where(x > 0, x, 0.0)
    if verbose:
        print("positive:", part)
    pass
    # this is what is asked for
    return 0.5 * np.sum(part**2)


EXAMPLE = dict(args=(np.array([0.5, -1.5, 2.0]),), wrt="x")

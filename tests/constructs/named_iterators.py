"""`zip`, `map` and the like that have a name, used by the next statement, or whose items are unpacked."""

import numpy as np

GROUP = "Data"


def named_iterators(x):
    pairs = zip(x[:-1], x[1:])
    total = sum(a * b for a, b in pairs)
    first, second, *_ = map(np.sin, x)
    return total * first + second


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

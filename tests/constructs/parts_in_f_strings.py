"""Parts of objects, lists and dicts in f-strings."""

import numpy as np

GROUP = "Statements"


class Body:
    def __init__(self, first):
        self.first, self.second = first, np.sum(first)


def parts_in_f_strings(x):
    body = Body(x)
    pair, named = [x * 2.0, body.second], {"k": np.sum(x)}
    print(f"{body.second:.3f} {pair[0][1]:.3f} {pair[-1]} {named['k']:.2e}")
    return np.sum(body.first**2) * body.second + pair[1]


EXAMPLE = dict(args=(np.array([0.3, -1.2, 0.8]),), wrt="x")

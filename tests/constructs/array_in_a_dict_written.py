"""An array in a dict, written."""

import numpy as np

GROUP = "Writes"


def array_in_a_dict_written(x):
    parts = {"a": x, "b": x * 2}
    parts["a"][1:] *= parts["b"][:-1]
    return np.sum(x * parts["b"])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

"""Lists: `append`, `extend`, `insert`, `pop`."""

import numpy as np

GROUP = "Data"


def lists(x):
    parts = [x]
    parts.append(x**2)
    parts.extend([x - 1, x[0]])
    parts.insert(0, np.sin(x))
    last = parts.pop()
    return np.sum(parts[0] * parts[2] + parts[-1]) * last


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')

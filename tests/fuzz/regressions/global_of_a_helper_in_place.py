"""A pullback keeps the global that a helper carried out in place reads, under a name of its own."""
import numpy as np

p1 = 0.03
NAMES = ['left', 'right']


def tilted(p):
    return 0.5 * np.sin(p * p1)


def program(w, y):
    h3 = {name: tilted(w[i]) for i, name in enumerate(NAMES)}
    f2 = sum(h3.values())
    l4 = [w[[-3]]]
    for i5 in range(0):
        l4.append(y)
        return l4[1] or y
    return f2


EXAMPLE = dict(args=(np.array([-1.658, -0.43, -0.256]), np.array([0.538, -0.778, -0.511])), wrt=('w', 'y'))

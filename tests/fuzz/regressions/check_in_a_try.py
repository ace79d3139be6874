"""Right or refused: a handler of the program would take the exception of a check of ours."""

import numpy as np


def program(x):
    b1 = np.zeros(5)
    g2 = 0.5
    b3 = 0.5
    s4 = b1[::-1][1:]
    b5 = np.mean(s4)
    g6 = x
    try:
        s7 = s4.ravel()
        s7[1:1] = 0.8
    except ValueError:
        print(f"{b3:.6f}")
    return b3 + np.sum(s4) + b5**2 + np.sum(g6**2) + np.sum(g2**2)


EXAMPLE = dict(args=(np.array([-1.168, 1.624, -0.168, 0.221, 0.844]),), wrt=("x",))

"""An array bound to a view of itself in a loop is kept there; the pullback read what a later write had changed."""
import numpy as np


def program(x, y, w):
    y = 0.8
    k1 = 0
    while True:
        if k1 >= 2 or y >= 1.02:
            break
        k1 += 1
        np.add(x[[1]] @ x[k1], w[::1], out=w)
        x = x[::1]
    x[:, [0]] = 0.8
    return np.sum(w)


EXAMPLE = dict(args=(np.array([[0.662], [0.121], [0.654], [0.955]]), np.array([[-0.03, -1.576]]), np.array([0.605])), wrt=("x",))
